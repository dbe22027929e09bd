// @ts-check
// The end of the show: who won, or that nobody did, or that the organisers have
// to decide (Source: R5.4, R5.5). Gold light, and confetti for four seconds.

import { html, useEffect, useMemo, useRef, useState } from "../../../kit/html.js";
import { seconds, t } from "../../../kit/texts.js";
import { useFit } from "../fit.js";
import { calm, useFresh } from "../motion.js";
import { Digits, mark, Person, Tab } from "./text.js";

const CONFETTI_MS = 4200;
const PIECES = 56;
/** Names have the sizes of CSS; whether they fit chooses between its forms. */
const TRIES = [{ sizes: {}, room: "--room-most" }];

/** @param {any} row */
const wins = (row) => row.prize === "show" && !["skipped", "passed"].includes(row.status);

/** @param {{ look: import("../state.js").Look }} props */
export function Winner({ look }) {
  const fresh = useFresh("ended", look.live);
  const winners = look.winner.filter(wins);
  const undecided = winners.some((row) => row.status === "undecided");
  const won = winners.length > 0 && !undecided;
  const scene = useRef(/** @type {HTMLElement | null} */ (null));
  useFit(scene, TRIES, [look.winner, look.notice], { forms: true });
  return html`<div class="winner-scene" ref=${scene} data-fresh=${mark(fresh)}>
    ${won ? html`<i class="light"></i>` : null}
    ${fresh && won && !calm() ? html`<${Confetti} />` : null}
    <section class="plate winner" data-part="winner" data-fresh=${mark(fresh)}
      data-count=${winners.length}>
      <div class="tabs">
        <${Tab} kind=${won ? "gold" : "info"} part="winner-title">
          ${t(titleOf(winners, undecided))}
        <//>
        ${status(winners, undecided)}
      </div>
      ${winners.length
        ? html`<ol class="winners">${winners.map(line)}</ol>`
        : html`<p class="card-title">${t("overlay.winner.none")}</p>`}
    </section>
  </div>`;
}

/** Nobody is called the winner before it is decided. @param {any[]} winners @param {boolean} undecided */
function titleOf(winners, undecided) {
  if (undecided) return "overlay.winner.tie";
  return winners.length > 1 ? "overlay.winner.titles" : "overlay.winner.title";
}

/** @param {any[]} winners @param {boolean} undecided */
function status(winners, undecided) {
  const provisional = winners.some((row) => row.status === "provisional");
  if (!undecided && !provisional) return null;
  const key = undecided ? "overlay.winner.undecided" : "overlay.winner.provisional";
  return html`<${Tab} kind="plain" part="winner-status">${t(key)}<//>`;
}

/** @param {any} row @param {number} index */
function line(row, index) {
  const score = row.right == null ? "" : t("overlay.winner.score", {
    right: row.right, seconds: seconds(row.time_ms || 0),
  });
  return html`<li class="winner-row" key=${index} data-part="winner-row"
    data-tied=${mark(row.tied)} style=${{ "--index": index }}>
    <${Person} name=${row.name} unit=${row.unit} />
    <span class="score" data-part="score">
      ${score ? html`<${Digits} text=${score} />` : null}
      ${row.tied ? html` <em class="tied">${t("overlay.tied")}</em>` : null}
    </span>
  </li>`;
}

/** A handful of falling pieces, gone after four seconds. */
function Confetti() {
  const [falling, fall] = useState(true);
  useEffect(() => {
    const timer = window.setTimeout(() => fall(false), CONFETTI_MS);
    return () => window.clearTimeout(timer);
  }, []);
  const pieces = useMemo(() => Array.from({ length: PIECES }, () => ({
    "--x": Math.random(), "--drift": Math.random() - 0.5, "--turn": Math.random(),
    "--wait": Math.random(),
  })), []);
  if (!falling) return null;
  return html`<div class="confetti" data-part="confetti">
    ${pieces.map((style, index) => html`<i key=${index} data-hue=${index % 3} style=${style}></i>`)}
  </div>`;
}
