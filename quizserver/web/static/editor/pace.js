// @ts-check
// What fits into fifteen seconds: words counted, the time to read them, and what a
// writer should look at again. Advice only; the limits that refuse are the server's.
// A Vietnamese word is counted as it is written, one syllable at a time.

/** The contest's own measures: words of a question, of an option, of both together. */
export const MOST = { text: 25, option: 10, all: 50 };

/** Words a second when read out loud, which is as fast as a room reads along:
 * Vietnamese has 5.2 syllables a second (Pellegrino et al., Language 87, 2011). */
const PACE = { vi: 5, en: 3.5 };
/** Seconds that must remain to choose and to tap. */
const TO_CHOOSE = 4;
/** So many times longer than the next one, an option gives itself away. */
const STICKS_OUT = 2;
const LONG_ENOUGH = 4;
const SHOW_MS = 15000;
const EVERYTHING = /(tất cả|cả) (các )?(phương án|đáp án|ý) (trên|đều)|all of the above/iu;
const NOT_TWICE = /(không|chưa|chẳng)\b.*(không|chưa|chẳng|ngoại trừ|trừ)\b|\bnot\b.*\b(not|except)\b/iu;

/** @param {string} text */
export const wordsOf = (text) => text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** Graphemes, which the limits of the server count. @param {string} text */
export function lengthOf(text) {
  const tidy = text.normalize("NFC").trim().replace(/\s+/gu, " ");
  if (!Intl.Segmenter) return [...tidy].length;
  return [...new Intl.Segmenter().segment(tidy)].length;
}

/**
 * @typedef {object} Pace
 * @property {number} words @property {number} seconds to read, one decimal
 * @property {number} whole seconds there are @property {number} left
 * @property {"good" | "tight" | "long"} verdict
 * @property {{ key: string, values: Record<string, string | number> }[]} advice
 */

/**
 * @param {{ text: string, options: string[], key: string, duration_ms: number | "" }} question
 * @param {string} lang of the pack
 * @returns {Pace}
 */
export function paceOf(question, lang) {
  const options = question.options.map(wordsOf);
  const text = wordsOf(question.text);
  const words = options.reduce((sum, n) => sum + n, text);
  const seconds = Math.round((10 * words) / (lang === "en" ? PACE.en : PACE.vi)) / 10;
  const whole = (Number(question.duration_ms) || SHOW_MS) / 1000;
  const left = Math.round(10 * (whole - seconds)) / 10;
  const advice = adviceOn(question, text, options, words);
  const verdict = left < TO_CHOOSE ? "long" : advice.length ? "tight" : "good";
  return { words, seconds, whole, left, verdict, advice };
}

/** @param {any} question @param {number} text @param {number[]} options @param {number} all */
function adviceOn(question, text, options, all) {
  /** @type {Pace["advice"]} */
  const advice = [];
  const say = (/** @type {string} */ key, /** @type {Record<string, any>} */ values = {}) =>
    advice.push({ key, values });
  if (text > MOST.text) say("text", { n: text, most: MOST.text });
  options.forEach((n, at) => {
    if (n > MOST.option) say("option", { letter: "ABCDEF"[at], n, most: MOST.option });
  });
  if (all > MOST.all) say("all", { n: all, most: MOST.all });
  const keyAt = "ABCDEF".indexOf(question.key || "-");
  const others = options.filter((_, at) => at !== keyAt);
  const longest = Math.max(0, ...others);
  if (keyAt >= 0 && longest && options[keyAt] >= LONG_ENOUGH && options[keyAt] >= STICKS_OUT * longest) {
    say("sticks_out", { letter: question.key });
  }
  if (question.options.some((/** @type {string} */ one) => EVERYTHING.test(one))) say("everything");
  if (NOT_TWICE.test(question.text)) say("not_twice");
  return advice;
}
