// @ts-check
// An overlay made of parts of the kit: it says which part stands for which scene
// and is transparent in all others. The stage and the single pages are this and
// nothing else, so that both draw exactly the same. Sizes are found for one position:
// where a part may stand in another, everything is drawn again there.

import { html, useRef } from "../../kit/html.js";
import { Layers } from "./layers.js";
import { useFlip } from "./motion.js";
import { Notice } from "./parts/cards.js";
import { Flights } from "./parts/reactions.js";
import { isHidden, layerOf, positionIn, sceneOf } from "./scene.js";

/** @typedef {{ look: import("./state.js").Look, params: import("./params.js").Params }} Props */

/**
 * @param {Record<string, any>} parts scene (see scene.js) → part
 * @param {{ notice?: boolean, placed?: boolean, flights?: boolean }} [also] `notice`: the
 *   host's sentence stands under it; `placed`: it stands where a host wants it; `flights`:
 *   what people tap to cheer rises behind it
 */
export function scenes(parts, { notice = false, placed = false, flights = false } = {}) {
  /** @param {Props} props */
  return function Scenes({ look, params }) {
    const stage = useRef(/** @type {HTMLElement | null} */ (null));
    const scene = sceneOf(look);
    const Part = isHidden(scene, params.hide) ? null : parts[scene];
    useFlip(stage, look.notice, look.live);
    return html`<main class="stage" data-part="stage" ref=${stage}>
      ${flights && !params.hide.includes("reactions") ? html`<${Flights} look=${look} params=${params} />` : null}
      <${Layers} key=${placed ? positionIn(look, params) : ""} name=${layerOf(look)} live=${look.live}
        draw=${Part ? () => html`<${Part} look=${look} params=${params} />` : null} />
      ${notice && !params.hide.includes("notice") ? html`<${Notice} look=${look} />` : null}
    </main>`;
  };
}
