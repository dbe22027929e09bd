// @ts-check
// Switches OBS's scenes as the show goes, from inside OBS: a page of one pixel that
// OBS lets do it (page permissions: Advanced). It draws nothing. What is on when the
// page opens stays; only a change of the show's picture changes the scene, once.

import { t } from "../../kit/texts.js";
import { sceneOf } from "../_kit/scene.js";
import { start } from "../_kit/start.js";

/** Picture → the text of its scene's name; the address may name another. */
const SCENES = /** @type {Record<string, string>} */ ({
  lobby: "overlay.remote.lobby",
  asked: "overlay.remote.question",
  open: "overlay.remote.question",
  locked: "overlay.remote.question",
  revealed: "overlay.remote.question",
  standings: "overlay.remote.standings",
  ended: "overlay.remote.ended",
  paused: "overlay.remote.paused",
});
/** Pictures that are part of another one. @type {Record<string, string>} */
const SAME = { roll: "asked", void: "locked" };

const address = new URLSearchParams(location.search);
let last = "";

/** @param {{ look: import("../_kit/state.js").Look }} props */
function Remote({ look }) {
  const scene = sceneOf(look);
  const picture = SAME[scene] || scene;
  // Without a link nothing is known; the scene stays.
  if (look.conn !== "live" || !SCENES[picture] || picture === last) return null;
  const changed = last !== "" && nameOf(picture) !== nameOf(last);
  last = picture;
  const studio = /** @type {any} */ (window).obsstudio;
  if (changed && nameOf(picture) && studio && studio.setCurrentScene) {
    studio.setCurrentScene(nameOf(picture));
  }
  return null;
}

/** The scene of a picture; empty: OBS is left as it is. @param {string} picture */
function nameOf(picture) {
  const chosen = address.get(picture);
  return chosen === null ? t(SCENES[picture]) : chosen;
}

start(Remote);
