// @ts-check
// What a host sets for this page in the panel, taken over while it is on air. What
// the address says wins. The page remembers what it is called, so that it gets its
// own settings again after a reload.

import { readParams } from "./params.js";
import { dressLook } from "./root.js";
import { dressTheme } from "./theme.js";

/** A theme that does not come keeps no message waiting longer than this. */
const THEME_MS = 3000;

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

const address = () => `${location.pathname}${location.search}`;

/** @param {string} what @returns {string} */
function recall(what) {
  try {
    return sessionStorage.getItem(`${what} ${address()}`) || "";
  } catch {
    return ""; // a page that may store nothing
  }
}

/** @param {string} what @param {string} value */
function remember(what, value) {
  try {
    sessionStorage.setItem(`${what} ${address()}`, value);
  } catch {
    // then the server gives it a place by its kind
  }
}

/** What this page was called before; "" when nobody knows. */
export const placeOf = () => recall("place");

/**
 * A name of this page alone, reloaded or not: its line of before may have broken without
 * the server's knowing. A tab that was duplicated has its store, and is another page.
 */
function nameOfPage() {
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const known = how && how.type === "reload" ? recall("page") : "";
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return known || Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const PAGE = nameOfPage();
remember("page", PAGE);

/**
 * Dress by what was set; `params` changes in place, for all who read it.
 * @param {import("./params.js").Params} params
 * @param {{ place: string, settings: import("./params.js").Settings }} word
 * @returns {Promise<import("./params.js").Params | null>} as it was before; null when nothing changed
 */
export async function wear(params, { place, settings }) {
  remember("place", place);
  const was = { ...params };
  Object.assign(params, readParams(location, settings));
  if (JSON.stringify(was) === JSON.stringify(params)) return null;
  if (was.theme !== params.theme) await Promise.race([dressTheme(params.theme), wait(THEME_MS)]);
  dressLook(params);
  return was;
}

/** What the panel is told of it. @param {import("./params.js").Params} params */
export const worn = (params) => ({
  place: placeOf() || undefined,
  fixed: params.fixed,
  has: {
    theme: params.theme, lang: params.lang || undefined, layout: params.layout,
    position: params.position, delay_ms: params.delay, safe: params.safe, mute: !params.sound,
    hide: params.hide,
  },
});
