// @ts-check
// Text that finds its size: from large to small until the whole fits its room, then
// down to the floor and no further; past that it takes more room. Nothing is cut off.

import { useLayoutEffect, useState } from "../../kit/html.js";
import { roomOf, unit } from "./room.js";

/**
 * @typedef {object} Try one combination of sizes, in design pixels
 * @property {Record<string, number>} sizes CSS variable → size
 * @property {string} room CSS variable that holds the height it must keep to
 * @property {boolean} [wide] its width counts too: it holds what does not break
 */

/** "2" where CSS has a compact form of the element, `[data-compact]`, for what fits it. */
const FORMS = "--forms";
/** What leaves (layers.js) is drawn again, and keeps what it shows. */
const LEAVING = "[data-leaving], [data-gone]";

/** What fitted last, by kind of element. A show's texts are alike; every try is a layout. */
const places = /** @type {Map<string, number>} */ (new Map());

/** A copy without pictures, which would ask the server again. @param {Node} node @returns {Node} */
function bare(node) {
  const copy = node.cloneNode(false);
  for (const child of node.childNodes) {
    if (!(child instanceof HTMLImageElement)) copy.appendChild(bare(child));
  }
  return copy;
}

/** @param {HTMLElement} element @param {Try} one */
function dress(element, { sizes }) {
  for (const [name, size] of Object.entries(sizes)) element.style.setProperty(name, String(size));
}

/** Whether it fits in what it wears. @param {HTMLElement} element @param {Try} one */
function fits(element, { room, wide }) {
  const scale = unit();
  const kept = !wide || element.scrollWidth <= element.clientWidth + 1;
  return kept && element.offsetHeight / scale <= roomOf(element, room, scale);
}

/**
 * Whether the try at `place` fits, and the larger one before it: that on an unseen copy,
 * so that both are laid out at once.
 * @param {HTMLElement} element @param {Try[]} tries @param {number} place
 */
function wearsBoth(element, tries, place) {
  dress(element, tries[place]);
  if (!place) return [fits(element, tries[0]), false];
  const copy = /** @type {HTMLElement} */ (bare(element));
  const desk = document.createElement("div");
  desk.className = "tries";
  desk.append(copy);
  dress(copy, tries[place - 1]);
  element.after(desk);
  const good = fits(element, tries[place]);
  const larger = fits(copy, tries[place - 1]);
  // Where nothing else changes, no layout comes between this one and the picture's.
  if (good && !larger) queueMicrotask(() => desk.remove());
  else desk.remove();
  return [good, larger];
}

/** Set the first combination that fits, else the last one and `data-tight`.
 * @param {HTMLElement} element its CSS variables are set
 * @param {Try[]} tries from the most wanted to the last resort
 * @param {number} usual where to begin with the first of its kind
 */
function fit(element, tries, usual) {
  element.removeAttribute("data-tight");
  element.toggleAttribute("data-tight", !search(element, tries, usual));
}

/** The same, in the compact form where there is one that it fits. @param {HTMLElement} element @param {Try[]} tries @param {number} usual */
function fitForm(element, tries, usual) {
  const forms = Number(getComputedStyle(element).getPropertyValue(FORMS));
  element.toggleAttribute("data-compact", forms > 1);
  fit(element, tries, usual);
  if (forms > 1 && element.hasAttribute("data-tight")) {
    element.removeAttribute("data-compact");
    fit(element, tries, usual);
  }
}

/**
 * Wear the first combination that fits, else the last one; return whether it fits.
 * What fits must fit with all that come after it.
 * @param {HTMLElement} element @param {Try[]} tries @param {number} usual
 */
function search(element, tries, usual) {
  const { state, compact } = element.dataset;
  // The question and the places under it are fitted in one element, by other sizes.
  const kind = `${element.className} ${state} ${compact} ${Object.keys(tries[0].sizes)}`;
  let at = places.get(kind) ?? usual;
  let [good, larger] = wearsBoth(element, tries, at);
  const wears = (/** @type {number} */ place) => {
    dress(element, tries[place]);
    return fits(element, tries[place]);
  };
  while (!good && !larger && at < tries.length - 1) good = wears((at += 1));
  if (larger) {
    do at -= 1;
    while (at && wears(at - 1));
    dress(element, tries[at]);
    good = true;
  }
  places.set(kind, at);
  return good;
}

/**
 * Fit the element again whenever what it says changes.
 * @param {{ current: HTMLElement | null }} ref
 * @param {Try[]} tries @param {unknown[]} says
 * @param {{ alone?: string, usual?: number, forms?: boolean }} [how] `alone`: attribute the
 *   element carries while it is measured, so that CSS can leave out what must not count;
 *   `usual`: the try that mostly fits; `forms`: it may have a compact form
 */
export function useFit(ref, tries, says, { alone = "", usual = 0, forms = false } = {}) {
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    if (alone) element.setAttribute(alone, "");
    (forms ? fitForm : fit)(element, tries, usual);
    if (alone) element.removeAttribute(alone);
  }, says);
}

/**
 * How many of `all` entries may be shown before the element outgrows its layer.
 * Last resort after the smallest size: the foremost stay, the hindmost go.
 * @param {{ current: HTMLElement | null }} ref
 * @param {number} all
 * @param {unknown} says a change of it tries again with all
 */
export function useShown(ref, all, says) {
  const [{ key, count }, show] = useState({ key: says, count: all });
  const shown = Object.is(key, says) ? Math.min(count, all) : all;
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || shown <= 1 || element.closest(LEAVING)) return;
    const scale = unit();
    if (element.offsetHeight / scale > roomOf(element, "--room-most", scale)) {
      show({ key: says, count: shown - 1 });
    }
  });
  return shown;
}
