"use strict";
// before anything is seen: scripts run here, and a choice of light or dark is remembered
document.documentElement.classList.add("script");
try {
  const theme = localStorage.getItem("neurodyn-report-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (refused) {
  // nothing is remembered where storage is refused
}
