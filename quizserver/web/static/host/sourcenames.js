// @ts-check
// Names for sources in OBS: by them is kept what is set for each. Two alike without
// one could change places, and with that their settings, when OBS starts again. Which names
// this browser knows outlives the page, for the sources of a closed OBS are not here; those
// of another browser have another mark.

/** @typedef {import("./types.js").Output} Output */

/** @type {Map<string, string[]>} show → names, where the browser refuses storage */
const kept = new Map();
const MARK = "quiz.sources";
/** Without letters and digits that are taken for others. */
const SIGNS = "23456789abcdefghjkmnpqrstuvwxyz";
/** Ids of outputs whose keys have ended: their names are free. @type {Set<string>} */
const ended = new Set();

/** @param {string} code */
const slot = (code) => `quiz.sources.${code}`;

/** @param {string} code @returns {string[]} */
function known(code) {
  try {
    return JSON.parse(localStorage.getItem(slot(code)) || "[]");
  } catch {
    return kept.get(code) || [];
  }
}

/** @param {string} code @param {string[]} names */
function keep(code, names) {
  kept.set(code, names);
  try {
    localStorage.setItem(slot(code), JSON.stringify(names));
  } catch {
    // Then they last as long as the page.
  }
}

/** Three signs of this browser, so that two do not give the same names. @returns {string} */
function markOfBrowser() {
  const random = crypto.getRandomValues(new Uint8Array(3));
  const made = Array.from(random, (byte) => SIGNS[byte % SIGNS.length]).join("");
  try {
    const mark = localStorage.getItem(MARK) || made;
    localStorage.setItem(MARK, mark);
    return mark;
  } catch {
    return made;
  }
}

const mark = markOfBrowser();

/**
 * A name that no other source has. Those that are missing keep theirs: OBS may shut a
 * source down while nobody sees it.
 * @param {string} code @param {Output[]} outputs
 */
export function takeName(code, outputs) {
  const others = outputs.filter((one) => !ended.has(one.id)).map((one) => one.name || "");
  const taken = new Set([...known(code), ...others]);
  const name = (/** @type {number} */ n) => `obs-${n}-${mark}`;
  let n = 1;
  while (taken.has(name(n))) n += 1;
  keep(code, [...taken.add(name(n))]);
  return name(n);
}

/**
 * The same names again once the keys have ended: what was set for the sources stays.
 * @param {string} code @param {Output[]} outputs
 */
export function freeNames(code, outputs) {
  keep(code, []);
  outputs.forEach((one) => ended.add(one.id));
}
