// Small comforts; every page works without them.
(() => {
  "use strict";

  // Only the states of the chosen destination are offered.
  const narrow = () => {
    const to = document.getElementById("to");
    const region = document.getElementById("region");
    if (!to || !region) return;
    for (const option of region.querySelectorAll("option[value]:not([value=''])")) {
      const fits = to.value === "" || option.value.startsWith(`${to.value}-`);
      option.hidden = option.disabled = !fits;
      if (!fits && option.selected) region.value = "";
    }
    for (const group of region.querySelectorAll("optgroup")) {
      group.hidden = !group.querySelector("option:not([hidden])");
    }
  };

  // A link to a field inside something folded opens it first.
  const open = (target) => {
    for (let part = target; part; part = part.parentElement) {
      if (part instanceof HTMLDetailsElement) part.open = true;
    }
  };

  document.addEventListener("change", (event) => {
    if (event.target.id === "to") narrow();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    open(target);
    if (target.matches("input, select, textarea")) {
      event.preventDefault();
      target.focus();
    }
  });
  document.addEventListener("htmx:after:swap", narrow);
  // The desk by keys alone: approve and go on, from text to text.
  document.addEventListener("keydown", (event) => {
    const text = event.target.closest?.(".text");
    if (!text) return;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      text.querySelector("[data-key='approve']")?.click();
    } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const all = [...document.querySelectorAll(".text .target textarea")];
      const next = all.indexOf(text.querySelector(".target textarea")) + (event.key === "ArrowDown" ? 1 : -1);
      all[next]?.focus();
    }
  });
  narrow();
})();
