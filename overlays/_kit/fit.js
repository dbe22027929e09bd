// @ts-check
// Text that finds its size: from large to small until the whole fits the room
// it should keep to, then down to the floor and no further; past the floor it
// wraps and takes more room. Nothing is ever cut off.

import { useLayoutEffect, useState } from "../../kit/html.js";

/**
 * @typedef {object} Try one combination of sizes, in design pixels
 * @property {Record<string, number>} sizes CSS variable → size
 * @property {string} room CSS variable that holds the height it must keep to
 * @property {boolean} [wide] its width counts too: it holds what does not break
 */

/** What stands partly above a plate needs so much (base.css), design px. */
const ABOVE = "--above";

/**
 * The height an element may have: what CSS says, and never more than its layer,
 * which a notice makes lower.
 * @param {HTMLElement} element @param {string} name @param {number} unit
 */
function roomOf(element, name, unit) {
  const style = getComputedStyle(element);
  const [said, above] = [name, ABOVE].map((one) => Number.parseFloat(style.getPropertyValue(one)));
  const layer = element.closest(".layer");
  return Math.min(said || 1e6, layer ? layer.clientHeight / unit - above : 1e6);
}

/**
 * Set the first combination that fits; the last one stays if none does, and the
 * element is marked `data-tight`.
 * @param {HTMLElement} element its CSS variables are set
 * @param {Try[]} tries from the most wanted to the last resort
 * @param {number} unit CSS pixels of one design pixel
 */
export function fit(element, tries, unit) {
  const fits = tries.some(({ sizes, room, wide }) => {
    for (const name of Object.keys(sizes)) {
      element.style.setProperty(name, String(sizes[name]));
    }
    const tall = element.offsetHeight / unit;
    const kept = !wide || element.scrollWidth <= element.clientWidth + 1;
    return kept && tall <= roomOf(element, room, unit);
  });
  element.toggleAttribute("data-tight", !fits);
}

/** CSS pixels of one design pixel, as --q-u says. */
export function unit() {
  const width = Number.parseFloat(
    getComputedStyle(document.documentElement).getPropertyValue("--q-w"),
  ) || 1920;
  const stage = document.querySelector(".stage");
  return stage ? stage.getBoundingClientRect().width / width : 1;
}

/**
 * Fit the element again whenever what it says changes.
 * @param {{ current: HTMLElement | null }} ref
 * @param {Try[]} tries
 * @param {unknown[]} says
 * @param {string} [alone] attribute the element carries while it is measured, so
 *   that CSS can leave out what must not count
 */
export function useFit(ref, tries, says, alone = "") {
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    if (alone) element.setAttribute(alone, "");
    fit(element, tries, unit());
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
    if (!element || shown <= 1) return;
    const scale = unit();
    if (element.offsetHeight / scale > roomOf(element, "--room-most", scale)) {
      show({ key: says, count: shown - 1 });
    }
  });
  return shown;
}
