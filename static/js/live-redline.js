// Shows what is typed against the published text, a moment after the last key.
const form = document.querySelector("[data-live]");
const target = document.querySelector("[data-live-target]");
if (form && target) {
  let timer;
  let last = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++last;
      try {
        const answer = await fetch(form.dataset.live, { method: "POST", body: new FormData(form) });
        if (answer.status === 200 && mine === last) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          target.replaceChildren(...page.body.childNodes);
        }
      } catch {
        // The connection is away: the next key asks again.
      }
    }, 700);
  });
}
