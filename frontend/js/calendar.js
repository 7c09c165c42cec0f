// Event Calendar with resource views, for pages that ask for it.
import EventCalendar from "@event-calendar/build/dist/event-calendar.min.js";

window.MedguildCalendar = EventCalendar;
document.dispatchEvent(new CustomEvent("medguild:calendar-ready"));
