// The command palette: a combobox in a dialog. Results come from the server as HTML; keys move through them.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector(".palette-input");
const results = document.getElementById("palette-results");

function options() {
  return [...results.querySelectorAll('[role="option"]')];
}

function select(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.select();
  // The menu comes with the first opening, not with every page.
  if (!results.childElementCount || input.value) input.dispatchEvent(new Event("input", { bubbles: true }));
}

function move(step) {
  const all = options();
  if (!all.length) return;
  const now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  select(all[(now + step + all.length) % all.length]);
}

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

if (dialog) {
  document.addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !typing(event.target);
    if (!command && !slash) return;
    event.preventDefault();
    open();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-palette-open]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      options().find((one) => one.getAttribute("aria-selected") === "true")?.click();
    }
  });

  document.addEventListener("htmx:after:swap", () => {
    if (dialog.open) select(options()[0]);
  });
}
