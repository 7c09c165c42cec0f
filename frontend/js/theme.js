// Runs before the first paint: the chosen theme, or the system's, without a flash.
const root = document.documentElement;
root.classList.add("has-script");

let chosen = null;
try {
  chosen = localStorage.getItem("medguild.theme");
} catch {
  // Storage may be switched off; the system's choice holds.
}
const system = matchMedia("(prefers-color-scheme: dark)");
const apply = () => root.setAttribute("data-bs-theme", chosen ?? (system.matches ? "dark" : "light"));
apply();
system.addEventListener("change", apply);

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-theme-toggle]")) return;
  chosen = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("medguild.theme", chosen);
  } catch {
    // Holds for this page only.
  }
  apply();
  document.dispatchEvent(new CustomEvent("medguild:theme", { detail: chosen }));
});
