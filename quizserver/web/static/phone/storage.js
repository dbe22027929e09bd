// @ts-check
// What this phone remembers: its token, the answer that has no receipt yet, the
// language and the name for the next show. Storage may be missing or forbidden
// (private windows, some in-app browsers): then it lasts as long as the page.

/** @type {Record<string, string>} */
const memory = {};

/** @param {string} key @returns {any} the stored value or null */
export function load(key) {
  try {
    const text = window.localStorage.getItem(key);
    return text ? JSON.parse(text) : null;
  } catch {
    return key in memory ? JSON.parse(memory[key]) : null;
  }
}

/** @param {string} key @param {unknown} value null or undefined forgets it */
export function save(key, value) {
  const text = JSON.stringify(value === undefined ? null : value);
  memory[key] = text;
  try {
    if (text === "null") window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, text);
  } catch {
    // Kept in memory only.
  }
}

/**
 * Take `/{code}/{via}` and trackers off the address bar; the first page somebody
 * came from is the one that counts (Source: R2.3). The fragment stays.
 * @param {string} key
 */
export function rememberVia(key) {
  const [, show, via] = location.pathname.split("/");
  if (/^[a-z0-9-]{1,16}$/i.test(via || "") && !load(key)) save(key, via.toLowerCase());
  if (location.pathname + location.search !== `/${show}`) {
    window.history.replaceState(null, "", `/${show}${location.hash}`);
  }
}

/**
 * The names of what is kept, for one show.
 * @param {string} code the show's code
 */
export const keysOf = (code) => ({
  seat: `quiz.${code}.seat`,
  answer: `quiz.${code}.answer`,
  via: `quiz.${code}.via`,
  person: "quiz.person",
  language: "quiz.language",
});
