// @ts-check
// Which picture a state asks for. Pure. An overlay that lost its link keeps its
// last look; after half a minute whatever claims to be happening now goes away,
// and only what stays true (a result, standings, a pause) remains.

import { positionOf } from "./params.js";

/** Scenes that are only right while they happen. */
const CLAIMS_NOW = new Set(["asked", "roll", "open", "locked"]);

/**
 * @param {import("./state.js").Look} s
 * @returns {"empty" | "lobby" | "asked" | "roll" | "open" | "locked" | "revealed"
 *   | "void" | "standings" | "ended" | "paused" | "sync"}
 */
export function sceneOf(s) {
  if (s.conn === "none") return "empty";
  if (s.paused) return "paused";
  if (s.syncAt !== null) return "sync";
  const scene = SCENES[s.phase];
  const found = scene ? scene(s) : "empty";
  return s.conn === "offline" && CLAIMS_NOW.has(found) ? "empty" : found;
}

/** @param {import("./state.js").Look} s */
const inQuestion = (s) => (s.question ? s.question.state : "");

/** @type {Record<string, (s: import("./state.js").Look) => any>} */
const SCENES = {
  lobby: () => "lobby",
  asked: (s) => (!s.question ? "empty" : s.opensAt === null ? "asked" : "roll"),
  open: (s) => (s.question ? "open" : "empty"),
  locked: (s) => (!s.question ? "empty" : inQuestion(s) === "void" ? "void" : "locked"),
  revealed: (s) => (!s.question ? "empty" : inQuestion(s) === "void" ? "void" : "revealed"),
  standings: () => "standings",
  ended: () => "ended",
  confirmed: () => "ended",
  published: () => "ended",
};

/**
 * Where the picture stands: the address says it, else the question that is on, else
 * what was set for this output. @param {import("./state.js").Look} s @param {import("./params.js").Params} params
 */
export function positionIn(s, params) {
  const own = layerOf(s).startsWith("question-") && s.question.position;
  return own && !params.fixed.includes("position") ? positionOf(own, params.layout) : params.position;
}

/** What a host may leave out on one output: pictures, and parts of them. @type {Record<string, string>} */
const PICTURES = {
  lobby: "lobby", asked: "question", roll: "question", open: "question", locked: "question",
  revealed: "question", void: "question", standings: "standings", ended: "winner", paused: "pause",
};

/** Whether the whole picture of a scene is left out. @param {string} scene @param {string[]} hide */
export const isHidden = (scene, hide) => hide.includes(PICTURES[scene]);

/** One layer of the picture: scenes with the same name change in place. @param {any} s */
export function layerOf(s) {
  const scene = sceneOf(s);
  return CLAIMS_NOW.has(scene) || scene === "revealed" || scene === "void"
    ? `question-${s.question.id}` : scene;
}
