// Toasts: those of a full page are in the markup; those of an HTMX answer arrive as a `medguild:toasts` event.
const SECONDS = { ok: 6, info: 6, warn: 10 };

/** Show a toast. `undo` is a URL that is posted when "Undo" is pressed. */
export function toast({ text, tone = "ok", undo = "" }) {
  const area = document.getElementById("toasts");
  const pattern = document.getElementById(`toast-${tone}`) ?? document.getElementById("toast-info");
  if (!area || !pattern || !text) return;
  const item = pattern.content.firstElementChild.cloneNode(true);
  item.querySelector(".toast-words").textContent = text;
  const form = item.querySelector("form");
  if (undo) {
    form.action = undo;
    form.querySelector("input")?.setAttribute("value", document.querySelector('meta[name="csrf-token"]')?.content ?? "");
  } else {
    form.remove();
  }
  area.append(item);
  schedule(item);
}

function schedule(item) {
  const seconds = SECONDS[item.dataset.tone];
  if (!seconds) return;
  let timer = setTimeout(() => item.remove(), seconds * 1000);
  const hold = () => clearTimeout(timer);
  const resume = () => {
    clearTimeout(timer);
    timer = setTimeout(() => item.remove(), 3000);
  };
  item.addEventListener("mouseenter", hold);
  item.addEventListener("focusin", hold);
  item.addEventListener("mouseleave", resume);
  item.addEventListener("focusout", resume);
}

document.addEventListener("medguild:toasts", (event) => {
  for (const one of event.detail.items ?? []) toast(one);
});

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest(".toast-item")?.remove();
});

for (const item of document.querySelectorAll("#toasts .toast-item")) schedule(item);
