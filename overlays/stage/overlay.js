// @ts-check
// The stage: one browser source that follows the whole show by itself. It only
// chooses which part is on; the parts live in the kit, so that single pages
// draw exactly the same.

import { html, useRef } from "../../kit/html.js";
import { Layers } from "../_kit/layers.js";
import { useFlip } from "../_kit/motion.js";
import { Notice, Pause } from "../_kit/parts/cards.js";
import { Lobby } from "../_kit/parts/lobby.js";
import { Question, Void } from "../_kit/parts/question.js";
import { Standings } from "../_kit/parts/standings.js";
import { Winner } from "../_kit/parts/winner.js";
import { layerOf, sceneOf } from "../_kit/scene.js";
import { start } from "../_kit/start.js";

/** @type {Record<string, any>} scene → part; a scene without a part is transparent */
const PARTS = {
  lobby: Lobby, asked: Question, roll: Question, open: Question, locked: Question,
  revealed: Question, void: Void, standings: Standings, ended: Winner, paused: Pause,
};

/** @param {{ look: import("../_kit/state.js").Look, params: import("../_kit/params.js").Params }} props */
function Stage({ look, params }) {
  const stage = useRef(/** @type {HTMLElement | null} */ (null));
  const Part = PARTS[sceneOf(look)];
  useFlip(stage, look.notice, look.live);
  return html`<main class="stage" data-part="stage" ref=${stage}>
    <${Layers} name=${layerOf(look)} live=${look.live}
      node=${Part ? html`<${Part} look=${look} params=${params} />` : null} />
    <${Notice} look=${look} />
  </main>`;
}

start(Stage);
