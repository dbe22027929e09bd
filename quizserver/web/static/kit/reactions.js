// @ts-check
// What people tap to cheer (Source: R1.11), as pictures for phones and overlays: drawn,
// since no font has them on every phone alike. CSS may give them other colours.

import { html } from "./html.js";
import { PATHS } from "./shapes.js";

/** @type {Record<string, [string, string]>} the wire's words: colour, and path data in a 24 × 24 box */
const DRAWN = {
  clap: ["#35c3d2", "M6.4 13h12v3.5a6 6 0 0 1-11.5 2.3Z"],
  heart: ["#ff6b8f", "M12 21C5 16 2 12 2 8.4 2 5 4.3 3 7 3c2 0 3.7 1 5 3 1.3-2 3-3 5-3 2.7 0 5 2 5 5.4 0 3.6-3 7.6-10 12.6Z"],
  fire: ["#ff9142", "M12.6 1c1 4-.6 6-2.6 8s-5 4-5 7.5c0 3.7 3 6.5 7 6.5s7-2.8 7-6.5c0-3-1.5-5.5-3-7.2-.2 1.6-.8 2.7-2 3.3.6-4 .9-8-1.4-11.6ZM12 21c-2 0-3-1-3-2.7s1.5-3 2.5-4.3c2 1.3 3.5 2.6 3.5 4.3S13.7 21 12 21Z"],
  star: ["#b79bff", PATHS.F],
};
const FINGERS = "M7.6 14V8.4M10.8 13V5.2M14 13V4.6M17 13V6.6M4.2 12l3.4 5";
const NOISE = "m19.2 4.6 1.4-2M21.2 7.6l1.8-.7M16 2.9l.2-1.7";

export const REACTIONS = Object.keys(DRAWN);

/** Decorative: whoever draws it says what it is. @param {{ name: string }} props */
export function Reaction({ name }) {
  const [color, filled] = DRAWN[name];
  const shape = html`<path d=${filled} fill=${color} fill-rule="evenodd" />`;
  return html`<svg class="reaction" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${name === "clap"
      ? html`<g stroke=${color} stroke-linecap="round" stroke-width="1.7" transform="translate(0 1.4) scale(.94)">
          <path d=${NOISE} />
          <g transform="rotate(-28 12 13)" stroke-width="2.5"><path d=${FINGERS} />${shape}</g>
        </g>`
      : shape}
  </svg>`;
}
