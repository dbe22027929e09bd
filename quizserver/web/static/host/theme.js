// Set the theme before the first paint; a classic script, so it runs at once.
// Keep the key in step with prefs.js.
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  var theme = dark ? "dark" : "light";
  try {
    theme = JSON.parse(localStorage.getItem("quiz.host") || "{}").theme || theme;
  } catch (error) {
    // No storage: the system's choice stands.
  }
  document.documentElement.dataset.theme = theme;
})();
