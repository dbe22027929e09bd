// @ts-check
// The root element says in attributes what is on, so that CSS alone (a theme,
// OBS's Custom CSS box) can restyle any state. The designers' contract.

import { obs } from "./obs.js";
import { sceneOf } from "./scene.js";

/** What shines through while somebody designs; on air it is always transparent. */
const BACKGROUNDS = new Set(["checker", "green", "camera"]);

/** What a host may change while it is on air (settings.js). @param {import("./params.js").Params} params */
export function dressLook(params) {
  const root = document.documentElement;
  Object.assign(root.dataset, { layout: params.layout, position: params.position });
  // All shapes but the wide one are 1080 design pixels wide and share their rules.
  root.toggleAttribute("data-narrow", params.layout !== "16x9");
  root.classList.toggle("show-safe", params.safe);
}

/** @param {import("./params.js").Params} params */
export function dressRoot(params) {
  const root = document.documentElement;
  Object.assign(root.dataset, {
    view: params.view, bus: params.bus, theme: params.theme, phase: "draft", scene: "empty",
    conn: "none", onair: obs.onAir(), demo: params.demo, step: "0",
  });
  dressLook(params);
  if (BACKGROUNDS.has(params.bg)) root.dataset.bg = params.bg;
  else if (/^#?[0-9a-f]{6}$/i.test(params.bg)) {
    root.style.backgroundColor = `#${params.bg.replace("#", "")}`;
  }
  if (params.out) root.dataset.out = params.out;
  obs.onChange(() => (root.dataset.onair = obs.onAir()));
}

/** @param {import("./state.js").Look} look */
export function markRoot(look) {
  Object.assign(document.documentElement.dataset, {
    phase: look.paused ? "paused" : look.phase,
    scene: sceneOf(look),
    conn: look.conn,
    q: look.question ? String(look.question.number) : "",
    question: look.question ? look.question.state || "" : "",
    step: String(look.step),
    epoch: look.epoch,
  });
}
