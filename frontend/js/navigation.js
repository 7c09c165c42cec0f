// Which areas of the menu are folded is remembered in this browser; two-key shortcuts lead to pages.
const STORE = "medguild.folded";

function folded() {
  try {
    return new Set(JSON.parse(localStorage.getItem(STORE) ?? "[]"));
  } catch {
    return new Set();
  }
}

for (const area of document.querySelectorAll(".side-area")) {
  if (!area.querySelector("[aria-current]") && folded().has(area.dataset.area)) area.open = false;
  area.addEventListener("toggle", () => {
    const closed = folded();
    if (area.open) closed.delete(area.dataset.area);
    else closed.add(area.dataset.area);
    try {
      localStorage.setItem(STORE, JSON.stringify([...closed]));
    } catch {
      // Not remembered, still folded.
    }
  });
}

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
let first = "";
let timer = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "?") {
    document.getElementById("shortcuts")?.showModal();
    event.preventDefault();
    return;
  }
  clearTimeout(timer);
  const keys = first ? `${first} ${event.key}` : event.key;
  first = event.key.length === 1 && !first ? event.key : "";
  timer = setTimeout(() => (first = ""), 900);
  const link = document.querySelector(`[data-shortcut="${CSS.escape(keys)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});
