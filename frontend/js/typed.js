// What was typed when a session ended, kept in this tab until its user is back on the page. Locked with a key that the
// server gives to that user only, so that nothing can be read at the sign-in page; never passwords, never files.
import { toast } from "./toasts.js";

const STORE = "medguild.typed";
const LASTS = 4 * 60 * 60 * 1000;
const NEVER = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);
const here = () => location.pathname + location.search;

let key = null;
let owner = "";
let waiting = [];

/** The key of the signed-in user, as the server gave it. Without a secure address the browser has no lock: nothing is kept. */
export async function unlock({ key: text, who }) {
  if (key || !crypto.subtle) return;
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  owner = who;
}

export const unlocked = () => key !== null;

export function held() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "null");
  } catch {
    return null;
  }
}

export function forget() {
  sessionStorage.removeItem(STORE);
  waiting = [];
}

/** Whether a control may be kept at all. */
export function keepable(control) {
  if (!control.name || control.disabled || control.readOnly || NEVER.has(control.type)) return false;
  return !/password|one-time|cc-/.test(control.autocomplete ?? "") && !control.closest("[data-never-kept]");
}

function changed(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    const marked = options.some((one) => one.defaultSelected);
    return options.some((one, at) => one.selected !== (marked || control.multiple ? one.defaultSelected : at === 0));
  }
  return control.value !== control.defaultValue;
}

function read(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked;
  if (control instanceof HTMLSelectElement) return [...control.selectedOptions].map((one) => one.value);
  return control.value;
}

function write(control, value) {
  if (typeof value === "boolean") control.checked = value;
  else if (Array.isArray(value)) for (const one of control.options) one.selected = value.includes(one.value);
  else control.value = value;
}

const posts = (form) => form.method === "post" || form.hasAttribute("hx-post");
const address = (form) => [form.id, form.getAttribute("action") ?? "", form.getAttribute("hx-post") ?? ""].join("|");
const same = (control, other) => control.name === other.name && control.type === other.type;

/** Forms that are sent, each with what tells it from the others: where it goes, and which one of those it is. */
function forms() {
  const seen = new Map();
  return [...document.forms].filter(posts).map((form) => {
    const nth = seen.get(address(form)) ?? 0;
    seen.set(address(form), nth + 1);
    return [form, `${address(form)}|${nth}`];
  });
}

/** What was changed, per form; a form that came back with errors holds it in its markup. */
function typed() {
  const found = [];
  for (const [form, mine] of forms()) {
    const controls = [...form.elements];
    const refused = form.querySelector('[aria-invalid="true"], .error-summary');
    for (const control of controls) {
      if (!keepable(control) || !(refused || changed(control))) continue;
      const nth = controls.filter((one) => same(one, control)).indexOf(control);
      found.push({ form: mine, name: control.name, type: control.type, nth, value: read(control) });
    }
  }
  return found;
}

/** Keep what was typed on this page, if anything was. */
export async function keep() {
  const found = typed();
  if (!key || !found.length) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(found));
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text);
  const bytes = (buffer) => Array.from(new Uint8Array(buffer));
  const kept = { who: owner, path: here(), at: Date.now(), iv: bytes(iv), data: bytes(locked) };
  sessionStorage.setItem(STORE, JSON.stringify(kept));
}

/** Drop what belongs to somebody else or is too old; true when something waits for this page. */
export function awaited(who) {
  const kept = held();
  if (!kept) return false;
  if ((who && kept.who !== who) || Date.now() - kept.at > LASTS) {
    forget();
    return false;
  }
  return Boolean(who) && kept.path === here();
}

/** Put back what was typed; used once. Forms that come later into the page are filled then. */
export async function putBack() {
  const kept = held();
  forget();
  if (!kept || !key) return;
  try {
    const iv = new Uint8Array(kept.iv);
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, new Uint8Array(kept.data));
    waiting = JSON.parse(new TextDecoder().decode(text));
  } catch {
    return; // locked with another key
  }
  fill();
}

// No events are sent: nothing may be saved by the page itself before its user has looked.
function fill() {
  const before = waiting.length;
  for (const [form, mine] of forms()) {
    const controls = [...form.elements];
    waiting = waiting.filter((one) => {
      const found = one.form === mine && controls.filter((control) => same(control, one))[one.nth];
      if (found) write(found, one.value);
      return !found;
    });
  }
  if (waiting.length < before) {
    toast({ text: document.querySelector('meta[name="word-typed"]')?.content ?? "", tone: "info" });
  }
}

document.addEventListener("htmx:after:swap", () => {
  if (waiting.length) fill();
});
