// @ts-check
// The clock by itself: digits in a ring that empties, for who lays the question
// out by hand. Two halves turn behind their windows, so that only transform moves.

import { html, useRef } from "../../../kit/html.js";
import { useFresh } from "../motion.js";
import { sceneOf } from "../scene.js";
import { Disc, useTimed } from "./clock.js";

const EMPTY = "rotate(180deg)";
const FULL = "none";
const HALVES = {
  "[data-half=first] > i": [{ transform: FULL }, { transform: EMPTY, offset: 0.5 }, { transform: EMPTY }],
  "[data-half=second] > i": [{ transform: FULL }, { transform: FULL, offset: 0.5 }, { transform: EMPTY }],
};

/** @param {{ look: import("../state.js").Look }} props */
export function Timer({ look }) {
  const scene = sceneOf(look);
  const fresh = useFresh(scene, look.live);
  return html`<div class="timer" data-part="timer">
    <${Disc} look=${look} scene=${scene} fresh=${fresh} />
    ${scene === "open" ? html`<${Ring} look=${look} />` : null}
  </div>`;
}

/** @param {{ look: import("../state.js").Look }} props */
function Ring({ look }) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  useTimed(ref, look, HALVES);
  return html`<div class="ring" data-part="ring" ref=${ref}>
    <i data-half="first"><i></i></i><i data-half="second"><i></i></i>
  </div>`;
}
