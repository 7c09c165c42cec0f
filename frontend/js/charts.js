// Draws `ui.parts.Chart` (JSON beside the figure) with ECharts on a canvas; colours come from the design tokens.
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, MarkAreaComponent, MarkLineComponent,
  PieChart, TooltipComponent,
]);

const drawn = new Map();
const canvas = document.createElement("canvas").getContext("2d");

/** The value of a design token as a plain colour; light-dark() is resolved by the browser on a probe element. */
function token(name) {
  const probe = document.createElement("span");
  probe.className = "visually-hidden";
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  canvas.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  return canvas.fillStyle;
}

function palette() {
  return {
    text: token("text"), quiet: token("text-2"), line: token("line"), surface: token("surface"), bad: token("bad"),
    ok: token("ok"), series: [token("accent"), token("warn"), token("ok"), token("info"), token("bad"), token("neutral")],
  };
}

const number = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 2 });
const label = (value, unit) => (value == null ? "–" : `${number.format(value)}${unit ? ` ${unit}` : ""}`);

function axes(spec, colours) {
  const category = {
    type: "category", data: spec.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.quiet, fontSize: 11, hideOverlap: true }, inverse: ["hbar", "waterfall"].includes(spec.kind),
    boundaryGap: !["line", "area", "control"].includes(spec.kind),
  };
  const value = {
    type: "value", scale: ["line", "control"].includes(spec.kind), splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.quiet, fontSize: 11, formatter: (one) => number.format(one) },
  };
  if (["hbar", "waterfall"].includes(spec.kind)) return { xAxis: value, yAxis: category };
  if (spec.kind !== "pareto") return { xAxis: category, yAxis: value };
  const share = { ...value, scale: false, max: 100, splitLine: { show: false }, axisLabel: { ...value.axisLabel, formatter: "{value} %" } };
  return { xAxis: category, yAxis: [value, share] };
}

function marks(spec, colours) {
  const lines = [];
  if (spec.target != null) lines.push({ yAxis: spec.target, name: spec.target_label, lineStyle: { color: colours.ok, type: "dashed" } });
  for (const limit of spec.limits ?? []) lines.push({ yAxis: limit, lineStyle: { color: colours.bad, type: "dotted" } });
  if (!lines.length) return undefined;
  const show = { show: true, color: colours.quiet, fontSize: 11, position: "insideEndTop", formatter: ({ data }) => data.name || "" };
  return { silent: true, symbol: "none", label: show, data: lines };
}

function oneSeries(spec, one, index, colours) {
  const lines = ["line", "area", "control"].includes(spec.kind);
  const limits = spec.limits ?? [];
  const data = one.values.map((value) => {
    const outside = spec.kind === "control" && limits.length === 2 && value != null && (value < limits[0] || value > limits[1]);
    return outside ? { value, symbolSize: 11, symbol: "diamond", itemStyle: { color: colours.bad } } : value;
  });
  return {
    name: one.name, type: lines ? "line" : "bar", data, stack: spec.kind === "stacked" ? "all" : undefined,
    barMaxWidth: 28, symbolSize: 6, showSymbol: spec.kind === "control" || data.length < 20, lineStyle: { width: 2 },
    itemStyle: { borderRadius: spec.kind === "stacked" ? 0 : spec.kind === "hbar" ? [0, 3, 3, 0] : [3, 3, 0, 0] },
    areaStyle: spec.kind === "area" ? { opacity: 0.12 } : undefined, markLine: index === 0 ? marks(spec, colours) : undefined,
  };
}

function shares(values) {
  const total = values.reduce((sum, value) => sum + (value ?? 0), 0) || 1;
  let running = 0;
  return values.map((value) => Math.round(((running += value ?? 0) / total) * 1000) / 10);
}

/** Bars that hang where the one before ended; a total stands on the ground. The invisible bar below carries them. */
function waterfall(spec, colours) {
  const totals = new Set(spec.totals ?? []);
  let level = 0;
  const bars = spec.series[0].values.map((value, index) => {
    const from = totals.has(index) ? 0 : level;
    level = from + (value ?? 0);
    const low = Math.min(from, level), high = Math.max(from, level);
    const apart = low < 0 && high > 0;  // crosses the ground: one bar on each side of it
    const color = totals.has(index) ? colours.series[0] : value < 0 ? colours.series[1] : colours.ok;
    return { value, color, base: apart ? 0 : low >= 0 ? low : high, up: apart ? high : low >= 0 ? high - low : 0, down: apart ? low : low >= 0 ? 0 : low - high };
  });
  const side = (name, pick, style) => ({
    name, type: "bar", stack: "fall", barMaxWidth: 22, data: bars.map((bar) => ({ value: pick(bar), itemStyle: style ?? { color: bar.color, borderRadius: 2 } })),
  });
  return [
    { ...side("", (bar) => bar.base, { color: "transparent" }), silent: true, tooltip: { show: false } },
    side(spec.series[0].name, (bar) => bar.up), side(spec.series[0].name, (bar) => bar.down),
  ];
}

function seriesOf(spec, colours) {
  if (spec.kind === "waterfall") return waterfall(spec, colours);
  if (spec.kind === "donut") {
    const data = spec.categories.map((name, index) => ({ name, value: spec.series[0].values[index] }));
    return [{ type: "pie", radius: ["52%", "78%"], data, label: { color: colours.text, formatter: "{b}  {d} %" }, itemStyle: { borderColor: colours.surface, borderWidth: 2 } }];
  }
  const series = spec.series.map((one, index) => oneSeries(spec, one, index, colours));
  if (spec.kind === "pareto") {
    series.push({ name: spec.share_label, type: "line", yAxisIndex: 1, data: shares(spec.series[0].values), symbolSize: 5, lineStyle: { width: 2 } });
  }
  return series;
}

function stepSaid(spec, over) {
  const index = over[0].dataIndex;
  return `${spec.categories[index]}  ${label(spec.series[0].values[index], spec.unit)}`;
}

function option(spec) {
  const colours = palette();
  const many = spec.series.length > 1 || spec.kind === "pareto";
  return {
    animationDuration: 250, color: colours.series, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.text },
    aria: { enabled: false }, grid: { left: 8, right: 12, top: many ? 34 : 14, bottom: 4, containLabel: true },
    legend: many ? { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: colours.quiet } } : undefined,
    // Rich text instead of HTML: the policy of the pages forbids inline style in markup.
    tooltip: {
      renderMode: "richText", formatter: spec.kind === "waterfall" ? (over) => stepSaid(spec, over) : undefined, trigger: spec.kind === "donut" ? "item" : "axis", valueFormatter: (value) => label(value, spec.unit),
      backgroundColor: colours.surface, borderColor: colours.line, textStyle: { color: colours.text, fontSize: 12 }, confine: true,
    },
    ...(spec.kind === "donut" ? {} : axes(spec, colours)), series: seriesOf(spec, colours),
  };
}

/** Draw the chart of one `<figure class="chart">`. */
export function draw(figure) {
  const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const place = figure.querySelector(".chart-canvas");
  const chart = echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(option(spec));
  chart.on("click", ({ dataIndex }) => {
    const href = spec.hrefs?.[dataIndex];
    if (href) location.href = href;
  });
  new ResizeObserver(() => chart.resize()).observe(place);
  drawn.set(figure, { chart, spec });
  figure.dataset.drawn = "yes";
}

function redraw() {
  for (const [figure, { chart, spec }] of drawn) {
    if (figure.isConnected) {
      chart.setOption(option(spec), true);
    } else {
      chart.dispose();
      drawn.delete(figure);
    }
  }
}

document.addEventListener("medguild:theme", redraw);
