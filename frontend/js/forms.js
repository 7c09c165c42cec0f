// Forms: focus on what is wrong, and no second submission of the same form.
function focusFirstError() {
  const summary = document.querySelector(".error-summary");
  if (!summary) return;
  const first = document.querySelector('[aria-invalid="true"]:not([type="hidden"])');
  (first ?? summary).focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // After the browser has read the button's name and value.
  setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
});

// A page that returns from the back-forward cache may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  }
});

// The language menu needs no button when script runs.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submit-on-change]")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:after:swap", focusFirstError);
focusFirstError();
