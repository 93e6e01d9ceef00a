// Saves a draft a moment after typing stops. The form works the same without it.
const WAIT = 1500;
const texts = document.documentElement.lang === "en"
  ? { saved: "Saved", away: "Not saved yet: the connection is away. We keep trying.", other: "Another window has saved this page. Reload before you go on.", out: "You have been signed out. Copy your text, then sign in again." }
  : { saved: "保存しました", away: "まだ保存できていません。通信が切れています。つながりしだい保存します。", other: "別の画面で保存されています。続ける前に、このページを読み込み直してください。", out: "ログインの期限が切れました。書いた文を写してから、もう一度ログインしてください。" };

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = form.querySelector("[data-saved]");
  const version = form.elements.namedItem("draft_version");
  let timer = 0;
  let running = false;
  let again = false;

  const say = (text) => { status.textContent = text; };

  async function save() {
    if (running) { again = true; return; }
    running = true;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.ok) {
        const facts = await answer.json();
        version.value = facts.version;
        const at = new Date(facts.saved_at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        say(`${texts.saved} ${at}`);
      } else if (answer.status === 409) {
        say(texts.other);
      } else {
        say(texts.out);
      }
    } catch {
      say(texts.away);
      timer = setTimeout(save, 5000);
    }
    running = false;
    if (again) { again = false; save(); }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
