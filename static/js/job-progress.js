// Asks how far a job is, less and less often, and loads the page anew when it has ended.
for (const box of document.querySelectorAll("[data-progress]")) {
  const line = box.querySelector("[role=status]");
  let wait = 1000;

  async function ask() {
    try {
      const answer = await fetch(box.dataset.progress, { redirect: "manual" });
      if (!answer.ok) return;
      const facts = await answer.json();
      if (facts.done) { location.reload(); return; }
      if (line.textContent !== facts.label) line.textContent = facts.label;
    } catch {
      // The connection is away: ask again later.
    }
    wait = Math.min(wait * 1.3, 10000);
    setTimeout(ask, wait);
  }
  setTimeout(ask, wait);
}
