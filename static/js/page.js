// Every page: leave at once, point to errors, and stop a second click on the same form.
const exit = document.querySelector("[data-quick-exit]");

function leave(event) {
  event.preventDefault();
  document.body.hidden = true;
  location.replace(exit.href);
}
exit?.addEventListener("click", leave);

// Three times Shift alone does the same. Not Escape: that key ends the conversion of kana.
let presses = [];
addEventListener("keydown", (event) => {
  if (event.key !== "Shift" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) {
    presses = [];
    return;
  }
  if (event.repeat) return;
  const now = performance.now();
  presses = [...presses.filter((at) => now - at < 2000), now];
  if (exit && presses.length === 3) leave(event);
});

document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    // After the browser has collected the fields, so that the button's own name is sent.
    setTimeout(() => {
      if (event.defaultPrevented && !("upload" in form.dataset)) return;
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    });
  });
}
// Back from the next page: the buttons work again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
});
