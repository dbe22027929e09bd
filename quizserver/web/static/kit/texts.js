// @ts-check
// Texts and numbers as people read them. The catalogues are the JSON files of
// quizserver/texts; this module fetches the one of an area, fills placeholders
// and formats numbers. It decides nothing about what is said.

/** @type {Record<string, string>} */
let catalogue = {};
let current = document.documentElement.dataset.lang || "vi";

/** The language shown now: "vi" or "en". */
export const lang = () => current;

/**
 * Load an area's texts (the server merges the common ones in). A page may carry
 * them as `<script type="application/json" id="texts" data-lang="vi">`, which
 * saves a round trip; otherwise they are fetched beside this module's build.
 * @param {string} area "phone", "host", "overlay" …
 * @param {string} [wanted] language; the page's own when left out
 */
export async function loadTexts(area, wanted = current) {
  const inline = document.getElementById("texts");
  if (inline && inline.dataset.lang === wanted) {
    catalogue = JSON.parse(inline.textContent || "{}");
  } else {
    const url = new URL(`../texts/${area}.${wanted}.json`, import.meta.url);
    const answer = await fetch(url.href);
    if (!answer.ok) throw new Error(`no texts at ${url.pathname}`);
    catalogue = await answer.json();
  }
  current = wanted;
  document.documentElement.lang = wanted;
}

/**
 * The text of a key with `{name}` filled in. A missing key shows itself, so
 * that a gap is seen in a test and never breaks a page on air.
 * @param {string} key
 * @param {Record<string, string | number>} [vars]
 * @returns {string}
 */
export function t(key, vars = {}) {
  const text = catalogue[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) =>
    name in vars ? isolated(String(vars[name])) : whole,
  );
}

/**
 * A text of somebody else's, so that its direction of writing stays its own: an
 * Arabic name must not turn the figures around it. As `bdi`, for plain text.
 * @param {string} text
 */
export const isolated = (text) =>
  /[\u0590-\u08ff\ufb1d-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text;

/**
 * Seconds with hundredths, "2,91" or "2.91". Cut, not rounded: ranks compare
 * whole hundredths (Source: R4.8), and 2,91 must not be shown as 2,92.
 * @param {number} ms
 */
export function seconds(ms) {
  const hundredths = Math.floor(ms / 10);
  const rest = String(hundredths % 100).padStart(2, "0");
  return `${Math.floor(hundredths / 100)}${current === "vi" ? "," : "."}${rest}`;
}

/**
 * A whole number with its thousands grouped: "12.345" or "12,345".
 * @param {number} n
 */
export const integer = (n) =>
  String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, current === "vi" ? "." : ",");
