// @ts-check
// Cheering between questions (Source: R1.11). Taps are summed up and sent every few
// seconds; the more phones there are, the wider they spread. Nobody is told of it, and
// over plain HTTP it is not offered.

import { html } from "../kit/html.js";
import { REACTIONS, Reaction } from "../kit/reactions.js";
import { t } from "../kit/texts.js";

/** The server counts one message a second. */
const LEAST_MS = 1100;
const WIDEST_MS = 6000;
/** As many phones as shall send in a millisecond, all of them cheering. */
const PHONES_PER_MS = 3;
const ASKS = /^$|draft|asked|open|locked/;

/** @typedef {import("./state.js").State} State */

/** Whether this viewer may cheer now; a pause changes nothing. @param {State} s */
export const mayCheer = (s) =>
  s.cheering && s.seat === "held" && !s.gone && s.link !== "polling" && !ASKS.test(s.phase);

/**
 * @param {{ snapshot: () => State, send: (message: object) => boolean }} parts
 * @returns {(reaction: string) => void} takes a tap
 */
export function createCheering({ snapshot, send }) {
  /** @type {Record<string, number>} */
  let counts = {};
  let timer = 0;

  function tell() {
    timer = 0;
    if (mayCheer(snapshot())) send({ type: "cheer", counts });
    counts = {};
  }

  return (reaction) => {
    counts[reaction] = (counts[reaction] || 0) + 1;
    const spread = Math.min(WIDEST_MS, snapshot().online / PHONES_PER_MS);
    timer = timer || window.setTimeout(tell, LEAST_MS + Math.random() * spread);
  };
}

/** @param {{ act: any }} props */
export const Cheering = ({ act }) =>
  html`<div class="cheer" role="group" aria-label=${t("phone.cheer.title")}>
    ${REACTIONS.map((name) => html`<button
      key=${name}
      type="button"
      aria-label=${t(`phone.cheer.${name}`)}
      onClick=${() => act.cheer(name)}
    ><${Reaction} name=${name} /></button>`)}
  </div>`;
