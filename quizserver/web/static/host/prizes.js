// @ts-check
// The awards of a show, prize by prize: who may still win it and who was passed
// over before them. Pure; ranks and statuses are the server's (Source: R5.4).

import { t } from "../kit/texts.js";

const SHOW = "show";
/** Statuses that still ask for a decision. */
const UNSETTLED = ["provisional", "undecided"];
const OUT = ["skipped", "passed"];

/** @typedef {import("./types.js").Winner} Winner */
/** @typedef {import("./types.js").HostState} HostState */
/**
 * @typedef {object} Prize
 * @property {string} prize "show" or a question's id
 * @property {number | null} number of the question
 * @property {Winner[]} lead who may win it, or has won it
 * @property {Winner[]} out who was passed over before them
 * @property {"provisional" | "undecided" | "confirmed" | "nobody"} state
 */

/**
 * Every prize: the show's first, then the questions in their order.
 * @param {HostState} host @returns {Prize[]}
 */
export function prizesOf(host) {
  const questions = host.questions.filter((row) => row.state === "revealed" && row.number);
  const known = [
    { prize: SHOW, number: null },
    ...questions.map((row) => ({ prize: row.id, number: row.number || null })),
  ].sort((a, b) => (a.number || 0) - (b.number || 0));
  return known.map(({ prize, number }) => {
    const rows = (host.winners || []).filter((winner) => winner.prize === prize);
    const lead = rows.filter((winner) => !OUT.includes(winner.status));
    return {
      prize,
      number,
      lead,
      out: rows.filter((winner) => OUT.includes(winner.status)),
      state: stateOf(lead),
    };
  });
}

/** @param {Winner[]} lead @returns {Prize["state"]} */
function stateOf(lead) {
  if (!lead.length) return "nobody";
  if (lead.some((winner) => winner.status === "undecided")) return "undecided";
  return lead.every((winner) => winner.status === "confirmed") ? "confirmed" : "provisional";
}

/** Prizes that wait for a host's decision. @param {HostState} host @returns {Prize[]} */
export const unsettled = (host) =>
  prizesOf(host).filter((prize) => UNSETTLED.includes(prize.state));

/** @param {Prize[]} prizes how many have somebody to confirm, and how many are done */
export function progress(prizes) {
  const due = prizes.filter((prize) => prize.state !== "nobody");
  return { total: due.length, done: due.filter((prize) => prize.state === "confirmed").length };
}

/** Provisional winners without anything to look at, in order. @param {HostState} host @returns {Winner[]} */
export const unflagged = (host) =>
  prizesOf(host)
    .flatMap((prize) => prize.lead)
    .filter((winner) => winner.status === "provisional" && !(winner.notes || []).length);

/** @param {Winner} winner */
export const isUnsettled = (winner) => UNSETTLED.includes(winner.status);

/** @param {{ prize: string, number?: number | null }} prize */
export const prizeName = ({ prize, number }) =>
  prize === SHOW ? t("host.prize_show") : t("host.prize_question", { n: number || prize });
