// @ts-check
// The show's standings: most right answers, then the smaller sum of times
// (Source: R5.2). Seen live, the old order stands first and then changes places.

import { html, useEffect, useMemo, useRef, useState } from "../../../kit/html.js";
import { integer, seconds, t } from "../../../kit/texts.js";
import { useFit, useShown } from "../fit.js";
import { useFlip, useFresh } from "../motion.js";
import { Digits, mark, Person, Tab } from "./text.js";

const HOLD_MS = 1100;
const SWAP_MS = 800;

/** @param {number} name @param {string} room */
const one = (name, room) => ({ sizes: { "--name-size": name }, room });
const TRIES = [one(46, "--room"), one(42, "--room-long"), one(40, "--room-long"), one(40, "--room-most")];

/** Rows have no id on the wire; equal names are told apart by their order. @param {any[]} top */
function named(top) {
  const seen = new Map();
  return top.map((row) => {
    const name = `${row.name}|${row.unit || ""}`;
    const nth = seen.get(name) || 0;
    seen.set(name, nth + 1);
    return { row, key: `${name}|${nth}` };
  });
}

/** @param {{ look: import("../state.js").Look }} props */
export function Standings({ look }) {
  const { standings, previous } = look;
  const plate = useRef(/** @type {HTMLElement | null} */ (null));
  const rows = useRef(/** @type {HTMLElement | null} */ (null));
  const fresh = useFresh("standings", look.live);
  const moving = useFresh(standings, look.live) && previous !== null && previous.top.length > 0;
  const [settled, settle] = useState(moving ? null : standings);
  useEffect(() => {
    const timer = window.setTimeout(() => settle(standings), moving ? HOLD_MS : 0);
    return () => window.clearTimeout(timer);
  }, [standings, moving]);
  const shown = settled || previous || standings;
  useFit(plate, TRIES, [shown, look.notice], { alone: "data-measured", forms: true });
  const count = useShown(plate, shown ? shown.top.length : 0, `${shown && shown.top.length}|${look.notice}`);
  const top = shown ? shown.top.slice(0, count) : [];
  const before = useMemo(
    () => new Map(named(previous ? previous.top : []).map(({ row, key }) => [key, row.rank])),
    [previous],
  );
  useFlip(rows, shown, look.live, `${count}|${look.notice}`, SWAP_MS);
  return html`<section class="plate standings" data-part="standings" ref=${plate}
    data-fresh=${mark(fresh)} data-settled=${mark(settled === standings)}>
    <div class="tabs">
      <${Tab} part="standings-title">${t("overlay.standings.title")}<//>
      ${shown ? html`<${Tab} kind="plain" part="participants">
        <${Digits} text=${t("overlay.standings.participants", { count: integer(shown.participants) })} />
      <//>` : null}
    </div>
    ${top.length
      ? html`<ol class="rows" ref=${rows} data-count=${top.length}
          style=${{ "--rows": Math.max(5, Math.ceil(top.length / 2)) }}>
          ${named(top).map(({ row, key }, index) => line(row, key, index, before.get(key)))}</ol>`
      : html`<p class="nobody">${t("overlay.standings.none")}</p>`}
  </section>`;
}

/** @param {any} row @param {string} key @param {number} index @param {number | undefined} was */
function line(row, key, index, was) {
  const delta = was === undefined ? "new" : Math.sign(was - row.rank);
  return html`<li class="row" key=${key} data-flip=${key} data-part="row" data-rank=${row.rank}
    data-tied=${mark(row.tied)} data-delta=${delta} style=${{ "--index": index }}>
    <span class="rank"><${Digits} text=${String(row.rank)} /></span>
    <span class="row-words">
      <${Person} name=${row.name} />
      ${row.tied ? html` <em class="tied">${t("overlay.tied")}</em>` : null}
    </span>
    <span class="right" data-part="right">
      <${Digits} text=${t("overlay.standings.right", { right: row.right })} />
    </span>
    <span class="time" data-part="time">${
      // Nothing right took no time, which "0,00" would praise as the best.
      row.right ? html`<${Digits} text=${seconds(row.total_ms)} />` : null
    }</span>
  </li>`;
}
