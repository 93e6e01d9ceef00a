// Shows how far an upload is. Without it, or where anything is unusual, the form is sent as always.
for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    const file = form.querySelector("input[type=file]");
    if (!file?.files.length || !("upload" in XMLHttpRequest.prototype)) return;
    event.preventDefault();
    const body = new FormData(form);
    const bar = document.createElement("progress");
    const line = document.createElement("p");
    line.setAttribute("role", "status");
    bar.max = 100;
    bar.setAttribute("aria-label", document.documentElement.lang === "en" ? "Upload" : "送信");
    form.append(bar, line);

    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      bar.value = Math.floor((step.loaded / step.total) * 100);
      if (bar.value % 10 === 0) line.textContent = `${bar.value}%`;
    });
    request.addEventListener("load", () => {
      // The server's own page, with its errors and the typed text, takes this one's place.
      history.replaceState(null, "", request.responseURL);
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => form.submit());
    request.send(body);
  });
}
