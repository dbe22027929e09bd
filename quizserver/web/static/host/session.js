// @ts-check
// The panel's line to the show: hello, commands with their own `ref`, replies.
// A command without a reply is sent again with the same ref, which the server
// answers with the first reply (Source: R1.4); it knows nothing of the page.

import { connect } from "../kit/live.js";
import { lang, t } from "../kit/texts.js";

/** Silence after which a command is sent again while the line is up. */
const AGAIN_MS = 3000;
/** Age after which a command is dropped: a step that comes late surprises. */
const OLD_MS = 15000;
/** Panels are few, and somebody waits before each: they need not spread out as phones do. */
const LONGEST_MS = 1000;
const FATAL = [4401, 4403, 4404, 4409];

/**
 * @param {string} show the show's code
 * @param {{ dispatch: (action: import("./model.js").Action) => void,
 *   snapshot: () => import("./types.js").Model }} store
 */
export function openSession(show, store) {
  /** @type {Map<string, { message: object, bornAt: number, timer: number }>} */
  const flights = new Map();
  let wasLost = false;
  const showLang = () => store.snapshot().host?.lang || "";

  const link = connect({
    path: "/ws/host",
    hello: () => ({ type: "hello", v: 1, show }),
    longestMs: LONGEST_MS,
    onMessage: heard,
    onStatus(status) {
      if (status === "offline") wasLost = true;
      store.dispatch({ type: "link", link: status });
    },
    fatal: Object.fromEntries(
      FATAL.map((code) => [code, () => store.dispatch({ type: "fatal", code })]),
    ),
  });

  /** @param {any} message @param {number} receivedAt */
  function heard(message, receivedAt) {
    if (message.type === "state") {
      store.dispatch({ type: "state", host: message, receivedAt });
      if (wasLost) sendAgain();
      wasLost = false;
    } else if (message.type === "live") {
      store.dispatch({ type: "live", live: message.live });
    } else if (message.type === "you") {
      store.dispatch({ type: "you", you: message });
    } else if (message.type === "reply") {
      settle(message.ref, refusal(message.error, message.message, showLang()), message.step);
    } else if (message.type === "error") {
      const note = refusal(message.code, message.message, showLang());
      if (message.ref) settle(message.ref, note);
      else store.dispatch({ type: "note", note });
    }
  }

  /** @param {string} ref @param {import("./types.js").Note | null} note @param {number} [step] */
  function settle(ref, note, step) {
    const flight = flights.get(ref);
    if (!flight) return;
    window.clearTimeout(flight.timer);
    flights.delete(ref);
    store.dispatch({ type: "settled", ref, note, step });
  }

  function sendAgain() {
    if (!flights.size) return;
    store.dispatch({ type: "note", note: { kind: "info", text: t("host.note_sent") } });
    for (const ref of [...flights.keys()]) push(ref);
  }

  /** Send (again), or give up on a command that is too old. @param {string} ref */
  function push(ref) {
    const flight = flights.get(ref);
    if (!flight) return;
    window.clearTimeout(flight.timer);
    if (performance.now() - flight.bornAt > OLD_MS) {
      settle(ref, { kind: "error", text: t("host.note_no_reply") });
      return;
    }
    if (store.snapshot().link === "live") link.send(flight.message);
    flight.timer = window.setTimeout(() => push(ref), AGAIN_MS);
  }

  /**
   * Ask something of the show.
   * @param {string} command
   * @param {Record<string, unknown>} [fields]
   * @returns {boolean} whether it went out
   */
  function ask(command, fields = {}) {
    const { link: status, host } = store.snapshot();
    if (status !== "live" || !host) {
      store.dispatch({ type: "note", note: { kind: "error", text: t("host.note_offline") } });
      return false;
    }
    const ref = newRef();
    const message = { type: "command", command, ref, step: host.step, ...fields };
    flights.set(ref, { message, bornAt: performance.now(), timer: 0 });
    store.dispatch({ type: "sent", ref, command });
    push(ref);
    return true;
  }

  /** A word to overlays, not of the show: nothing answers it. @param {Record<string, unknown>} fields */
  const order = (fields) => link.send({ type: "output", ...fields });

  return { ask, order, close: link.close };
}

/**
 * The plain sentence of a refusal; null when there was none.
 * @param {string | undefined} code @param {string | undefined} said the server's own words
 * @param {string} showLang
 * @returns {import("./types.js").Note | null}
 */
function refusal(code, said, showLang) {
  if (!code) return null;
  // The server's own sentence is in the show's language and may say more.
  const key = `host.error.${code}`;
  const text = t(key);
  const ours = text !== key ? text : said || t("host.error.other");
  return { kind: "error", text: (said && lang() === showLang && said) || ours };
}

/** 96 random bits; `crypto.randomUUID` is missing on plain http in a LAN. */
function newRef() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
