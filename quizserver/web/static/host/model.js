// @ts-check
// What the panel knows, as one value folded from what arrives. Pure: no socket,
// no clock, no page; the server's word always wins over what was here before.

import { unsettled } from "./prizes.js";

/** @typedef {import("./types.js").Model} Model */
/** @typedef {import("./types.js").HostState} HostState */
/**
 * @typedef {{ type: "link", link: Model["link"] }
 *   | { type: "state", host: HostState, receivedAt: number }
 *   | { type: "live", live: import("./types.js").Live }
 *   | { type: "sent", ref: string, command: string }
 *   | { type: "settled", ref: string, note: import("./types.js").Note | null, step?: number }
 *   | { type: "note", note: import("./types.js").Note | null }
 *   | { type: "you", you: import("./types.js").You }
 *   | { type: "fatal", code: number }} Action
 */

/** @type {Model} */
export const EMPTY = {
  link: "connecting",
  host: null,
  receivedAt: 0,
  changedAt: 0,
  pending: {},
  told: 0,
  note: null,
  you: null,
  fatal: 0,
};

/**
 * Fold `action` into `model`.
 * @param {Model} model
 * @param {Action} action
 * @returns {Model}
 */
export function reduce(model, action) {
  switch (action.type) {
    case "link":
      return { ...model, link: action.link };
    case "state":
      return {
        ...model,
        host: action.host,
        receivedAt: action.receivedAt,
        told: model.host && model.host.epoch === action.host.epoch ? model.told : 0,
        changedAt: means(model.host) === means(action.host) ? model.changedAt : action.receivedAt,
      };
    case "live":
      return model.host ? { ...model, host: { ...model.host, live: action.live } } : model;
    case "sent":
      return { ...model, pending: { ...model.pending, [action.ref]: action.command }, note: null };
    case "settled": {
      const { [action.ref]: _done, ...pending } = model.pending;
      const told = Math.max(model.told, action.step || 0);
      return { ...model, pending, told, note: action.note || model.note };
    }
    case "note":
      return { ...model, note: action.note };
    case "you":
      return { ...model, you: action.you };
    case "fatal":
      return { ...model, fatal: action.code };
    default:
      return model;
  }
}

/** What a host may do who does not drive (quizserver/live/orders.py). */
const DRIVERLESS = ["drive", "look", "take", "set_output", "place", "hide_name", "hold_names"];

/**
 * The show as this host may run it: what the role or the driver forbids is not
 * allowed, whatever the show would take. The server holds to it all the same.
 * @param {Model} model @returns {HostState | null}
 */
export function mine({ host, you }) {
  if (!host || !you) return host;
  const driven = host.driver && host.driver !== you.name;
  const may = (/** @type {string} */ command) =>
    you.commands.includes(command) && (!driven || DRIVERLESS.includes(command));
  const held = may("advance") ? "" : you.commands.includes("advance") ? "driver" : "role";
  return { ...host, allowed: host.allowed.filter(may), next: held ? null : host.next, held };
}

/**
 * What the big button does: the command that comes next, or "winners" while a prize
 * waits for somebody's decision, for results are not final before (Source: R5.4, R5.5).
 * @param {HostState} host
 */
export function stepOf(host) {
  const command = (host.next && host.next.command) || "";
  return command === "confirm" && unsettled(host).length ? "winners" : command;
}

/** The reply to a command may come before the state that it led to. @param {Model} model */
export const isBehind = ({ host, told }) => host !== null && host.step < told;

/** Whether the show waits for a command's reply; cheering is beside the show. @param {Model} model */
export const isBusy = ({ pending }) => Object.values(pending).some((command) => command !== "cheer");

/** @param {HostState | null} host what the next step would do, as one string */
function means(host) {
  return host && host.next ? `${stepOf(host)} ${host.next.number || ""}` : "";
}

/** Whether the role of who looks runs shows: what the server refuses others is not shown. @param {HostState} host */
export const mayConduct = (host) => host.held !== "role";

/** @param {HostState} host whether the question counts down to open */
export const isRolling = (host) => host.phase === "asked" && host.opens_in_ms != null;

/** @param {HostState} host the phase to show: the curtain hides the one behind */
export function shownPhase(host) {
  if (host.paused) return "paused";
  return isRolling(host) ? "rolling" : host.phase;
}

/** Outside the order on air: a reserve not taken, or a question that was replaced. @param {import("./types.js").Row} row */
export const isSpare = (row) => row.number == null;

/** Over for the audience: only winners and results are left. @param {HostState} host */
export const isOver = (host) => ["ended", "confirmed", "published"].includes(host.phase);

/** @param {number} part @param {number} whole whole per cent, 0 when nothing is there */
export const share = (part, whole) => (whole > 0 ? Math.round((100 * part) / whole) : 0);
