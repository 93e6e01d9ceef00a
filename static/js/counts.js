// Shows how many characters a long text has and may have, as the server counts them.
const words = document.documentElement.lang === "en"
  ? (count, most) => `${count.toLocaleString("en")} of ${most.toLocaleString("en")} characters`
  : (count, most) => `${count.toLocaleString("ja")}／${most.toLocaleString("ja")}文字`;

for (const area of document.querySelectorAll("textarea[data-max]")) {
  const most = Number(area.dataset.max);
  const line = document.createElement("p");
  line.className = "count";
  area.after(line);
  const show = () => {
    const count = Array.from(area.value).length;
    line.textContent = words(count, most);
    line.classList.toggle("count--over", count > most);
  };
  area.addEventListener("input", show);
  show();
}
