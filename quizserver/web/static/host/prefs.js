// @ts-check
// The host's own choices, kept in this browser: theme, language, privacy switch,
// letter keys. Nothing here reaches the server or changes the show.

/** @typedef {import("./types.js").Prefs} Prefs */

const KEY = "quiz.host";

/** @returns {Prefs} */
export function readPrefs() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  /** @type {Prefs} */
  const fresh = {
    theme: dark ? "dark" : "light",
    lang: document.documentElement.dataset.lang || "vi",
    shy: false,
    letters: true,
  };
  try {
    return { ...fresh, ...JSON.parse(localStorage.getItem(KEY) || "{}") };
  } catch {
    return fresh; // private windows may refuse storage
  }
}

/** @param {Prefs} prefs */
export function keepPrefs(prefs) {
  document.documentElement.dataset.theme = prefs.theme;
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // The choice then lasts as long as the page.
  }
}
