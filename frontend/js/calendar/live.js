// In step with other screens: asks each moment whether anything changed, and only then what (docs/adr/0014).
const EVERY = 700; // milliseconds between an answer and the next question
const LATER = 3000; // after a failure

/** `ticket` and `known` are functions: the present ticket, the stamps of what is shown; `onNews(data)` takes the rest. */
export function follow({ ask, news, ticket, known, onNews, onState }) {
  let stopped = false;
  let timer = 0;

  async function fetchNews() {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const headers = { "Medguild-Ticket": ticket(), "HX-Request": "true", "X-CSRFToken": token, "Content-Type": "application/json" };
    const answer = await fetch(news, { method: "POST", headers, body: JSON.stringify(known()) });
    // Signed out, or the right is gone: the page shows it at its next step; nothing more is asked.
    if (answer.status === 401 || answer.status === 403 || answer.status === 404) return (stopped = true);
    if (!answer.ok) throw new Error(String(answer.status));
    onNews(await answer.json());
  }

  async function turn() {
    if (stopped) return onState(false);
    let wait = EVERY;
    try {
      // Without the cookie neither session nor user is looked up: the signed ticket says all.
      const answer = await fetch(ask, { credentials: "omit", headers: { "Medguild-Ticket": ticket() }, cache: "no-store" });
      if (answer.status !== 204) await fetchNews();
      onState(true);
    } catch {
      onState(false);
      wait = LATER;
    }
    again(wait);
  }

  function again(wait) {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(turn, wait);
  }

  document.addEventListener("visibilitychange", () => again(0));
  window.addEventListener("pageshow", (event) => event.persisted && again(0));
  again(EVERY);
  return { now: () => again(0) };
}
