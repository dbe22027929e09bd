// @ts-check
// Which pictures rise for what people tapped in a second, and how (Source: R1.11). Pure,
// and made of the server's numbers alone: two pages that get the same message draw the
// same, as a picture and its key must. However many tap, so many rise and no more.

/** Most pictures at once: so many places there are. */
export const MOST = 24;
/** As many as a narrow picture has room for. */
export const FEW = 15;
/** Most that begin in a second, a share of the places. */
const BEGIN = 1 / 3;
const SECOND_MS = 1000;
const RISE_MS = 2500;
/** A share that lies nowhere near its last ones: 1 / golden ratio. */
const APART = 0.618034;

/**
 * @typedef {object} Flight
 * @property {string} name what rises
 * @property {number} delay @property {number} lasts milliseconds
 * @property {number} x @property {number} y where it begins, @property {number} sway shares of the lane
 * @property {number} until when its place is free again, on performance.now()'s axis
 */
/** @typedef {NonNullable<import("./state.js").Look["cheers"]>} Cheers */

/** @param {Record<string, number>} counts */
const sum = (counts) => Object.values(counts).reduce((all, taps) => all + taps, 0);

/** The fractional part. @param {number} n */
const share = (n) => n - Math.floor(n);

/** As many of each as its share, the kinds in turn. @param {Record<string, number>} counts @param {number} many */
export function chosen(counts, many) {
  const all = sum(counts);
  /** @type {Record<string, number>} */
  const given = {};
  return Array.from({ length: many }, (_, place) => {
    const due = (/** @type {string} */ name) => (counts[name] * (place + 1)) / all - (given[name] || 0);
    const name = Object.keys(counts).reduce((best, one) => (due(one) > due(best) ? one : best));
    given[name] = (given[name] || 0) + 1;
    return name;
  });
}

/** @param {Cheers} cheers @param {number} most at once @returns {Flight[]} */
export function flightsOf({ counts, totals, at }, most) {
  const names = chosen(counts, Math.min(most * BEGIN, sum(counts)));
  return names.map((name, place) => {
    const chance = share((sum(totals) + place) * APART);
    const delay = ((place + chance / 2) * SECOND_MS) / names.length;
    const lasts = RISE_MS + 500 * share(chance * 7);
    return { name, delay, lasts, x: chance, y: share(chance * 5), sway: share(chance * 3) - 0.5, until: at + delay + lasts };
  });
}

/**
 * The places with what has come now; what finds none does not rise.
 * @param {(Flight | null)[]} places @param {Cheers} cheers
 */
export function launched(places, cheers) {
  const coming = flightsOf(cheers, places.length);
  return places.map((flight) => (flight && flight.until > cheers.at ? flight : coming.shift() || null));
}
