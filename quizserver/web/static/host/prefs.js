// @ts-check
// The host's own choices, kept in this browser: theme, privacy switch, letter keys,
// and the language, which the server is told in a cookie since it writes pages, too.
// Nothing here changes the show.

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
    const kept = JSON.parse(localStorage.getItem(KEY) || "{}");
    return { ...fresh, ...kept, lang: fresh.lang }; // the page is in the chosen one
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

/** Every page from now on is in this language. @param {string} lang */
export function keepLanguage(lang) {
  document.cookie = `quiz-lang=${lang}; path=/; max-age=31536000; samesite=lax`;
}
