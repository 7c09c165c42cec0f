// The dialog of a visit: its panel, and the question before a move.
import { words } from "./draw.js";

const dialog = document.querySelector("[data-calendar-dialog]");
let closed = () => {};

function say(text, tone = "ok", undo = "") {
  document.dispatchEvent(new CustomEvent("medguild:toasts", { detail: { items: [{ text, tone, undo }] } }));
}

export { say };

function show(html) {
  dialog.innerHTML = html;
  if (!dialog.open) dialog.showModal();
  // What is wrong, else what is asked, else the first thing to say, else, when a drag has said it all, the button.
  const asked = '[data-calendar-asked] :is(input, select):not([type="hidden"])';
  const first = ['[aria-invalid="true"]', asked, '[data-by-hand] [name="day"]', '[data-calendar-form] button[type="submit"]'];
  (first.map((one) => dialog.querySelector(one)).find(Boolean) ?? dialog).focus();
}

/** Show a fragment of the server in the dialog. `onClose` is called once, with where a visit is now, or null. */
export async function open(address, onClose = () => {}) {
  closed = onClose;
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok) {
    say(words.failed, "bad");
    return finish(null);
  }
  show(await answer.text());
}

function finish(moved) {
  const done = closed;
  closed = () => {};
  if (dialog?.open) dialog.close();
  dialog?.replaceChildren();
  done(moved);
}

dialog?.addEventListener("close", () => finish(null));

dialog?.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-calendar-shift]");
  if (opener) return open(opener.dataset.calendarShift, closed);
  const instead = event.target.closest("[data-calendar-instead]");
  if (instead) take(instead);
});

// A free time near by is taken over into the form and sent.
function take(button) {
  const form = button.form;
  for (const name of ["day", "time", "clinician", "minutes"]) form.elements[name].value = button.dataset[name];
  form.elements.room.value = "";
  form.elements.overbook_reason?.closest(".field")?.remove();
  form.requestSubmit(form.querySelector('button[type="submit"]'));
}

dialog?.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-calendar-form]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers }).catch(() => null);
  delete form.dataset.sent;
  if (answer?.ok) {
    const { text, undo, visit } = await answer.json();
    say(text, "ok", undo);
    return finish(visit);
  }
  if (answer && [403, 409, 422].includes(answer.status)) return show(await answer.text());
  say(words.failed, "bad");
});
