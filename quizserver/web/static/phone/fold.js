// @ts-check
// The reducer: every action and message a phone page knows, in one switch.
// Order is kept by `step` (docs/reference/wire.md §1); an old copy changes
// nothing, a gap changes nothing but the wish for a snapshot, and a cue of a kind
// that this page does not know changes nothing but the count.

import { CUES, replaced } from "./state.js";

/** @typedef {import("./state.js").State} State */

/** @param {State} s @param {any} m @param {number} at @returns {State} */
function cue(s, m, at) {
  if (m.epoch === s.epoch && m.step <= s.step) return s;
  if (m.epoch !== s.epoch || m.step !== s.step + 1) return { ...s, gap: true };
  const changed = m.type in CUES ? CUES[m.type](s, m, at) : {};
  // What leaves the screen as it is must not set it moving anew.
  const seen = s.seen || "phase" in changed;
  return { ...s, ...changed, step: m.step, seen };
}

/** @param {State} s @param {any} m @returns {State} */
function receipt(s, { question, option, status, receipt: code, time_ms }) {
  if (!s.question || s.question.id !== question) return s;
  return { ...s, answer: { question, option, status, receipt: code, time_ms } };
}

/** @param {State} s @param {any} m @returns {State} */
function own(s, { type, question, ...you }) {
  const result =
    s.result && s.result.question === question ? { ...s.result, you } : s.result;
  return { ...s, own: you.show, result };
}

/** @param {State} s @param {any} m @param {number} at @returns {State} */
function message(s, m, at) {
  switch (m.type) {
    case "welcome":
      return { ...replaced({ ...s, you: m.you, show: m.show }, m.state, at), gone: "" };
    case "state":
      // A polled snapshot may be older than a cue that came by the socket.
      return m.epoch === s.epoch && m.step < s.step ? s : replaced(s, m, at);
    case "receipt":
      return receipt(s, m);
    case "you":
      return own(s, m);
    case "presence":
      return {
        ...s,
        online: m.online,
        answered: m.answered === undefined ? s.answered : m.answered,
      };
    default:
      return typeof m.step === "number" ? cue(s, m, at) : s;
  }
}

/**
 * @param {State} s
 * @param {any} action `{type: "message", message, at}` or one of the page's own
 * @returns {State}
 */
export function fold(s, action) {
  switch (action.type) {
    case "message":
      return message(s, action.message, action.at);
    case "link":
      return { ...s, link: action.status };
    case "tapped":
      return {
        ...s,
        answer: {
          question: action.question, option: action.option, status: "sending",
        },
      };
    case "joined":
      return { ...s, seat: "held", gone: "", you: action.you };
    case "left":
      return { ...s, seat: "none", phase: "", step: -1, you: null, answer: null };
    case "gone":
      return { ...s, gone: action.why };
    default:
      return s;
  }
}

/**
 * The name of the screen a state is drawn as.
 * @param {State} s
 * @returns {string}
 */
export function screenOf(s) {
  if (s.gone) return s.gone;
  if (s.seat === "none") return "join";
  if (!s.phase) return "connecting";
  if (s.paused || s.phase === "paused") return "paused";
  const answerless = s.phase === "locked" || s.phase === "revealed";
  if (answerless && s.question && s.question.state === "void") return "void";
  if (s.phase === "asked" && s.opens) return "roll";
  if (s.phase === "confirmed" || s.phase === "published") return "ended";
  return s.phase;
}
