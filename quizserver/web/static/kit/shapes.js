// @ts-check
// The option marks: every option has a letter, a shape and a colour, so that
// nobody needs to see colours (WCAG 1.4.1). Shapes are inline SVG because no
// font we use has them on every phone. Colours come from CSS as --a … --f.

import { html } from "./html.js";

/** @type {Record<string, string>} path data in a 24 × 24 box */
export const PATHS = {
  A: "M12 2.5 22.5 21H1.5Z",
  B: "M12 1 23 12 12 23 1 12Z",
  C: "M12 1.5a10.5 10.5 0 1 1 0 21 10.5 10.5 0 0 1 0-21Z",
  D: "M3 3h18v18H3Z",
  E: "M12 1.5 23 9.6 18.8 22.5H5.2L1 9.6Z",
  F: "m12 1.2 3.2 7 7.6.8-5.7 5.1 1.6 7.5L12 17.8l-6.7 3.8 1.6-7.5L1.2 9l7.6-.8Z",
};

/**
 * The shape of an option: A triangle, B diamond, C circle, D square,
 * E pentagon, F star. Decorative: the letter beside it is what is read out.
 * @param {{ option: string, size?: number }} props size in CSS pixels
 */
export function Shape({ option, size = 28 }) {
  return html`<svg
    class="shape"
    data-option=${option.toLowerCase()}
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    aria-hidden="true"
    focusable="false"
  >
    <path d=${PATHS[option.toUpperCase()] || PATHS.C} fill="currentColor" />
  </svg>`;
}
