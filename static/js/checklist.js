// Ticks of a checklist: kept in this browser for visitors, handed to the account at its own list.
const STORE = "guideline-ticks";

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) || "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function write(ticks) {
  try {
    localStorage.setItem(STORE, JSON.stringify(ticks));
  } catch {
    // Storage is full or forbidden: the tick lasts as long as the page.
  }
}

function same(a, b) {
  return a[0] === b[0] && a[1] === b[1] && Number(a[2]) === Number(b[2]);
}

for (const box of document.querySelectorAll("[data-checklist]")) {
  box.classList.add("checklist--live");
  for (const line of box.querySelectorAll("li")) {
    const mine = [box.dataset.checklist, line.dataset.item, Number(line.dataset.rev)];
    const input = document.createElement("input");
    input.type = "checkbox";
    input.id = `tick-${mine[0]}-${mine[1]}`;
    input.checked = read().some((tick) => same(tick, mine));
    input.addEventListener("change", () => {
      const rest = read().filter((tick) => !same(tick, mine));
      write(input.checked ? [...rest, mine] : rest);
    });
    const label = document.createElement("label");
    label.htmlFor = input.id;
    label.append(...line.childNodes);
    line.append(input, label);
  }
}

const account = document.querySelector("[data-take-over]");
if (account && read().length) {
  const answer = await fetch(account.dataset.takeOver, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": account.dataset.token },
    body: JSON.stringify(read()),
  });
  if (answer.ok) {
    write([]);
    location.reload();
  }
}
