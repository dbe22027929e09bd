// @ts-check
// Program and preview: of all that is known of a show, the picture that this page
// draws. Pure, like state.js. Program follows the show, or stands still while it is
// held, until TAKE; a preview shows what comes next, as the server tells it.

import { fold, NOTHING } from "./state.js";

/** @typedef {import("./state.js").Look} Look */
/** @typedef {{ command: string, label: string, look: Look | null }} Coming `look` null = not told yet */
/**
 * @typedef {object} Buses
 * @property {Look} now the show as it is
 * @property {Look | null} held where it stands still
 * @property {Coming | null} coming
 * @property {number} dressed grows when the page dresses anew: everything is drawn again
 */

/** @type {Buses} */
export const BLANK = { now: NOTHING, held: null, coming: null, dressed: 0 };

/** Nobody saw it change. @template {Look | null} T @param {T} look @returns {T} */
const still = (look) => (look ? { ...look, live: false } : look);

/** A picture that came as a snapshot of its own. @param {any} state @param {Look} now @param {number} at */
const pictured = (state, now, at) => ({
  ...fold(NOTHING, { message: state, at }), show: state.show || now.show, look: /** @type {const} */ ("live"),
});

/** @param {Buses} s @param {any} action as of state.js, or `dressed` @returns {Buses} */
export function foldBuses(s, action) {
  if (action.dressed) {
    const coming = s.coming && { ...s.coming, look: still(s.coming.look) };
    return { now: still(s.now), held: still(s.held), coming, dressed: s.dressed + 1 };
  }
  const now = fold(s.now, action);
  if (now.conn === "none") return { ...BLANK, dressed: s.dressed };
  const next = { ...s, now, held: held(s, now, action), coming: coming(s, now, action) };
  const same = next.now === s.now && next.held === s.held && next.coming === s.coming;
  return same ? s : next;
}

/**
 * What is held, told again: only its names are others. It keeps what no snapshot has
 * of its moment, as how many were there.
 * @param {Look | null} was @param {Look} told @returns {Look}
 */
function renamed(was, told) {
  if (!was || was.epoch !== told.epoch || was.step !== told.step) return told;
  return { ...was, result: told.result, standings: told.standings, winner: told.winner, live: false };
}

/** @param {Buses} s @param {Look} now @param {any} action @returns {Look | null} */
function held(s, now, { message = {}, at = 0, live = false }) {
  if (now.look !== "hold") return null;
  if (message.type === "state") return message.held ? renamed(s.held, pictured(message.held, now, at)) : s.held;
  if (message.take) return { ...now, live };
  return s.now.look === "hold" ? s.held : now;
}

/** @param {Buses} s @param {Look} now @param {any} action @returns {Coming | null} */
function coming(s, now, { message = {}, at = 0 }) {
  const told = message.type === "coming" ? message : message.coming;
  if (!told) return message.type === "state" && now.epoch !== s.now.epoch ? null : s.coming;
  const show = told.show || now.show;
  const look = told.state ? { ...pictured(told.state, now, at), show } : null;
  return { command: told.command, label: told.label, look };
}

/**
 * What this page draws, and whether all overlays were told to show nothing.
 * @param {Buses} s @param {import("./params.js").Params} params
 * @returns {Look}
 */
export function drawn(s, { bus }) {
  const none = { ...NOTHING, conn: s.now.conn };
  if (bus !== "preview") return s.now.look === "hold" ? s.held || none : s.now;
  return s.coming && s.coming.look ? { ...s.coming.look, conn: s.now.conn } : none;
}

/** The panel feeds its own small preview, which has no key. @param {{ dispatch: (action: any) => void }} store */
export function hearPanel(store) {
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== window.parent || !data || !data.coming) return;
    store.dispatch({ conn: "live" });
    store.dispatch({ message: data.coming, at: performance.now() });
  });
}
