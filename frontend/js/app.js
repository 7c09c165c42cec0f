import htmx from "htmx.org";
import "./requests.js";
import "./session.js";
import "./dialogs.js";
import "./toasts.js";
import "./tables.js";
import "./forms.js";
import "./navigation.js";
import "./palette.js";
import "./passkeys.js";
import { drawCharts } from "./chart-loader.js";

window.htmx = htmx;
drawCharts(document);
document.addEventListener("htmx:after:swap", () => drawCharts(document));
