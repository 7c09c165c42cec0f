// Files can be dropped on the form; the explanation opens and closes as a whole. Without this module all works too.
const zone = document.querySelector("[data-drop]");

function over(event, is) {
  event.preventDefault();
  zone.classList.toggle("is-over", is);
}

if (zone) {
  const input = zone.querySelector('input[type="file"]');
  zone.querySelector(".edi-drop-word").hidden = false;
  zone.addEventListener("dragover", (event) => over(event, true));
  zone.addEventListener("dragleave", (event) => over(event, false));
  zone.addEventListener("drop", (event) => {
    over(event, false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    zone.closest("form").querySelector('[type="submit"]').click();
  });
}

function showActs() {
  for (const acts of document.querySelectorAll(".edi-told-acts")) acts.hidden = false;
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-open-all], [data-close-all]");
  if (!button) return;
  const told = button.closest("section").querySelector(".edi-told");
  for (const one of told.querySelectorAll("details")) one.open = "openAll" in button.dataset;
});

document.addEventListener("htmx:after:swap", showActs);
showActs();
