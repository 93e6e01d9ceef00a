// Every page: leave at once, point to errors, and stop a second click on the same form.
const exit = document.querySelector("[data-quick-exit]");
exit?.addEventListener("click", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  location.replace(exit.href);
});

document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => {
    // After the browser has collected the fields, so that the button's own name is sent.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    });
  });
}
// Back from the next page: the buttons work again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
});
