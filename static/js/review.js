// The workbench: keys press its buttons, selected words fill a field, the words of a focused field come into view,
// and what was entered is kept in the tab until it is stored.
const $ = (selector, root = document) => root.querySelector(selector)
let shown = performance.now()
let part = null
let asking = null

const card = () => $("#workbench")
const form = () => $("#decision")

document.addEventListener("shortcut", (event) => {
  const { key } = event.detail
  if (!card()) return
  // Until the next card has come and htmx has bound its buttons, a key would press one of the last card, or natively
  if (card().matches(".htmx-added") || $("#decision.htmx-request, .actions .htmx-request", card())) return event.preventDefault()
  const named = CSS.escape(key)
  const button = $(`details.reject[open] [data-reason="${named}"], [data-key="${named}"]`, card())
  if (button) button.click()
  else if (key === "e") focusField($("[data-field]:has(input:placeholder-shown)", card()) ?? $("[data-field]", card()))
  else if (key === "x") tick()
  else if (/^[0-9]$/.test(key)) field(key)
  else return
  event.preventDefault()
})

document.addEventListener("toggle", ({ target }) => {
  if (target.matches("details.reject[open]")) $("button", target).focus()
}, true)

// In a list the box of the focused row, at a card the next transfer
function tick() {
  const ticks = [...card().querySelectorAll("[data-tick]")]
  const row = document.activeElement.closest("tr, label")
  const next = ticks[0]?.type === "radio" ? (ticks.findIndex((one) => one.checked) + 1) % ticks.length : ticks.findIndex((one) => row?.contains(one))
  const box = ticks[Math.max(next, 0)]
  box?.focus()
  box?.click()
}

function field(number) {
  const row = $(`[data-number="${number}"]`, part?.isConnected ? part : card())
  const span = selected()
  if (!row || !span) return focusField(row)
  const name = row.dataset.fill
  const values = { ...span, fill: name, part: row.closest("[data-part]")?.dataset.part ?? "" }
  window.htmx.ajax("POST", $("#fields").dataset.fillUrl.replace("FIELD", name), { source: "#decision", target: "#workbench", swap: "outerHTML", values })
}

function focusField(row) {
  const input = row && $("input:not([type=hidden]), select, textarea", row)
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

// The other way round: the text node, and the place in it, of a code point
function point(offset) {
  const paragraph = [...card().querySelectorAll("[data-at]")].findLast((one) => one.dataset.at <= offset)
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
  let left = offset - paragraph.dataset.at
  while (walker.nextNode()) {
    const points = [...walker.currentNode.data]
    if (left <= points.length) return [walker.currentNode, points.slice(0, left).join("").length]
    left -= points.length
  }
  return [paragraph, 0]
}

// Steps through the places of a field in the text
function step(button) {
  const row = button.closest("[data-field]")
  const spans = $("[name$=_spans]", row).value.split(",")
  const at = (Number(row.dataset.step ?? 0) + Number(button.dataset.step) + spans.length) % spans.length
  row.dataset.step = at
  const [start, end] = spans[at].split("-").map(Number)
  const range = document.createRange()
  range.setStart(...point(start))
  range.setEnd(...point(end))
  CSS.highlights?.set("here", new Highlight(range))
  come(range.startContainer.parentElement)
}

function come(element) {
  element?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
}

// Beside the card the evidence comes into view; on a narrow screen the card itself comes first.
function show() {
  if (!matchMedia("(min-width: 62rem)").matches) scrollTo(0, 0)
  else $(".evidence", card())?.scrollIntoView({ block: "center" })
  offer()
}

document.addEventListener("focusin", ({ target }) => {
  part = target.closest("[data-part]") ?? part
  const row = target.closest("#workbench [data-field]")
  if (!row) return
  const name = row.dataset.field
  come($(`mark.f-${name}, mark[data-also~="${name}"]`, card()))
})

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-step]")
  if (button) step(button)
  if (target.closest("[data-draft-back]")) bringBack()
  else if (target.closest("[data-draft-drop]")) drop(card().dataset.draft)
})
// A claim of its own from the selected words: the press of a mouse takes the selection away before the click
for (const name of ["pointerdown", "click"]) {
  document.addEventListener(name, ({ target }) => {
    const link = target.closest("[data-write]")
    const span = link && selected()
    if (span) link.href = `${link.href.split("&start")[0]}&start=${span.start}&end=${span.end}`
  }, true)
}

document.addEventListener("keydown", (event) => {
  const { target, key } = event
  if (!target.closest("#fields") || event.isComposing) return
  // Enter would press the first button, and accept: it only leaves the field. Escape does the same.
  if ((key === "Enter" && target.matches("input")) || key === "Escape") {
    event.preventDefault()
    target.blur()
  }
})

// What was entered, until it is stored: over a sign-in, a reload, a lost connection. Version and key come back too,
// so that a change by somebody else is seen, and what was stored already is not stored again.
const entered = () => [...new FormData(form())].filter(([name]) => !/^csrf|^seconds$|^line$/.test(name))
const words = (fields) => JSON.stringify(fields.filter(([name]) => !/^(key|version|base)$/.test(name)))

for (const name of ["input", "change"]) {
  document.addEventListener(name, ({ target }) => {
    if (form()?.contains(target)) keep()
  })
}
function keep() {
  sessionStorage.setItem(card().dataset.draft, JSON.stringify(entered()))
}
function offer() {
  for (const steps of document.querySelectorAll(".steps")) steps.hidden = false
  const kept = form() && sessionStorage.getItem(card().dataset.draft)
  $("#draft")?.toggleAttribute("hidden", !kept || words(JSON.parse(kept)) === words(entered()))
}
function bringBack() {
  for (const [name, value] of JSON.parse(sessionStorage.getItem(card().dataset.draft))) {
    if (form().elements[name]) form().elements[name].value = value
  }
  offer()
}
function drop(draft) {
  sessionStorage.removeItem(draft)
  offer()
}

document.addEventListener("submit", ({ target }) => {
  if (target.elements.seconds) target.elements.seconds.value = seconds()
}, true)
document.addEventListener("htmx:configRequest", ({ detail }) => {
  asking = detail.elt === form() ? card().dataset.draft : null
  if (asking) detail.parameters.seconds = seconds()
})
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const to = detail.xhr?.getResponseHeader("HX-Redirect")
  if (asking && detail.successful && (to ? !to.includes("/login/") : card()?.dataset.draft !== asking)) drop(asking)
})
const seconds = () => ((performance.now() - shown) / 1000).toFixed(1)

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!card() || !detail.elt.matches("#workbench")) return
  if (detail.requestConfig.formData.has("fill")) {
    keep()
    return offer()
  }
  shown = performance.now()
  // A refusal shows what was sent
  if (card().dataset.draft === asking) keep()
  show()
  const bad = $("#fields .errorlist + *, [aria-invalid=true]", card())
  ;(bad ?? $("#card-title", card())).focus({ preventScroll: !bad })
  $("#status").textContent = $("#card-title", card()).textContent
})
if (form()) show()
