// @ts-check
// How much of the picture an element may take, in design pixels.

/** What stands partly above a plate needs so much (base.css), design px. */
const ABOVE = "--above";

/** CSS pixels of one design pixel, as --q-u says. */
export function unit() {
  const width = Number.parseFloat(
    getComputedStyle(document.documentElement).getPropertyValue("--q-w"),
  ) || 1920;
  const stage = document.querySelector(".stage");
  return stage ? stage.getBoundingClientRect().width / width : 1;
}

/**
 * The height an element may have: what CSS says, and never more than its layer,
 * which a notice makes lower.
 * @param {HTMLElement} element @param {string} name @param {number} scale CSS px of a design px
 */
export function roomOf(element, name, scale) {
  const style = getComputedStyle(element);
  const [said, above] = [name, ABOVE].map((one) => Number.parseFloat(style.getPropertyValue(one)));
  const layer = element.closest(".layer");
  return Math.min(said || 1e6, layer ? layer.clientHeight / scale - above : 1e6);
}
