// @ts-check
// The number that the panel knows this page by, large and for some seconds: so an
// operator with six sources finds out which is which.

const SHOWN_MS = 6000;
/** The panel paints its numbers alike (outputs.css). */
const COLOURS = 8;

let timer = 0;

/** @param {number} number */
export function showNumber(number) {
  const old = document.querySelector(".output-number");
  if (old) old.remove();
  const badge = document.createElement("div");
  badge.className = "output-number";
  badge.dataset.colour = String(number % COLOURS);
  badge.textContent = String(number);
  document.documentElement.append(badge);
  window.clearTimeout(timer);
  timer = window.setTimeout(() => badge.remove(), SHOWN_MS);
}
