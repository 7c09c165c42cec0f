// Dialogs that are opened by a button, and the question before loss.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) dialog.showModal();
    event.preventDefault();
    return;
  }
  if (event.target.closest?.("[data-dialog-close]")) event.target.closest("dialog")?.close();
});

// A form in a dialog that came back with errors is shown again.
for (const dialog of document.querySelectorAll("dialog[data-modal]")) {
  dialog.close();
  dialog.showModal();
}

// A click on the backdrop reaches the dialog element itself.
document.addEventListener("mousedown", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.open && outside(event)) event.target.close();
});

function outside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

let confirmed = null;

// Caught on the way down, before HTMX or the browser acts; a confirmed click goes through untouched.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("[data-confirm]");
    if (!button || button === confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(button, button.dataset.confirm, () => {
      confirmed = button;
      button.click();
      confirmed = null;
    });
  },
  true,
);

// `hx-confirm` asks with the same dialog instead of the browser's own.
document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  event.preventDefault();
  ask(ctx.sourceElement, ctx.confirm, issueRequest, dropRequest);
});

function ask(button, question, proceed, keep = () => {}) {
  const dialog = document.getElementById("confirm");
  const go = dialog.querySelector("[data-confirm-go]");
  dialog.querySelector("[data-confirm-title]").textContent = question;
  const detail = dialog.querySelector("[data-confirm-detail]");
  detail.textContent = button.dataset.confirmDetail ?? "";
  detail.hidden = !detail.textContent;
  go.textContent = button.dataset.confirmLabel ?? button.textContent.trim();
  let answered = false;
  go.onclick = () => {
    answered = true;
    dialog.close();
    proceed();
  };
  dialog.addEventListener(
    "close",
    () => {
      if (!answered) keep();
      if (button.isConnected) button.focus();
    },
    { once: true },
  );
  dialog.showModal();
  dialog.querySelector("[data-dialog-close]").focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
