// @ts-check
// From the server's messages to one object that says everything an overlay
// draws. Pure: no socket, no clock, no page; moments arrive inside the actions.
// A snapshot replaces the state, a cue carries it one step forward, a gap or
// another epoch leaves it alone and asks for a snapshot (wire reference §1).

/**
 * @typedef {object} Look
 * @property {string} epoch
 * @property {number} step
 * @property {string} phase as on the wire; what is behind the curtain when paused
 * @property {boolean} paused
 * @property {any} question wire QuestionPart, or null
 * @property {number | null} opensAt moment on performance.now()'s axis
 * @property {number | null} closesAt the same
 * @property {number | null} durationMs the whole time of the open question
 * @property {any} result wire RevealPart, or null
 * @property {any} standings wire StandingsPart, or null
 * @property {any} previous the standings shown before these, or null
 * @property {any[]} winner
 * @property {string} notice
 * @property {string} reason why the question is void, or the show paused
 * @property {any} show wire ShowPart, or null
 * @property {number | null} online
 * @property {number | null} answered
 * @property {boolean} live the last change was seen as it happened: animate it
 * @property {boolean} gap steps are missing: a snapshot is needed
 * @property {"none" | "live" | "stale" | "offline"} conn
 * @property {number | null} syncAt when the count for the calibration began
 * @property {"live" | "clear" | "hold"} look the host's word to all overlays
 * @property {{ counts: Record<string, number>, totals: Record<string, number>, at: number, live: boolean } | null} cheers the last that came since the last question
 */

/** @type {Look} */
export const NOTHING = {
  epoch: "", step: 0, phase: "draft", paused: false, question: null,
  opensAt: null, closesAt: null, durationMs: null, result: null,
  standings: null, previous: null, winner: [], notice: "", reason: "",
  show: null, online: null, answered: null, live: false, gap: false, conn: "none", look: "live",
  syncAt: null, cheers: null,
};

/** What a new question takes away. */
const FRESH = {
  opensAt: null, closesAt: null, result: null, reason: "", answered: null, syncAt: null, cheers: null,
};

/** Phases that show places: they stay when a question is void, with a new order. */
const OVER = new Set(["standings", "ended", "confirmed", "published"]);

/** @param {Look} s @param {any} question what the cue says of it; the rest is known */
const merged = (s, question) =>
  s.question && s.question.id === question.id ? { ...s.question, ...question } : question;

/** When the count of a wire StreamPart began. @param {any} stream @param {number} at */
const began = (stream, at) => (stream && stream.sync_ms != null ? at - stream.sync_ms : null);

/** @param {any} standings @param {any} m */
const rows = (standings, m) => ({ standings: { top: m.top, participants: m.participants }, previous: standings });

/** @type {Record<string, (s: Look, m: any, at: number) => Partial<Look>>} */
const CUES = {
  lobby: () => ({ ...FRESH, phase: "lobby", question: null, winner: [] }),
  asked: (_, m) => ({ ...FRESH, phase: "asked", question: { ...m.question, state: "asked" } }),
  roll: (s, m, at) => ({
    ...FRESH, phase: "asked", opensAt: at + m.in_ms,
    question: { ...merged(s, m.question), state: "asked" },
  }),
  open: (s, m, at) => ({
    ...FRESH, phase: "open", durationMs: m.duration_ms, closesAt: at + m.duration_ms,
    question: { ...merged(s, m.question), state: "open" }, answered: 0,
  }),
  extended: (_, m, at) => ({ durationMs: m.duration_ms, closesAt: at + m.closes_in_ms }),
  locked: (s, m) => ({
    phase: "locked", opensAt: null, closesAt: null,
    question: s.question && { ...s.question, state: "locked" },
  }),
  sealed: (s, m) => (s.question && s.question.id === m.question
    ? { question: { ...s.question, seal: m.code } } : {}),
  revealed: (s, m) => ({
    phase: "revealed", closesAt: null, result: m,
    question: s.question && { ...s.question, state: "revealed" },
  }),
  voided: (s, m) => (s.question && s.question.id === m.question && !OVER.has(s.phase) ? {
    ...FRESH, phase: "locked", reason: m.reason, question: { ...s.question, state: "void" },
  } : {}),
  standings: (s, m) => ({ phase: "standings", ...rows(s.standings, m) }),
  // A pause during the roll takes the question back: the host opens it again.
  paused: (_, m) => ({ paused: true, reason: m.text || "", opensAt: null }),
  resumed: (_, m) => ({ paused: false, reason: "", phase: m.phase }),
  ended: (_, m) => ({ phase: "ended", winner: m.winner || [] }),
  notice: (_, m) => ({ notice: m.text || "" }),
  stream: (_, m, at) => ({ syncAt: began(m.stream, at) }),
  step: (s, m) => ({ look: m.look || s.look, ...(m.cheering === false ? { cheers: null } : {}), ...(m.position != null && s.question ? { question: { ...s.question, position: m.position } } : {}) }),
};

/** Coming back from a pause is no news: what was there before is there again. */
const QUIET = new Set(["resumed", "step", "extended"]);

/** A recount or a lost link ends no cheers. @param {Look} s @param {any} m @param {number} at @returns {Look} */
function fromSnapshot(s, m, at) {
  const moment = (/** @type {number | undefined} */ ms) => (ms == null ? null : at + ms);
  return {
    ...NOTHING, conn: "live", show: m.show || s.show,
    epoch: m.epoch, step: m.step, phase: m.phase, paused: m.paused || false,
    question: m.question || null,
    opensAt: moment(m.opens_in_ms), closesAt: moment(m.closes_in_ms),
    durationMs: (m.question && m.question.duration_ms) || m.closes_in_ms || null,
    result: m.result || null, standings: m.standings || null, winner: m.winner || [],
    // A snapshot behind the curtain has the pause's reason as its notice.
    reason: (m.paused && m.notice) || (m.question && m.question.void_reason) || "", notice: (!m.paused && m.notice) || "",
    online: m.online ?? s.online, answered: m.answered ?? null, look: m.look || "live",
    syncAt: began(m.stream, at),
    cheers: m.cheering && s.epoch === m.epoch && (s.question || {}).id === (m.question || {}).id ? s.cheers : null,
  };
}

/** @param {Look} s @param {any} m @param {number} at @param {boolean} live */
function fromMessage(s, m, at, live) {
  if (m.type === "state") return fromSnapshot(s, m, at);
  if (m.type === "presence") return { ...s, online: m.online, answered: m.answered ?? s.answered };
  if (m.type === "cheers") return { ...s, cheers: { counts: m.counts, totals: m.totals, at, live } };
  if (m.type === "ahead" && m.epoch === s.epoch && !s.gap) return ahead(s, m, at, live);
  if (m.step === undefined || s.gap) return s;
  if (m.epoch === s.epoch && m.step <= s.step) return s;
  if (m.epoch !== s.epoch || m.step !== s.step + 1) return { ...s, gap: true };
  // A cue of a newer server is a step like any other: additions are no gap.
  const cue = CUES[m.type] ? m.type : "step";
  return { ...s, ...CUES[cue](s, m, at), step: m.step, live: live && !QUIET.has(cue) };
}

/** What phones are shown later: a cue before its step. @param {Look} s @param {any} m @param {number} at @param {boolean} live */
function ahead(s, m, at, live) {
  const next = { ...s, ...CUES[m.phase](s, m, at), live };
  return m.closes_in_ms == null ? next : { ...next, closesAt: at + m.closes_in_ms };
}

/**
 * Fold one action in.
 * @param {Look} s
 * @param {{ message?: any, at?: number, live?: boolean, conn?: Look["conn"] }} action
 *   a message with the moment it arrived and whether anybody can have seen it,
 *   or news of the link
 * @returns {Look}
 */
export function fold(s, action) {
  if (action.conn === "none") return NOTHING;
  if (action.conn) return action.conn === s.conn ? s : { ...s, conn: action.conn };
  return fromMessage(s, action.message, action.at || 0, action.live === true);
}
