// The chart library is heavy, so it is fetched only by pages that show a chart, when the chart comes near the screen.
let loading = null;

function library() {
  const url = document.querySelector('meta[name="asset-charts"]')?.content;
  loading ??= import(/* served by us under a hashed name */ url);
  return loading;
}

const seen = new WeakSet();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      library().then(({ draw }) => draw(target));
    }
  },
  { rootMargin: "200px" },
);

/** Draw every chart of a document or fragment once. */
export function drawCharts(scope) {
  for (const figure of scope.querySelectorAll(".chart[data-chart]")) {
    if (seen.has(figure)) continue;
    seen.add(figure);
    watcher.observe(figure);
  }
}
