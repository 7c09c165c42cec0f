// Bundles styles, scripts and icons into the static folder of the ui room. `npm run build`, or `npm run watch`.
import { build, context } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const dist = join(root, "src/medguild/foundation/ui/static/medguild/dist");
const watch = process.argv.includes("--watch");

const shared = {
  bundle: true,
  minify: true,
  outdir: dist,
  target: ["es2022", "chrome123", "firefox125", "safari17.5"],
  legalComments: "linked",
  logLevel: "warning",
  loader: { ".woff2": "file" },
  assetNames: "[name]",
};

// The published bundle declares a global; inside a module it must be exported instead.
const calendarModule = {
  name: "calendar-module",
  setup(setup) {
    setup.onLoad({ filter: /event-calendar\.min\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\nexport default EventCalendar;`,
    }));
  },
};

const scripts = {
  ...shared,
  plugins: [calendarModule],
  entryPoints: ["app", "charts", "calendar"].map((name) => join(here, "js", `${name}.js`)),
  format: "esm",
};

// Read before the first paint, so it must not be a deferred module.
const early = { ...shared, entryPoints: [join(here, "js/theme.js")], format: "iife" };

const styles = { ...shared, entryPoints: ["app", "calendar"].map((name) => join(here, "css", `${name}.css`)) };

/** One sprite of the icons named in icons.txt; `filled:` takes the filled drawing. */
async function icons() {
  const names = (await readFile(join(here, "icons.txt"), "utf8"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const symbols = await Promise.all(names.map(symbol));
  await writeFile(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

async function symbol(name) {
  const filled = name.startsWith("filled:");
  const plain = name.replace("filled:", "");
  const file = join(root, "node_modules/@tabler/icons/icons", filled ? "filled" : "outline", `${plain}.svg`);
  const svg = await readFile(file, "utf8").catch(() => {
    throw new Error(`icons.txt names "${name}", which Tabler does not have`);
  });
  const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const paint = filled
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${filled ? `${plain}-filled` : plain}" viewBox="0 0 24 24" ${paint}>${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const started = Date.now();
await icons();
if (watch) {
  const contexts = await Promise.all([scripts, early, styles].map((options) => context(options)));
  await Promise.all(contexts.map((one) => one.watch()));
  console.log("watching frontend/");
} else {
  await Promise.all([scripts, early, styles].map((options) => build(options)));
  console.log(`front end built in ${Date.now() - started} ms`);
}
