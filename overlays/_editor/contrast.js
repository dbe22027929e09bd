// @ts-check
// Contrast as WCAG 2.2 measures it (1.4.3, 1.4.11), and which colours of a theme
// stand on which. Plates let the camera through, so a pair is judged over white
// and over black and counts as the worse of both. Pure.

/** @typedef {[red: number, green: number, blue: number, alpha: number]} Colour 0–255, alpha 0–1 */
/** @typedef {{ front: string, back: string, least: number }} Pair */

/** Writing, which is large on air but small on a phone that plays the stream. */
const TEXT = 4.5;
/** What is seen and not read: lines, marks, progress. */
const SIGN = 3;

/** @param {string} front @param {string} back @param {number} [least] @returns {Pair} */
const pair = (front, back, least = TEXT) => ({ front: `--q-${front}`, back: `--q-${back}`, least });

/** @type {Pair[]} */
export const PAIRS = [
  pair("text", "surface"), pair("text", "surface-light"), pair("text", "primary"),
  pair("text", "row"), pair("muted", "surface"), pair("muted", "surface-light"),
  pair("accent", "surface"), pair("accent", "primary"), pair("accent", "row"),
  pair("on-accent", "accent"), pair("on-info", "info"),
  ...["a", "b", "c", "d", "e", "f"].map((option) => pair("on-option", option)),
  pair("info", "surface", SIGN), pair("accent", "surface-light", SIGN),
];

/** "#0b2a4a" or "rgba(11, 42, 74, 0.92)". @param {string} text @returns {Colour | null} */
export function parse(text) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (hex) return /** @type {Colour} */ ([...hex.slice(1).map((two) => Number.parseInt(two, 16)), 1]);
  const parts = /^rgba?\(([^)]+)\)$/.exec(text.trim());
  if (!parts) return null;
  const [red, green, blue, alpha = 1] = parts[1].split(/[\s,/]+/).map(Number);
  return [red, green, blue, alpha];
}

/** @param {Colour} colour @param {Colour} ground @returns {Colour} */
export const over = ([r, g, b, a], [gr, gg, gb]) =>
  [a * r + (1 - a) * gr, a * g + (1 - a) * gg, a * b + (1 - a) * gb, 1];

/** @param {Colour} colour */
function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Ratio of two opaque colours, 1 to 21. @param {Colour} one @param {Colour} two */
export function ratio(one, two) {
  const [light, dark] = [luminance(one), luminance(two)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** @type {Colour[]} */
const GROUNDS = [[0, 0, 0, 1], [255, 255, 255, 1]];

/**
 * The worse of what a pair has over white and over black; 1 where a colour cannot be read.
 * @param {string} front @param {string} back
 */
export function worst(front, back) {
  const [writing, plate] = [parse(front), parse(back)];
  if (!writing || !plate) return 1;
  return Math.min(...GROUNDS.map((ground) => {
    const under = over(plate, ground);
    return ratio(over(writing, under), under);
  }));
}

/**
 * @param {Record<string, string>} theme variable → colour
 * @returns {(Pair & { ratio: number, good: boolean })[]}
 */
export const judged = (theme) => PAIRS.map((one) => {
  const found = worst(theme[one.front] || "", theme[one.back] || "");
  return { ...one, ratio: found, good: found >= one.least };
});
