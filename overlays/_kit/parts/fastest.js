// @ts-check
// Who was right and fastest: three places at most, third first. Equal
// hundredths are a dead heat and are said to be one (Source: R4.8).

import { html, useRef } from "../../../kit/html.js";
import { seconds, t } from "../../../kit/texts.js";
import { useFit, useShown } from "../fit.js";
import { useFresh } from "../motion.js";
import { Digits, mark, Person, Seal, Tab } from "./text.js";

const PLACES = 3;
const TRIES = [48, 44, 40].map((size) => ({ sizes: { "--place-size": size }, room: "--room-place" }));

/**
 * @param {{ look: import("../state.js").Look, params: import("../params.js").Params, fresh: boolean,
 *   within: { current: HTMLElement | null } }} props `within` must not outgrow its layer
 */
export function Fastest({ look, params, fresh, within }) {
  const all = (look.result && look.result.fastest) || [];
  useFit(within, TRIES, [look.result, look.notice]);
  const count = useShown(within, Math.min(PLACES, all.length), look.result);
  const shown = all.slice(0, count);
  const last = shown[shown.length - 1];
  const more = last
    ? all.filter((/** @type {any} */ row, /** @type {number} */ index) =>
      index >= count && row.tied && row.rank === last.rank).length
    : 0;
  return html`<section class="plate fastest" data-part="fastest" data-fresh=${mark(fresh)}>
    <div class="tabs">
      <${Tab} kind=${shown.length ? "gold" : "info"} part="fastest-title">${t("overlay.fastest.title")}<//>
      ${more ? html`<${Tab} kind="plain" part="fastest-more">
        <${Digits} text=${t("overlay.fastest.more", { count: more })} /><//>` : null}
      <${Seal} look=${look} params=${params} />
    </div>
    ${shown.length
      ? html`<ol class="places" data-lead=${mark(!shown[0].tied)}>${shown.map((row, index) => place(row, index, shown.length - 1 - index))}</ol>`
      : html`<p class="nobody">${t("overlay.fastest.none")}</p>`}
  </section>`;
}

/** The fastest by themselves. @param {{ look: import("../state.js").Look, params: import("../params.js").Params }} props */
export function FastestAlone({ look, params }) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  const fresh = useFresh(look.result, look.live);
  return html`<div class="upper" data-alone="" ref=${ref}>
    <${Fastest} look=${look} params=${params} fresh=${fresh} within=${ref} />
  </div>`;
}

/** @param {any} row @param {number} index @param {number} turn how many come before it */
function place(row, index, turn) {
  const rank = row.rank || index + 1;
  return html`<li class="place" key=${index} data-part="place" data-rank=${rank}
    data-tied=${mark(row.tied)} style=${{ "--turn": turn }}>
    <span class="rank"><${Digits} text=${String(rank)} /></span>
    <div class="place-words">
      <${Person} name=${row.name} />
      <span class="time" data-part="time">
        <${Digits} text=${t("overlay.seconds", { seconds: seconds(row.time_ms) })} />
        ${row.tied ? html` <em class="tied">${t("overlay.tied")}</em>` : null}
      </span>
    </div>
  </li>`;
}
