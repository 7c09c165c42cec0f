// The screen: what is shown, filters, dragging, and news of other screens.
import EventCalendar from "@event-calendar/build/dist/event-calendar.min.js";
import * as dialogs from "./dialogs.js";
import { columnsOf, content, groundEvent, holdEvent, visitEvent, wall, words } from "./draw.js";
import { follow } from "./live.js";

const NARROW = "(max-width: 47.99rem)";
const KINDS = { clinicians: "resourceTimeGridDay", rooms: "resourceTimeGridDay", week: "resourceTimeGridWeek" };
const TABLE_ROLES = ["table", "rowgroup", "row", "rowheader", "columnheader", "cell"].map((role) => `[role="${role}"]`).join();
const KEEP = 3000; // milliseconds
const COLUMN = 176; // pixels
const HOURS = 96; // pixels beside the columns
const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

export function boot(place) {
  // On a phone the table reads better, and works with a thumb.
  if (matchMedia(NARROW).matches) return location.replace(place.dataset.table);
  new Screen(place).load();
}

class Screen {
  constructor(place) {
    this.place = place;
    this.set = place.dataset;
    this.view = this.set.view;
    this.mayBook = this.set.mayBook === "yes";
    this.filters = document.querySelector("[data-calendar-filters]");
    this.visits = new Map();
    this.holding = false; // a visit is in the hand: what arrives meanwhile waits
    this.waiting = [];
    this.calendar = null;
  }

  async load() {
    const query = new URLSearchParams({ day: this.set.first, days: this.set.days });
    const chosen = this.view === "week" ? this.filters.elements.clinician.value : "";
    if (chosen) query.append("clinician", chosen);
    const answer = await fetch(`${this.set.feed}?${query}`, { cache: "no-store", headers: { "HX-Request": "true" } });
    if (!answer.ok) return dialogs.say(words.failed, "bad");
    this.data = await answer.json();
    this.ticket = this.data.ticket;
    this.visits = new Map(this.data.visits.map((visit) => [visit.id, visit]));
    this.names = new Map(this.data.clinicians.map((one) => [one.id, one.name]));
    this.closed();
    this.fillFilters();
    if (this.calendar) return this.redraw();
    this.draw();
    this.live = follow({
      ask: this.set.ask, news: this.set.news, ticket: () => this.ticket,
      known: () => Object.fromEntries([...this.visits.values()].map((visit) => [visit.id, visit.stamp])),
      onNews: (data) => this.take(data), onState: (live) => this.state(live),
    });
  }

  draw() {
    const sprite = this.set.icons;
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone === this.set.zone;
    const [from, to] = this.data.hours;
    this.calendar = EventCalendar.create(this.place, {
      view: KINDS[this.view],
      date: this.set.first,
      headerToolbar: { start: "", center: "", end: "" },
      locale: document.documentElement.lang,
      firstDay: 1,
      allDaySlot: false,
      nowIndicator: own, // the browser's clock says nothing where the site's is another
      slotMinTime: clock(from),
      slotMaxTime: clock(to),
      scrollTime: clock(from),
      slotDuration: "00:15",
      slotLabelInterval: "01:00",
      snapDuration: "00:05",
      slotHeight: 26,
      columnWidth: this.columnWidth(),
      hiddenDays: this.hiddenDays(),
      slotEventOverlap: false,
      editable: this.mayBook,
      eventStartEditable: this.mayBook,
      eventDurationEditable: this.mayBook,
      eventLongPressDelay: 400,
      pointer: this.mayBook,
      dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
      resources: this.columns(),
      events: this.events(),
      eventContent: (info) => content(info, this.view, sprite, this.names),
      eventDidMount: (info) => this.mounted(info),
      resourceLabelContent: ({ resource }) => this.label(resource),
      eventClick: (info) => this.open(info.event),
      dateClick: (info) => this.book(info),
      eventDragStart: () => (this.holding = true),
      eventResizeStart: () => (this.holding = true),
      eventDragStop: () => this.letGo(),
      eventResizeStop: () => this.letGo(),
      eventDrop: (info) => this.moved(info),
      eventResize: (info) => this.moved(info),
    });
    this.plain();
    new MutationObserver(() => this.plain()).observe(this.place, { childList: true, subtree: true });
    this.place.dataset.ready = "yes";
  }

  /** The library calls its boxes a table, but visits do not lie in cells: each visit says its column itself. */
  plain() {
    for (const one of this.place.querySelectorAll(TABLE_ROLES)) {
      for (const name of ["role", "aria-colindex", "aria-colspan", "aria-rowindex"]) one.removeAttribute(name);
    }
  }

  redraw() {
    const [from, to] = this.data.hours;
    this.calendar.setOption("slotMinTime", clock(from));
    this.calendar.setOption("slotMaxTime", clock(to));
    this.calendar.setOption("columnWidth", this.columnWidth());
    this.calendar.setOption("hiddenDays", this.hiddenDays());
    this.calendar.setOption("resources", this.columns());
    this.calendar.setOption("events", this.events());
  }

  /** Few columns share the width; many keep a width at which names can be read, and scroll. */
  columnWidth() {
    const count = this.view === "week" ? 7 - this.hiddenDays().length : this.columns().length;
    const width = this.view === "week" ? COLUMN - 32 : COLUMN;
    return count * width + HOURS > this.place.clientWidth ? `${width}px` : undefined;
  }

  /** Days of a week's end on which nothing happens. */
  hiddenDays() {
    if (this.view !== "week") return [];
    const busy = new Set([...this.data.ground, ...this.visits.values()].map((one) => new Date(one.start).getDay()));
    return [6, 0].filter((day) => !busy.has(day));
  }

  // Columns and events under the filters.
  columns() {
    const { clinician, specialty, room } = this.chosen();
    if (this.view === "rooms") {
      const rooms = [...this.data.rooms, { id: "none", name: words.no_room }];
      return rooms.filter((one) => !room || one.id === room).map((one) => ({ id: one.id, title: one.name }));
    }
    const shown = this.data.clinicians
      .filter((one) => !clinician || one.id === clinician)
      .filter((one) => !specialty || one.specialty === specialty)
      .filter((one) => !room || this.inRoom(one.id, room));
    return shown.map((one) => ({ id: one.id, title: one.name, extendedProps: { field: one.field } }));
  }

  inRoom(clinician, room) {
    const here = (one) => one.clinician === clinician && one.room === room;
    return this.data.ground.some(here) || [...this.visits.values()].some(here);
  }

  fits(visit) {
    const { clinician, specialty, room } = this.chosen();
    if (clinician && visit.clinician !== clinician) return false;
    if (room && this.view !== "rooms" && visit.room !== room) return false;
    return !specialty || this.data.clinicians.find((one) => one.id === visit.clinician)?.specialty === specialty;
  }

  events() {
    const ground = this.data.ground.filter((one) => this.view !== "rooms" || (one.room && one.state !== "elsewhere"));
    const visits = [...this.visits.values()].filter((visit) => this.fits(visit));
    return [
      ...ground.map((one, index) => groundEvent(one, index, this.view, this.names)),
      ...visits.map((visit) => visitEvent(visit, this.view, this.mayBook)),
      ...this.data.holds.map((hold) => holdEvent(hold, this.view)),
    ];
  }

  label(resource) {
    const name = document.createElement("span");
    name.className = "cal-column";
    name.textContent = resource.title;
    const nodes = [name];
    if (resource.extendedProps?.field) {
      const field = document.createElement("span");
      field.className = "cal-field";
      field.textContent = resource.extendedProps.field;
      nodes.push(field);
    }
    return { domNodes: nodes };
  }

  mounted({ el, event }) {
    const { visit } = event.extendedProps;
    if (!visit) return;
    el.dataset.visit = visit.id;
    if (this.keepFocus?.id === visit.id && Date.now() < this.keepFocus.until) requestAnimationFrame(() => el.focus());
    if (visit.fresh) el.classList.add("cal-fresh");
  }

  element(id) {
    return this.place.querySelector(`[data-visit="${CSS.escape(id)}"]`);
  }

  // Filters are kept in the address, so that a view can be shared and gone back to.
  chosen() {
    const value = (name) => (this.view === "week" ? "" : this.filters.elements[name]?.value ?? "");
    return { clinician: value("clinician"), specialty: value("specialty"), room: value("room") };
  }

  fillFilters() {
    const asked = new URLSearchParams(location.search);
    const fill = (name, empty, options) => {
      const select = this.filters.elements[name];
      if (!select || this.view === "week") return;
      const kept = select.value || asked.get(name) || "";
      select.replaceChildren(new Option(empty, ""), ...options.map(([value, text]) => new Option(text, value)));
      select.value = options.some(([value]) => value === kept) ? kept : "";
    };
    const fields = new Map(this.data.clinicians.map((one) => [one.specialty, one.field]));
    fill("clinician", words.everybody, this.data.clinicians.map((one) => [one.id, one.name]));
    fill("specialty", words.every_specialty, [...fields].sort((one, other) => one[1].localeCompare(other[1])));
    fill("room", words.every_room, this.data.rooms.map((one) => [one.id, one.name]));
    if (!this.filters.hidden) return;
    this.filters.hidden = false;
    this.filters.addEventListener("submit", (event) => event.preventDefault());
    this.filters.addEventListener("change", ({ target }) => {
      const address = new URL(location.href);
      if (target.value) address.searchParams.set(target.name, target.value);
      else address.searchParams.delete(target.name);
      history.replaceState(null, "", address);
      if (this.view === "week") return this.load();
      this.redraw();
    });
  }

  closed() {
    const told = document.querySelector("[data-calendar-closed]");
    told.replaceChildren(
      ...this.data.closed.map(({ day, words: reason }) => {
        const line = document.createElement("p");
        line.className = "notice tone-warn";
        line.textContent = `${day}: ${words.state.closed}. ${reason}`;
        return line;
      }),
    );
    told.hidden = !this.data.closed.length;
    if (this.data.closed.length && this.data.clinicians.length && this.data.next_day) told.lastChild.append(this.onward());
    this.empty();
  }

  /** The way from a closed day to the next one on which somebody works. */
  onward() {
    const way = document.createElement("a");
    way.href = `?${new URLSearchParams({ view: this.view, day: this.data.next_day })}`;
    way.textContent = words.next_day;
    const line = document.createElement("span");
    line.append(" ", way);
    return line;
  }

  /** Where nobody works there is nothing to draw, but a way to the day on which somebody does. */
  empty() {
    const told = document.querySelector("[data-calendar-empty]");
    const next = told.querySelector("a");
    const nobody = !this.data.clinicians.length;
    told.hidden = !nobody;
    this.place.hidden = nobody;
    next.hidden = !this.data.next_day;
    next.search = new URLSearchParams({ view: this.view, day: this.data.next_day });
  }

  // A visit is opened, moved, or a free time pressed.
  visitUrl(id, step = "") {
    return this.set.visit.replace("00000000-0000-0000-0000-000000000000", id) + step;
  }

  open(event) {
    const { visit } = event.extendedProps;
    if (visit) dialogs.open(this.visitUrl(visit.id), (moved) => this.asked(visit.id, moved));
  }

  book({ date, resource }) {
    if (!this.mayBook) return;
    const { day, time } = wall(date);
    const query = new URLSearchParams({ start: day, time });
    if (resource && this.view !== "rooms") query.set("clinician", resource.id);
    location.assign(`${this.set.find}&${query}`);
  }

  moved(info) {
    const { event, newResource, oldResource } = info;
    const visit = this.visits.get(event.extendedProps.visit.id) ?? event.extendedProps.visit;
    const { day, time } = wall(event.start);
    const target = new URLSearchParams({ dragged: "1", seen: visit.seen, day, time });
    target.set("minutes", String(Math.round((event.end - event.start) / 60000)));
    if (this.view === "rooms") {
      // Only the room of the visit can be changed by hand; what else it needs goes along.
      if (newResource && oldResource?.id !== columnsOf(visit, this.view)[0]) return this.put(visit);
      const room = newResource ? newResource.id : visit.room;
      target.set("clinician", visit.clinician);
      target.set("room", room === "none" ? "" : room);
    } else {
      target.set("clinician", newResource ? newResource.id : visit.clinician);
      if (newResource && newResource.id !== visit.clinician) target.set("room", "");
    }
    dialogs.open(`${this.visitUrl(visit.id, "shift/")}?${target}`, (went) => this.asked(visit.id, went));
  }

  /** The dialog is closed: the visit stands where the server has it. */
  asked(id, went) {
    const visit = this.visits.get(id);
    if (visit && went) Object.assign(visit, went); // whoever drags it on at once does not wait for the news
    else if (visit) this.put(visit);
    this.keep(id);
    this.live.now();
    this.element(id)?.focus();
  }

  /** A visit that is drawn anew within a moment takes the focus along. */
  keep(id) {
    this.keepFocus = { id, until: Date.now() + KEEP };
  }

  put(visit) {
    this.calendar.removeEventById(visit.id);
    if (this.fits(visit)) this.calendar.addEvent(visitEvent(visit, this.view, this.mayBook));
  }

  letGo() {
    this.holding = false;
    for (const data of this.waiting.splice(0)) this.take(data);
  }

  // News of other screens, and of our own acts.
  take(data) {
    this.ticket = data.ticket;
    if (this.holding) return void this.waiting.push(data);
    if (data.ground) this.data.ground = data.ground;
    if (!data.here) return data.ground ? this.redraw() : undefined;
    const known = new Set(this.data.clinicians.map((one) => one.id));
    if (data.visits.some((visit) => !known.has(visit.clinician))) return this.load();
    const focused = document.activeElement?.dataset?.visit;
    if (focused) this.keep(focused);
    const here = new Set(data.here);
    let count = 0;
    for (const id of [...this.visits.keys()].filter((one) => !here.has(one))) {
      this.visits.delete(id);
      this.calendar.removeEventById(id);
      count += 1;
    }
    for (const visit of data.visits) {
      visit.fresh = true;
      this.visits.set(visit.id, visit);
      this.put(visit);
      count += 1;
    }
    this.holds(data.holds);
    if (data.ground) this.redraw();
    if (count) this.say(count === 1 ? words.one_changed : words.many_changed.replace("{count}", count));
  }

  holds(holds) {
    for (const hold of this.data.holds) this.calendar.removeEventById(`hold-${hold.id}`);
    for (const hold of holds) this.calendar.addEvent(holdEvent(hold, this.view));
    this.data.holds = holds;
  }

  say(text) {
    document.querySelector("[data-calendar-said]").textContent = text;
  }

  state(live) {
    const told = document.querySelector("[data-calendar-live]");
    if (told.dataset.state === String(live)) return;
    told.dataset.state = String(live);
    told.textContent = live ? words.live : words.stopped;
  }
}
