// @ts-check
// The lower third between everything: a notice as long as there is one, else what
// is worth knowing just now, one after another. Which one is on depends on the
// clock and not on when the page was opened.

import { html, useEffect, useRef, useState } from "../../../kit/html.js";
import { integer, t } from "../../../kit/texts.js";
import { useFresh } from "../motion.js";
import { addressOf } from "./lobby.js";
import { Digits, mark, Tab, tidy } from "./text.js";

const TURN_MS = 7000;

/** Which of `count` things is on. @param {number} count */
function useTurn(count) {
  const [, redraw] = useState(0);
  const turn = Math.floor(performance.now() / TURN_MS);
  useEffect(() => {
    if (count < 2) return undefined;
    const left = TURN_MS - (performance.now() % TURN_MS);
    const timer = window.setTimeout(() => redraw((n) => n + 1), left);
    return () => window.clearTimeout(timer);
  });
  return count ? turn % count : 0;
}

/** @param {import("../state.js").Look} look @returns {[name: string, text: string][]} */
function itemsOf(look) {
  const { show, question, standings, conn } = look;
  if (look.notice) return [["notice", look.notice]];
  const lead = standings && standings.top.filter((/** @type {any} */ row) => row.rank === 1);
  const counted = look.online !== null && conn !== "offline";
  /** @type {[string, string | null | false][]} */
  const all = [
    ["address", addressOf(show) && t("overlay.ticker.join", { address: addressOf(show) })],
    ["online", counted && t("overlay.ticker.online", { count: integer(look.online || 0) })],
    ["number", question && t("overlay.question.number", question)],
    ["lead", lead && lead.length === 1 && t("overlay.ticker.lead", { name: tidy(lead[0].name) })],
  ];
  return /** @type {[string, string][]} */ (all.filter(([, text]) => text));
}

/** @param {{ look: import("../state.js").Look }} props */
export function Ticker({ look }) {
  const items = itemsOf(look);
  const [name, text] = items[useTurn(items.length)] || ["", ""];
  const on = useRef({ name, fresh: false });
  if (on.current.name !== name) {
    // It was another one's turn, or somebody saw the news come.
    const turned = items.some(([one]) => one === on.current.name);
    on.current = { name, fresh: turned || look.live };
  }
  const fresh = useFresh("ticker", look.live);
  if (!text) return null;
  return html`<section class="plate ticker" data-part="ticker" data-fresh=${mark(fresh)}>
    ${look.show ? html`<div class="tabs"><${Tab} part="title">${look.show.title}<//></div>` : null}
    <p class="ticker-item" key=${name} data-part=${name} data-fresh=${mark(on.current.fresh)}><${Digits} text=${text} /></p>
  </section>`;
}
