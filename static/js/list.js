// Lists whose rows can be ticked: X ticks the row that has the focus.
document.addEventListener("shortcut", (event) => {
  const box = event.detail.key === "x" && document.activeElement.closest("tr")?.querySelector(".tick input")
  if (!box) return
  box.click()
  event.preventDefault()
})
