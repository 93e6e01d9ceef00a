// Saves a draft a moment after typing stops. The form works the same without it.
const WAIT = 1000;
const AGAIN = 5000;
// What a browser still sends while it leaves the page, in bytes, with some room.
const LAST_WORDS = 50000;
const texts = document.documentElement.lang === "en"
  ? { saved: "Saved", away: "Not saved yet: the connection is away. We keep trying.", other: "Another window has saved this page. Your text is still here: press the button to see both.", out: "You have been signed out. Your text is still here.", login: "Sign in in another tab; it is then saved by itself." }
  : { saved: "保存しました", away: "まだ保存できていません。通信が切れています。つながりしだい保存します。", other: "別の画面で、このページが保存されました。書いた文はここに残っています。ボタンを押すと、両方を見比べられます。", out: "ログインの期限が切れました。書いた文はここに残っています。", login: "別のタブでログインすると、続きから保存します。" };

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = form.querySelector("[data-saved]");
  const version = form.elements.namedItem("draft_version");
  let timer = 0;
  let dirty = false;
  let running = null;

  const say = (text) => { status.textContent = text; };

  function sayOut() {
    const link = document.createElement("a");
    Object.assign(link, { href: form.dataset.login, target: "_blank", rel: "noopener", textContent: texts.login });
    status.replaceChildren(texts.out, " ", link);
  }

  const isSmall = (body) => [...body.values()].reduce((sum, value) => sum + 3 * value.length, 0) < LAST_WORDS;

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, AGAIN);
  }

  // After signing in again in another tab, this page's forms need the new session's mark.
  async function renew() {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const mark = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
    if (!mark) return false;
    for (const own of document.querySelectorAll("[name=csrfmiddlewaretoken]")) own.value = mark.value;
    return true;
  }

  async function send() {
    const body = new FormData(form);
    dirty = false;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, redirect: "manual", keepalive: isSmall(body) });
      if (answer.ok) {
        const facts = await answer.json();
        version.value = facts.version;
        const at = new Date(facts.saved_at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        say(`${texts.saved} ${at}`);
        return;
      }
      dirty = true;
      if (answer.status === 409) { say(texts.other); return; }
      if (await renew()) { later(); return; }
      sayOut();
    } catch {
      dirty = true;
      say(texts.away);
    }
    later();
  }

  // One at a time: each save says which version it builds upon.
  async function save() {
    clearTimeout(timer);
    while (running) await running;
    if (!dirty) return;
    running = send();
    await running;
    running = null;
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("change", save);
  form.addEventListener("submit", () => {
    dirty = false;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });

  // A way to another page waits for the text; where it cannot be saved, the browser asks first.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const plain = !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || !(dirty || running) || link.target || link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    await save();
    location.assign(link.href);
  });
  addEventListener("beforeunload", (event) => {
    // Whoever leaves at once is not held up: the text is sent on the way out.
    if ((dirty || running) && !document.body.hidden) event.preventDefault();
    save();
  });
}
