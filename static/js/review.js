// The workbench: keys press its buttons, selected words fill a field, the words of a focused field come into view.
const $ = (selector, root = document) => root.querySelector(selector)
let shown = performance.now()
let rejecting = false

const card = () => $("#workbench")
const buttons = { a: 1, l: 1, n: 1, f: 1, j: 1, k: 1, u: 1, m: 1 }

document.addEventListener("shortcut", (event) => {
  const { key } = event.detail
  if (!card()) return
  const chosen = rejecting && $(`[data-reason="${CSS.escape(key)}"]`, card())
  rejecting = false
  if (chosen) press(chosen)
  else if (buttons[key]) press($(`.match:has(:checked) [data-key="${key}"]`, card()) ?? $(`[data-key="${key}"]`, card()))
  else if (key === "r") openReasons()
  else if (key === "e") focusField($("[data-field]:has(input:placeholder-shown)", card()) ?? $("[data-field]", card()))
  else if (/^[0-9]$/.test(key)) field(key)
  else return
  event.preventDefault()
})

function press(button) {
  if (button && !button.disabled) button.click()
}

function openReasons() {
  const menu = $("details.reject", card())
  menu.open = true
  rejecting = true
  $("button", menu).focus()
}

function field(number) {
  const row = $(`[data-number="${number}"]`, card())
  const span = selected()
  if (!span) return focusField(row)
  const address = $("#fields").dataset.fillUrl.replace("FIELD", row.dataset.fill)
  window.htmx.ajax("POST", address, { source: "#decision", target: "#workbench", swap: "outerHTML", values: span })
}

function focusField(row) {
  const input = $("input:not([type=hidden]), select", row)
  input?.focus()
  input?.select?.()
}

// The selection in code points of the article's text; the DOM counts UTF-16 units.
function selected() {
  const selection = getSelection()
  if (selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  const text = $("[data-text]", card())
  if (!text.contains(range.commonAncestorContainer)) return null
  const words = range.toString()
  const start = place(range.startContainer, range.startOffset)
  const end = place(range.endContainer, range.endOffset)
  if (start === null || end === null) return null
  const before = [...words].length - [...words.trimStart()].length
  const after = [...words].length - [...words.trimEnd()].length
  return start + before < end - after ? { start: start + before, end: end - after } : null
}

function place(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node
  const paragraph = element.closest("[data-at]")
  if (!paragraph) return null
  const range = document.createRange()
  range.setStart(paragraph, 0)
  range.setEnd(node, offset)
  return Number(paragraph.dataset.at) + [...range.toString()].length
}

// Beside the card the evidence comes into view; on a narrow screen the card itself comes first.
function showEvidence() {
  if (!matchMedia("(min-width: 62rem)").matches) return scrollTo(0, 0)
  $(".evidence", card())?.scrollIntoView({ block: "center" })
}
if ($("#workbench .evidence")) showEvidence()

document.addEventListener("focusin", ({ target }) => {
  const row = target.closest("#workbench [data-field]")
  if (!row) return
  const name = row.dataset.field
  const mark = $(`mark.f-${name}, mark[data-also~="${name}"]`, card())
  mark?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
})

document.addEventListener("keydown", (event) => {
  const { target, key } = event
  if (!target.closest("#fields") || event.isComposing) return
  // Enter would press the first button, and accept: it only leaves the field. Escape does the same.
  if ((key === "Enter" && target.matches("input")) || key === "Escape") {
    event.preventDefault()
    target.blur()
  }
})

document.addEventListener("submit", ({ target }) => stamp(target), true)
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.path.includes("/decide/")) detail.parameters.seconds = seconds()
})
function stamp(form) {
  if (form.elements.seconds) form.elements.seconds.value = seconds()
}
const seconds = () => ((performance.now() - shown) / 1000).toFixed(1)

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!card() || !detail.elt.matches("#workbench")) return
  if (detail.requestConfig.path.includes("/fill/")) return
  shown = performance.now()
  showEvidence()
  const bad = $("#fields .errorlist + *, [aria-invalid=true]", card())
  ;(bad ?? $("#card-title", card())).focus({ preventScroll: !bad })
  $("#status").textContent = $("#card-title", card()).textContent
})
