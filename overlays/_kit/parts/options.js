// @ts-check
// The options: letter, shape and colour as on the phone, in the phone's order.
// After the reveal each carries its share of the answers; wrong ones step back,
// the right one comes forward in gold.

import { html } from "../../../kit/html.js";
import { Shape } from "../../../kit/shapes.js";
import { t } from "../../../kit/texts.js";
import { useFresh } from "../motion.js";
import { Digits, mark, Tick, tidy } from "./text.js";

/** @param {Record<string, number>} counts */
export const total = (counts) => Object.values(counts).reduce((sum, n) => sum + n, 0);

/**
 * @param {{ look: import("../state.js").Look, scene: string, shares?: boolean }} props
 *   without `shares` the reveal says which option is right and no more
 */
export function Options({ look, scene, shares = true }) {
  const { options, id } = look.question;
  const result = scene === "revealed" && look.result ? look.result : null;
  const entered = useFresh(id, look.live);
  const revealed = useFresh(Boolean(result), look.live);
  const all = result ? total(result.counts) : 0;
  return html`<div class="options" data-part="options" data-count=${options.length}
    data-fresh=${mark(entered)} data-state=${scene}>
    ${options.map((/** @type {any} */ option, /** @type {number} */ index) => html`<${Option}
      key=${option.id} option=${option} index=${index} fresh=${revealed}
      right=${result ? result.correct === option.id : null} shares=${shares}
      share=${result && all ? (result.counts[option.id] || 0) / all : 0} />`)}
  </div>`;
}

/**
 * @param {{ option: { id: string, text: string }, index: number, fresh: boolean,
 *   right: boolean | null, share: number, shares: boolean }} props `right` is null before the reveal
 */
function Option({ option, index, fresh, right, share, shares }) {
  const shown = right !== null;
  const counted = shown && shares;
  const place = { "--index": index, "--share": share };
  return html`<div class="option" data-part="option" data-option=${option.id.toLowerCase()}
    data-correct=${shown ? String(right) : undefined} data-fresh=${mark(shown && fresh)}
    style=${place}>
    <div class="option-plate">
      ${counted ? html`<i class="share" data-part="share"></i>` : null}
      <div class="option-face">
        <span class="badge"><${Shape} option=${option.id} /><b>${option.id}</b></span>
        <span class="option-text" data-part="option-text">${tidy(option.text)}</span>
      </div>
      <span class="percent" data-part="percent">
        ${counted ? html`<${Percent} share=${share} />` : null}
      </span>
    </div>
    ${right ? html`<i class="frame"></i><${Tick} />` : null}
  </div>`;
}

/** @param {{ share: number }} props a share of 1 */
export const Percent = ({ share }) =>
  html`<${Digits} text=${t("overlay.percent", { value: Math.round(share * 100) })} />`;
