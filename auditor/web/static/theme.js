// Light, dark, or as the system says: chosen before the first paint, kept in this browser.
const KEY = "auditor-theme";
const ORDER = ["system", "light", "dark"];

function chosen() {
  try {
    const kept = localStorage.getItem(KEY);
    return ORDER.includes(kept) ? kept : "system";
  } catch {
    return "system"; // a browser that keeps nothing still shows pages
  }
}

function show(theme) {
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = theme;
}

show(chosen());
document.documentElement.dataset.scripted = "";

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  if (!button) return;
  const label = () => { button.querySelector(".chosen").textContent = chosen(); };
  label();
  button.addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length];
    try { localStorage.setItem(KEY, next); } catch { /* shown all the same, not kept */ }
    show(next);
    label();
  });
});
