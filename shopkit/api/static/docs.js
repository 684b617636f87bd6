// Sends what a form of the reference says and shows what came back. No form needs it to be read.
"use strict";

for (const form of document.querySelectorAll("form[data-path]")) {
  const button = form.querySelector("button");
  const output = form.querySelector("output");
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let path = form.dataset.path;
    const query = new URLSearchParams();
    const headers = {};
    for (const input of form.querySelectorAll("input")) {
      if (input.dataset.in === "path") {
        path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
      } else if (input.value && input.dataset.in === "query") {
        query.set(input.name, input.value);
      } else if (input.value) {
        headers[input.name] = input.value;
      }
    }
    const body = form.querySelector("textarea");
    const options = { method: form.dataset.method, headers };
    if (body) {
      headers["Content-Type"] = "application/json";
      options.body = body.value;
    }
    button.disabled = true;
    try {
      const answer = await fetch(query.size ? `${path}?${query}` : path, options);
      let text = await answer.text();
      try {
        text = JSON.stringify(JSON.parse(text), null, 2);
      } catch {
        // Not JSON: shown as it came.
      }
      output.textContent = `${answer.status} ${answer.statusText}\n\n${text}`;
    } catch (error) {
      output.textContent = String(error);
    } finally {
      button.disabled = false;
    }
  });
}
