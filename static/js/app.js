// What every page has: theme, toasts for failed requests, menus, and the one gate for keys.
const $ = (selector, root = document) => root.querySelector(selector)

// Theme: a cookie, so that the server sends the page in the right one
const root = document.documentElement
const theme = $("#theme")
const dark = () => (root.dataset.theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : root.dataset.theme === "dark")
theme.hidden = false
theme.setAttribute("aria-pressed", dark())
theme.addEventListener("click", () => {
  root.dataset.theme = dark() ? "light" : "dark"
  theme.setAttribute("aria-pressed", dark())
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`
})

// Toasts: a request that failed leaves the page as it was and can be sent again
function toast(when, retry) {
  const box = $("#toast").content.firstElementChild.cloneNode(true)
  for (const words of box.querySelectorAll("[data-when]")) if (words.dataset.when !== when) words.remove()
  const again = $("[data-retry]", box)
  if (!retry) again.remove()
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button")
    if (!button) return
    box.remove()
    if (button === again) retry()
  })
  $("#toasts").replaceChildren(box)
}
function again({ requestConfig: { verb, path, elt, target, formData } }) {
  return () => htmx.ajax(verb, path, { source: elt, target, values: formData })
}
document.addEventListener("htmx:responseError", ({ detail }) => {
  const failed = detail.xhr.status >= 500
  toast(failed ? "server" : "refused", failed && again(detail))
})
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => toast("network", again(detail)))
}
document.addEventListener("htmx:beforeRequest", () => $("#toasts").replaceChildren())

// Menus are <details>: one open at a time, closed by Escape or a click elsewhere
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false
  const opener = event.target.closest("[data-open]")
  if (opener) $(`#${opener.dataset.open}`).showModal()
})
// A menu that would leave the screen opens towards the other side
document.addEventListener("toggle", ({ target }) => {
  const body = target.matches("details.menu[open]") && $(".menu-body", target)
  if (body && body.getBoundingClientRect().right > root.clientWidth) target.classList.add("end")
}, true)
for (const opener of document.querySelectorAll("[data-open]")) opener.hidden = false

// Keys. What is not used here goes on as a "shortcut" event, so a page's own keys pass the same gate
const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"
let going = -Infinity
document.addEventListener("keydown", (event) => {
  const { key, target } = event
  if (key === "Escape") {
    const menu = $("details.menu[open]")
    if (menu) {
      menu.open = false
      $("summary", menu).focus()
    }
  }
  if (document.body.dataset.shortcuts !== "on" || event.defaultPrevented || event.repeat || event.isComposing) return
  if (event.ctrlKey || event.metaKey || event.altKey || key.length > 1) return
  // Some layouts need Shift for these two
  if (event.shiftKey && key !== "?" && key !== "/") return
  if (target.closest(typing) || $("dialog[open]")) return
  const letter = key.toLowerCase()
  const second = event.timeStamp - going < 1500
  going = -Infinity
  let used = true
  if (second) $(`[data-go="${CSS.escape(letter)}"]`)?.click()
  else if (letter === "g") going = event.timeStamp
  else if (key === "?") $("#help").showModal()
  else if (key === "/" && $("#search")) $("#search").focus()
  else used = !document.dispatchEvent(new CustomEvent("shortcut", { detail: { key: letter }, cancelable: true }))
  if (used) event.preventDefault()
})
