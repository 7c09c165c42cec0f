// What every HTMX request shares: the CSRF token, a thin progress line, words for failures.
import { leave } from "./session.js";
import { toast } from "./toasts.js";

const root = document.documentElement;
const word = (name) => document.querySelector(`meta[name="word-${name}"]`)?.content ?? "";
let running = 0;

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (/^(GET|HEAD)$/i.test(request.method)) return;
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) request.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement, sourceEvent } = event.detail.ctx;
  // A board that refreshes itself must not flicker a progress line every few seconds.
  if (sourceEvent?.type === "every") return;
  event.detail.ctx.counted = true;
  running += 1;
  root.classList.add("is-loading");
  sourceElement.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  ctx.sourceElement?.removeAttribute("aria-busy");
  if (!ctx.counted) return;
  running = Math.max(0, running - 1);
  root.classList.toggle("is-loading", running > 0);
});

// A session that ended sends the page to sign in: go there, with what was typed kept.
document.addEventListener("htmx:before:response", (event) => {
  const answer = event.detail.ctx.response.raw;
  if (answer.status !== 401 || !answer.headers.get("HX-Redirect")) return;
  event.preventDefault();
  leave(answer.headers.get("HX-Redirect"));
});

// The same where the answer is the sign-in page itself, which must not be shown inside a fragment.
document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  const login = document.querySelector('meta[name="login-url"]')?.content;
  if (!login || !raw.redirected || new URL(raw.url).pathname !== login) return;
  event.preventDefault();
  leave();
});

// A refusal that no view translated comes as a whole page: its words become a toast, the fragment stays as it was.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.status !== 409 || !/<html/i.test(ctx.text)) return;
  ctx.swap = "none";
  const page = new DOMParser().parseFromString(ctx.text, "text/html");
  const words = page.querySelector("main .notice-body p:last-of-type") ?? page.querySelector("main h1");
  toast({ text: words?.textContent.trim() || word("failed"), tone: "bad" });
});

document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = event.detail;
  // 422 carries the form with its errors and 409 the refreshed fragment with its toast.
  if (ctx.response.status === 422 || ctx.response.status === 409 || ctx.sourceEvent?.type === "every") return;
  const words = { 403: "forbidden", 429: "slower" }[ctx.response.status] ?? "failed";
  toast({ text: word(words), tone: "bad" });
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.sourceEvent?.type === "every") return;
  toast({ text: word("offline"), tone: "bad" });
});
