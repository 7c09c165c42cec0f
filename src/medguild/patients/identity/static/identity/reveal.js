// Opens a part of a form when a choice makes it needed: <select data-reveals="id of the details" data-unless="value">.
function follow(select) {
  const part = document.getElementById(select.dataset.reveals);
  if (part && select.value !== select.dataset.unless) part.open = true;
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("select[data-reveals]")) follow(event.target);
});
for (const select of document.querySelectorAll("select[data-reveals]")) follow(select);
