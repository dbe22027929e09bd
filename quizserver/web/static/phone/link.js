// @ts-check
// The phone's line to the show: the socket first, plain HTTP when there is none.
// Each close code has one fixed behaviour, listed in CLOSED; every other code
// means "try again", which kit/live.js does.

import { connect } from "../kit/live.js";
import { Refusal, fetchState } from "./api.js";
import { createHold } from "./hold.js";

const POLL_AFTER_MS = 4000;
const POLL_MS = 2000;
const GAP_MS = 400;
const OVERDUE_MS = 4000;

/** Close codes that end the line, and the screen each leads to. */
const CLOSED = {
  4400: "outdated", // our message was not understood: another version of the page
  4401: "token", // not a token of this show any more: join again
  4403: "forbidden",
  4404: "no_show",
  4409: "replaced", // a newer tab or phone of the same participant
  4413: "outdated",
};

/**
 * @param {object} parts
 * @param {{snapshot: () => import("./state.js").State, dispatch: (a: any) => void, subscribe: (f: (s: any) => void) => void}} parts.store
 * @param {string} parts.code
 * @param {() => string} parts.token
 * @param {() => string} parts.via the page this viewer came from
 * @param {() => void} parts.onSnapshot after each full snapshot
 * @param {(why: string) => void} parts.onClosed one of the words of CLOSED
 */
export function createLink({ store, code, token, via, onSnapshot, onClosed }) {
  let poll = 0;
  let gap = 0;
  let overdue = 0;
  /** @type {import("../kit/clock.js").Countdown | null} */
  let awaited = null;
  let works = false; // the last poll was answered and no socket is live
  let ended = false;
  let spreadMs = 0; // what the server last said of coming back

  function hello() {
    const { epoch, step } = store.snapshot();
    const known = epoch ? { epoch, step } : {};
    return { type: "hello", v: 1, show: code, token: token(), ...known };
  }

  function delayMs() {
    const { aligned = false, delays = {} } = store.snapshot().stream || {};
    return aligned ? delays[via()] || delays[""] || 0 : 0;
  }

  /** @param {any} message @param {number} at */
  function take(message, at) {
    store.dispatch({ type: "message", message, at });
    if (message.type === "presence") spreadMs = message.spread_ms || 0;
    if (message.type === "welcome" || message.type === "state") onSnapshot();
    else if (store.snapshot().gap && !gap) {
      // Spread out: whatever made one phone miss a cue made a thousand miss it.
      gap = window.setTimeout(ask, Math.random() * GAP_MS);
    }
  }

  // A dead link can look alive for minutes. When a countdown has run out and the
  // cue that must follow has not come, the line is not trusted any more; the
  // wait is spread, in case it was the server that was late.
  store.subscribe((s) => {
    const next = s.link === "live" && !s.paused ? s.opens || s.closes : null;
    if (next === awaited) return;
    awaited = next;
    window.clearTimeout(overdue);
    if (!next || ended) return;
    const wait = next.remaining() + OVERDUE_MS * (1 + Math.random());
    overdue = window.setTimeout(() => ended || socket.reconnect(), wait);
  });

  async function ask() {
    gap = 0;
    try {
      const said = await fetchState(token());
      if (ended) return;
      const type = said.state ? "welcome" : "state";
      hold.put({ ...said, type }, performance.now());
      works = store.snapshot().link !== "live";
    } catch (error) {
      if (!(error instanceof Refusal) || ended) return;
      works = false;
      if (error.status === 401) closed(4401);
      if (error.status === 404) closed(4404);
    }
  }

  /** @param {string} next what the socket says of itself */
  function status(next) {
    if (next === "live") {
      window.clearTimeout(poll);
      poll = 0;
      works = false;
    } else if (!poll && !ended) {
      poll = window.setTimeout(polled, POLL_AFTER_MS);
    }
    // While polling works, dialling in the background is nobody's worry.
    const told = works ? "polling" : next;
    if (told !== store.snapshot().link) store.dispatch({ type: "link", status: told });
  }

  async function polled() {
    await ask();
    if (ended || store.snapshot().link === "live") return;
    status("offline");
    poll = window.setTimeout(polled, POLL_MS);
  }

  /** @param {number} number */
  function closed(number) {
    if (ended) return;
    close();
    onClosed(/** @type {Record<number, string>} */ (CLOSED)[number]);
  }

  function close() {
    ended = true;
    window.clearTimeout(poll);
    window.clearTimeout(gap);
    window.clearTimeout(overdue);
    hold.drop();
    socket.close();
  }

  /** @type {Record<number, (number: number) => void>} */
  const fatal = {};
  Object.keys(CLOSED).forEach((number) => {
    fatal[Number(number)] = closed;
  });
  const hold = createHold({ delayMs, take });
  const socket = connect({
    path: "/ws/phone",
    hello,
    onMessage: hold.put,
    onStatus: (next) => status(next),
    fatal,
    spreadMs: () => spreadMs,
  });
  return { send: socket.send, close };
}
