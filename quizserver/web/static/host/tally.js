// @ts-check
// What is known of one overlay, and of all together, as words for the views. Pure.

import { t } from "../kit/texts.js";

/** @typedef {import("./types.js").Output} Output */

const COLOURS = 8;
/** What OBS must let a page do before it may switch scenes ("Advanced"). */
const SWITCHES = 4;

/** A panel's own small picture of the stage: no output. */
export const MIRROR = "mirror";

/** The overlays that anybody but this panel may see. @param {import("./types.js").Live} live */
export const outputsOf = (live) => (live.outputs || []).filter((output) => output.view !== MIRROR);

/** The overlay paints its number alike (overlays/_kit/badge.js). @param {Output} output */
export const badgeColour = (output) => String((output.number || 0) % COLOURS);

/**
 * Whether OBS has it in program, as it says itself; a browser says nothing.
 * @param {Output} output
 * @returns {"lost" | "hidden" | "program" | "idle" | "unknown"}
 */
export function tallyOf(output) {
  if (output.lost) return "lost";
  if (output.visible === false) return "hidden";
  if (output.active) return "program";
  return output.active === false ? "idle" : "unknown";
}

/** They work OBS and draw nothing: without a picture nobody would miss them. */
const HELPERS = ["obs-remote", "obs-bridge"];

/** @param {Output[]} outputs */
export const drawingOf = (outputs) => outputs.filter((one) => !HELPERS.includes(one.view));

/** @param {Output[]} outputs how many that draw are connected, on air, missing */
export function countsOf(outputs) {
  const drawing = drawingOf(outputs);
  const count = (/** @type {string} */ word) => drawing.filter((one) => tallyOf(one) === word).length;
  const lost = count("lost");
  return { here: drawing.length - lost, program: count("program"), lost };
}

/**
 * Those that nothing but chance tells apart, and why: "unnamed" ones of a kind may change
 * places when OBS starts again, and "same" names are one place for what is set.
 * @param {Output[]} outputs @returns {Map<string, "unnamed" | "same">} by the id of each
 */
export function twinsOf(outputs) {
  const here = drawingOf(outputs).filter((one) => !one.lost);
  const kind = (/** @type {Output} */ one) => one.name || `${one.view} ${one.layout}`;
  const kinds = here.map(kind);
  const twins = here.filter((one) => kinds.indexOf(kind(one)) !== kinds.lastIndexOf(kind(one)));
  return new Map(twins.map((one) => [one.id, one.name ? "same" : "unnamed"]));
}

/** A name the catalogue has, else the folder's. @param {Output} output */
export function viewName(output) {
  const key = `host.view.${output.view}`;
  const text = t(key);
  return text === key ? output.view : text;
}

/** Built from other files than this page: it needs a reload. @param {Output} output */
export function isOld(output) {
  const build = document.querySelector("meta[name=build]");
  return Boolean(build && output.build && output.build !== build.getAttribute("content"));
}

/** The scene switch that OBS does not let switch. @param {Output} output */
export const needsPermission = (output) =>
  output.view === "obs-remote" && output.control != null && output.control < SWITCHES;
