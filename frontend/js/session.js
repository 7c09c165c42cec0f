// A session that is about to end by idleness: asked of the server, said in time, the same in all tabs of this browser.
import { awaited, forget, keep, keepable, putBack, unlock, unlocked } from "./typed.js";

const WARN = 120; // seconds before the end
const TOUCH = 300; // whoever types or clicks is there; said to the server this often at most
const ASK_EVERY = 20_000;
const meta = document.querySelector('meta[name="session"]');
const login = document.querySelector('meta[name="login-url"]')?.content;
const channel = new BroadcastChannel("medguild.session");
const who = meta?.dataset.who ?? "";
const idle = Number(meta?.dataset.idle ?? 0);

let due = 0; // when the session ends, as far as this tab knows; never later than the server says
let asked = 0;
let active = false;
let leaving = false;
let signedOut = false; // on purpose, in some tab: nothing is kept

const left = () => (due - Date.now()) / 1000;
const tell = (message) => channel.postMessage({ who, ...message });

/** To the sign-in page, with what was typed kept; the screen no longer shows anything. */
export async function leave(address = "") {
  if (leaving) return;
  leaving = true;
  if (signedOut) return location.replace(login);
  await keep().catch(() => {});
  location.replace(address || `${login}?ended=1&next=${encodeURIComponent(location.pathname + location.search)}`);
}

async function ask(method = "GET") {
  asked = Date.now();
  const headers = { Accept: "application/json" };
  if (method === "POST") headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  let answer;
  try {
    answer = await fetch(meta.content, { method, headers, cache: "no-store" });
  } catch {
    return; // no connection: asked again at the next turn
  }
  if (answer.status === 401) return leave();
  if (!answer.ok) return;
  const facts = await answer.json();
  if (facts.who !== who) return elsewhere();
  due = Date.now() + facts.left * 1000;
  renew(facts.csrf);
  await unlock(facts);
  if (method === "POST") tell({ type: "left", left: facts.left });
  show();
}

// Signed in anew in another tab: the forms of this page get the token of the new session.
function renew(token) {
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
  for (const one of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) one.value = token;
}

// Another user, or nobody, is signed in in this browser: this page is none of theirs.
function elsewhere() {
  forget();
  leaving = true;
  location.replace("/");
}

function show() {
  const old = document.querySelector("[data-session-ends]");
  if (left() > WARN) return old?.remove();
  if (old) return;
  const warning = document.getElementById("session-ends").content.firstElementChild.cloneNode(true);
  const at = new Date(due).toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
  for (const one of warning.querySelectorAll("[data-session-at]")) one.textContent = at;
  // Nothing outside an open dialog can be reached.
  (document.querySelector("dialog:modal") ?? document.getElementById("toasts")).append(warning);
}

async function stay() {
  await ask("POST");
  if (left() > WARN) return;
  const warning = document.querySelector("[data-session-ends]");
  warning?.querySelector("[data-session-idle]").setAttribute("hidden", "");
  warning?.querySelector("[data-session-longest]").removeAttribute("hidden");
  warning?.querySelector("[data-session-stay]").remove();
}

function turn() {
  if (leaving) return;
  const there = active && idle - left() > TOUCH;
  if (there) active = false;
  if (there) return ask("POST");
  if (left() > WARN) return show();
  if (left() <= 0 || Date.now() - asked > ASK_EVERY) return ask();
}

function watch() {
  due = Date.now() + (idle - 60) * 1000; // the server notes what is done once a minute
  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, (event) => (active ||= event.isTrusted), { capture: true, passive: true });
  }
  document.addEventListener("input", (event) => {
    if (!unlocked() && event.target.form && keepable(event.target)) ask();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-session-stay]")) stay();
  });
  document.addEventListener("visibilitychange", () => document.hidden || turn());
  window.addEventListener("pageshow", (event) => event.persisted && ask());
  setInterval(turn, 5000);
  document.addEventListener("submit", (event) => {
    if (!event.target.action.includes("/accounts/logout/")) return;
    forget();
    tell({ type: "out" });
  });
  const again = document.referrer && new URL(document.referrer).pathname.startsWith("/accounts/");
  tell({ type: "left", left: idle - 60, again });
}

channel.addEventListener("message", ({ data }) => {
  if (!meta) {
    // The sign-in page of a tab whose user has signed in in another one.
    if (data.type === "left" && login === location.pathname) location.reload();
    if (data.type === "out") forget();
    return;
  }
  if (leaving) return;
  if (data.type === "check") return void ask();
  if (data.type === "out") {
    signedOut = true;
    return forget();
  }
  if (data.who !== who) return elsewhere();
  if (data.again) return void ask();
  due = Math.max(due, Date.now() + data.left * 1000);
  show();
});

if (meta) watch();
// Nobody is signed in in this browser any more: the other tabs see for themselves.
else if (login === location.pathname) tell({ type: "check" });
if (awaited(who)) ask().then(() => putBack());
