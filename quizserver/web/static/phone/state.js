// @ts-check
// What a phone shows, as one value folded from what arrived. Pure: no socket, no
// storage, no clock but the arrival stamp handed in. A snapshot replaces all; a
// cue counts only as the next step, anything else asks for a snapshot (`gap`).

import { countdown } from "../kit/clock.js";

const EARLY_MS = 500; // more left than a line's jitter: the host locked it

/**
 * @typedef {import("../kit/clock.js").Countdown} Countdown
 * @typedef {{question: string, option: string, status: string, receipt?: string, time_ms?: number}} Answer
 *   status: "sending", or the receipt's "accepted", "late", "not_open", "void"
 * @typedef {object} State
 * @property {string} seat "none" before joining, "held" with a token
 * @property {string} gone why the page has stopped: "", "replaced", "no_show" …
 * @property {string} link "connecting", "live", "offline" or "polling"
 * @property {boolean} gap a cue was missed: a snapshot is wanted
 * @property {boolean} seen this phase was seen to begin, so it may be animated
 * @property {any} show @property {any} you
 * @property {string} epoch @property {number} step @property {string} phase
 * @property {any} question
 * @property {Countdown | null} opens @property {Countdown | null} closes
 * @property {number} durationMs the question's whole time; 0 = not known
 * @property {Answer | null} answer
 * @property {any} result @property {any} standings @property {any} own
 * @property {any[]} winner
 * @property {string} notice @property {boolean} paused @property {string} pauseText
 * @property {string} voidReason of this question @property {string} voidBefore of an earlier one
 * @property {any} stream wire StreamPart or null @property {boolean} counting
 * @property {boolean} cheering @property {number} online @property {number | null} answered
 */

/** @type {State} */
export const INITIAL = {
  seat: "none", gone: "", link: "connecting", gap: false, seen: false,
  show: null, you: null, epoch: "", step: -1, phase: "",
  question: null, opens: null, closes: null, durationMs: 0, answer: null,
  result: null, standings: null, own: null, winner: [],
  notice: "", paused: false, pauseText: "", voidReason: "", voidBefore: "",
  stream: null, counting: false, cheering: false, online: 0, answered: null,
};

/** @param {State} s @param {any} snap @param {number} at @returns {State} */
function replaced(s, snap, at) {
  const same = (s.question || {}).id === (snap.question || {}).id;
  const sending = same && s.answer && s.answer.status === "sending" ? s.answer : null;
  const starts = (/** @type {number | undefined} */ ms) =>
    ms === undefined ? null : countdown(ms, at);
  const whole = (snap.question || {}).duration_ms || (same ? s.durationMs : 0);
  return {
    ...s,
    gap: false,
    seen: false,
    show: snap.show || s.show,
    epoch: snap.epoch,
    step: snap.step,
    phase: snap.phase,
    question: snap.question || null,
    opens: starts(snap.opens_in_ms),
    closes: starts(snap.closes_in_ms),
    durationMs: whole || snap.closes_in_ms || 0,
    answer: snap.your_answer || sending,
    result: snap.result || null,
    standings: snap.standings || null,
    own: snap.you || (snap.result && snap.result.you && snap.result.you.show) || null,
    winner: snap.winner || [],
    // Behind the curtain the notice is the reason of the pause.
    notice: (!snap.paused && snap.notice) || "",
    paused: Boolean(snap.paused),
    pauseText: (snap.paused && snap.notice) || "",
    voidReason: (snap.question || {}).void_reason || "",
    voidBefore: same ? s.voidBefore : "",
    stream: snap.stream || null,
    counting: Boolean(snap.stream && snap.stream.sync_ms !== undefined),
    cheering: snap.cheering === true, online: snap.online === undefined ? s.online : snap.online,
    answered: same ? s.answered : null,
  };
}

/** The question of a cue laid over the one we have, if it is the same. */
/** @param {State} s @param {any} question @returns {Partial<State>} */
function onto(s, question) {
  if (s.question && s.question.id === question.id) {
    return { question: { ...s.question, ...question } };
  }
  return {
    question, answer: null, result: null, voidReason: "", voidBefore: "", answered: null,
  };
}

/** Phases that show places, not a question. */
const OVER = ["standings", "ended", "confirmed", "published"];

/**
 * One row for each cue: what it changes.
 * @type {Record<string, (s: State, m: any, at: number) => Partial<State>>}
 */
const CUES = {
  lobby: () => ({ phase: "lobby", question: null, answer: null, result: null }),
  asked: (s, m) => ({ ...onto(s, m.question), phase: "asked", opens: null, counting: false }),
  roll: (s, m, at) => ({
    ...onto(s, m.question), phase: "asked", opens: countdown(m.in_ms, at), counting: false,
  }),
  open: (s, m, at) => ({
    ...onto(s, m.question),
    phase: "open",
    opens: null,
    closes: countdown(m.duration_ms, at),
    durationMs: m.duration_ms,
  }),
  extended: (s, m, at) => ({
    closes: countdown(m.closes_in_ms, at), durationMs: m.duration_ms,
  }),
  locked: (s, m, at) => ({
    phase: "locked", opens: null, closes: null,
    // Closed early: only the server's clock can say when (Source: R4.7).
    durationMs: s.closes && s.closes.remaining(at) > EARLY_MS ? 0 : s.durationMs,
  }),
  sealed: (s, m) =>
    s.question && s.question.id === m.question
      ? { question: { ...s.question, seal: m.code } }
      : {},
  revealed: (s, { type, epoch, step, ...result }) => ({
    phase: "revealed", closes: null, result,
  }),
  voided: (s, m) =>
    // Standings and the end stay on the screen; a snapshot brings the new order.
    s.question && s.question.id === m.question && !OVER.includes(s.phase)
      ? {
          phase: "locked",
          question: { ...s.question, state: "void" },
          opens: null,
          closes: null,
          result: null,
          voidReason: m.reason,
        }
      : { voidBefore: m.reason },
  standings: (s, m) => ({
    phase: "standings", standings: { top: m.top, participants: m.participants },
  }),
  paused: (s, m) => ({ paused: true, pauseText: m.text || "", opens: null }), // a roll ends
  resumed: (s, m) => ({ paused: false, pauseText: "", phase: m.phase }),
  ended: (s, m) => ({ phase: "ended", winner: m.winner || [], own: m.you || s.own }),
  notice: (s, m) => ({ notice: m.text || "" }),
  stream: (s, m) => ({ stream: m.stream, counting: m.stream.sync_ms !== undefined }),
  step: (s, m) => (m.cheering === undefined ? {} : { cheering: m.cheering }),
};

export { CUES, replaced };
