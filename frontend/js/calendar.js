// The calendar of a site: columns of clinicians or rooms, drag and drop, in step with every other screen.
import { boot } from "./calendar/screen.js";

const place = document.querySelector("[data-calendar]");
if (place) boot(place);
