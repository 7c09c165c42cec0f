// Selection of rows for bulk acts. Everything works on the event's own table, so swapped tables need no wiring.
function refresh(region) {
  const boxes = [...region.querySelectorAll(".row-check")];
  const chosen = boxes.filter((box) => box.checked).length;
  const all = region.querySelector(".all-check");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const bar = region.querySelector(".bulk-bar");
  if (!bar) return;
  bar.classList.toggle("is-on", chosen > 0);
  const count = bar.querySelector(".bulk-count");
  count.textContent = count.dataset.words.replace("%s", chosen);
}

// What is typed is sought while typing. Leaving the field says it once more, and would take the place of the click on a
// heading for which it is left.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches?.('.filter-bar [type="search"]')) event.stopPropagation();
  },
  true,
);

// Empty filters stay out of the address, so that a bookmark shows what it filters.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.sourceElement.matches?.(".filter-bar")) return;
  for (const [name, value] of [...ctx.request.body]) if (value === "") ctx.request.body.delete(name);
});

let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".row-check");
  if (!box) return;
  const region = box.closest(".table-region");
  if (event.shiftKey && last?.isConnected && last.closest(".table-region") === region) {
    const boxes = [...region.querySelectorAll(".row-check")];
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const region = event.target.closest?.(".table-region");
  if (!region) return;
  if (event.target.classList.contains("all-check")) {
    for (const box of region.querySelectorAll(".row-check")) box.checked = event.target.checked;
  }
  refresh(region);
});

document.addEventListener("htmx:after:swap", () => {
  for (const region of document.querySelectorAll(".table-region")) refresh(region);
});
