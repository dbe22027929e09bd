// @ts-check
// What the audience chose: a bar for each option after the reveal, the right one
// in gold. Before the reveal nobody knows it (Source: R3.6).

import { html } from "../../../kit/html.js";
import { Shape } from "../../../kit/shapes.js";
import { integer, t } from "../../../kit/texts.js";
import { useFresh } from "../motion.js";
import { Percent, total } from "./options.js";
import { Digits, mark, Tab, Tick } from "./text.js";

/** @param {{ look: import("../state.js").Look }} props */
export function Distribution({ look }) {
  const fresh = useFresh(look.result, look.live);
  const { counts, correct } = look.result;
  const all = total(counts);
  return html`<section class="plate distribution" data-part="distribution" data-fresh=${mark(fresh)}>
    <div class="tabs">
      <${Tab} part="distribution-title">${t("overlay.distribution.title")}<//>
    </div>
    <ol class="choices">${(look.question.options || []).map(
      (/** @type {{ id: string }} */ { id }, /** @type {number} */ index) => html`<${Choice} key=${id}
        id=${id} index=${index} right=${id === correct} share=${all ? (counts[id] || 0) / all : 0} />`,
    )}</ol>
    <p class="count" data-part="answered">
      <${Digits} text=${t("overlay.answered", { count: integer(all) })} />
    </p>
  </section>`;
}

/** @param {{ id: string, index: number, right: boolean, share: number }} props */
function Choice({ id, index, right, share }) {
  return html`<li class="choice" data-part="choice" data-option=${id.toLowerCase()}
    data-correct=${String(right)} style=${{ "--index": index, "--share": share }}>
    <span class="badge"><${Shape} option=${id} /><b>${id}</b></span>
    <span class="track"><i class="fill"></i></span>
    <span class="percent" data-part="percent"><${Percent} share=${share} /></span>
    ${right ? html`<${Tick} />` : null}
  </li>`;
}
