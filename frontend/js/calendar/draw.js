// From what the server tells to what Event Calendar draws. Names are set as text, never as markup.
const words = JSON.parse(document.getElementById("calendar-words")?.textContent ?? "{}");
const SVG = "http://www.w3.org/2000/svg";

export { words };

/** Wall-clock time of a Date of the calendar, which shows the site's clocks: `2026-11-23`, `09:20`. */
export function wall(date) {
  const two = (number) => String(number).padStart(2, "0");
  return {
    day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    time: `${two(date.getHours())}:${two(date.getMinutes())}`,
  };
}

const clockFormat = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
const clockTexts = new Map();

function clockWords(start) {
  const time = start.slice(11);
  if (!clockTexts.has(time)) clockTexts.set(time, clockFormat.format(new Date(`2000-01-01T${time}`)));
  return clockTexts.get(time);
}

/** Columns in which a visit stands. */
export function columnsOf(visit, view) {
  if (view !== "rooms") return [visit.clinician];
  return [visit.room || "none", ...visit.more.filter((one) => one !== visit.room)];
}

export function visitEvent(visit, view, mayBook) {
  const movable = mayBook && visit.status === "booked";
  return {
    id: visit.id,
    resourceIds: columnsOf(visit, view),
    start: visit.start,
    end: visit.end,
    title: visit.who,
    startEditable: movable,
    durationEditable: movable,
    classNames: ["cal-visit", `cal-${visit.status}`, `chip-${visit.colour}`, visit.overbooked ? "cal-over" : ""].filter(Boolean),
    extendedProps: { visit },
  };
}

export function holdEvent(hold, view) {
  return {
    id: `hold-${hold.id}`,
    resourceIds: view === "rooms" ? ["none"] : [hold.clinician],
    start: hold.start,
    end: hold.end,
    title: hold.own ? words.own_booking : words.booking,
    editable: false,
    startEditable: false,
    durationEditable: false,
    classNames: ["cal-hold"],
    extendedProps: { hold },
  };
}

export function groundEvent(stretch, index, view, names) {
  const said = [words.state[stretch.state], stretch.words].filter(Boolean);
  if (view === "rooms") said.unshift(names.get(stretch.clinician) ?? "");
  return {
    id: `ground-${index}`,
    resourceIds: [view === "rooms" ? stretch.room : stretch.clinician],
    start: stretch.start,
    end: stretch.end,
    display: "background",
    title: said.join(": "),
    classNames: ["cal-ground", `cal-ground-${stretch.state}`],
    extendedProps: { said: said.join(": ") },
  };
}

function icon(name, sprite) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function line(className, ...parts) {
  const element = document.createElement("span");
  element.className = className;
  element.append(...parts);
  return element;
}

/** What stands in an event: time, patient, kind of visit, status in words and as an icon. */
export function content({ event }, view, sprite, names) {
  const { visit, said } = event.extendedProps;
  if (said !== undefined) return { domNodes: said ? [line("cal-said", said)] : [] };
  if (!visit) return { domNodes: [icon("hourglass", sprite), line("cal-who", event.title)] };
  const status = line("cal-status", icon(words.icons[visit.status], sprite), words.status[visit.status]);
  const signs = [visit.overbooked ? words.overbooked : "", visit.interpreter ? words.interpreter : "", words.mode[visit.mode] ?? ""];
  const more = [visit.what, view === "rooms" ? names.get(visit.clinician) : "", ...signs].filter(Boolean).join(" · ");
  const first = line("cal-first", line("cal-time", clockWords(visit.start)), " ", line("cal-who", visit.who));
  if (visit.overbooked) first.prepend(icon("stack-2", sprite));
  // The column is seen by who sees; who hears is told.
  const column = view === "rooms" ? [] : [line("visually-hidden", names.get(visit.clinician) ?? "")];
  return { domNodes: [first, line("cal-more", status, " ", more), ...column] };
}
