// What axe lets pass; returns one line per fault.
() => {
  const found = [];
  for (const control of document.querySelectorAll("input, select, textarea")) {
    if (["hidden", "submit", "button"].includes(control.type)) continue;
    const label = control.labels && control.labels[0];
    if (!label || !label.textContent.trim()) found.push("no label: " + control.outerHTML);
    if (control.placeholder) found.push("placeholder: " + control.name);
  }
  for (const error of document.querySelectorAll(".field__error")) {
    const tied = document.querySelector(`[aria-describedby~="${error.id}"]`);
    if (!tied) found.push("error tied to nothing: " + error.id);
  }
  if (document.documentElement.scrollWidth > window.innerWidth)
    found.push("scrolls sideways: " + document.documentElement.scrollWidth);
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  if (!/\S.*[｜|]/.test(document.title)) found.push("title: " + document.title);

  // Text that is cut off: its box hides what is larger than itself. Kept out of sight on purpose is none.
  const hides = (style) => [style.overflowX, style.overflowY].some((value) => ["hidden", "clip"].includes(value));
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest(".visually-hidden, caption, svg, select") || element.matches("input, textarea, details, ::details-content")) continue;
    const style = getComputedStyle(element);
    if (!hides(style) || style.clipPath !== "none" || !element.textContent.trim()) continue;
    if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)
      found.push("cut off: " + element.outerHTML.slice(0, 150));
  }
  // Text that runs out of the window, where nothing scrolls.
  for (const element of document.querySelectorAll("h1, h2, h3, p, li, a, button, label, legend, dt, dd, .badge")) {
    if (element.closest(".table-frame, pre, .visually-hidden, .skip, svg") || !element.checkVisibility()) continue;
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > window.innerWidth + 1 || box.left < -1))
      found.push("runs out: " + element.outerHTML.slice(0, 150));
  }
  return found;
}
