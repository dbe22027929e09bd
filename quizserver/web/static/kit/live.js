// @ts-check
// A socket that comes back. It connects, says hello, hands every message on and
// reconnects for ever; it knows no message but the first it sends. Phones sleep,
// change networks and return from the back-forward cache without telling anyone,
// so three page events ask "are you still there?" (docs/reference/wire.md §1).

const FIRST_MS = 300;
const LONGEST_MS = 8000;
const STALE_MS = 3000;
const SETTLED_MS = 5000;
const DIAL_MS = 8000;
/** Least wait by close code: after a restart all phones come back spread out. */
const AT_LEAST = { 1012: 200, 4400: 4000, 4413: 4000, 4429: 5000 };

/**
 * @typedef {"connecting" | "live" | "offline"} Status
 * @typedef {object} Wanted
 * @property {string} path "/ws/phone", "/ws/host" or "/ws/overlay"
 * @property {() => object} hello the first message, made anew for each connection
 * @property {(message: any, receivedAt: number) => void} onMessage
 * @property {(status: Status) => void} [onStatus]
 * @property {Record<number, (code: number) => void>} [fatal] close codes that end it
 * @property {number} [longestMs] longest wait before it dials again
 * @property {() => number} [spreadMs] over how long all who lost the server come back
 */

/**
 * Keep a socket open. Status is "connecting" while dialling, "live" from the
 * first message on, "offline" while waiting to dial again.
 * @param {Wanted} wanted
 */
export function connect({
  path, hello, onMessage, onStatus = () => {}, fatal = {}, longestMs = LONGEST_MS,
  spreadMs = () => 0,
}) {
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {Status | ""} */
  let status = "";
  let tries = 0;
  let heardAt = 0;
  let liveAt = 0;
  let retry = 0;
  let dialling = 0;
  let ended = false;

  /** @param {Status} next */
  function become(next) {
    if (next === status) return;
    status = next;
    onStatus(next);
  }

  function dial() {
    window.clearTimeout(retry);
    leave(socket);
    if (ended) return;
    become("connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(`${scheme}//${location.host}${path}`);
    socket = mine;
    mine.onopen = () => mine.send(JSON.stringify(hello()));
    mine.onmessage = (event) => heard(mine, event);
    mine.onclose = (event) => lost(mine, event.code);
    dialling = window.setTimeout(() => lost(mine, 1006), DIAL_MS);
  }

  /** @param {WebSocket} mine @param {MessageEvent} event */
  function heard(mine, event) {
    if (mine !== socket) return;
    heardAt = performance.now();
    window.clearTimeout(dialling);
    if (status !== "live") liveAt = heardAt;
    become("live");
    onMessage(JSON.parse(event.data), heardAt);
  }

  /** @param {WebSocket} mine @param {number} code */
  function lost(mine, code) {
    if (mine !== socket) return;
    leave(mine);
    socket = null;
    const last = fatal[code];
    if (last) {
      close();
      last(code);
      return;
    }
    // A link that held for a while starts again from the shortest wait.
    if (status === "live" && performance.now() - liveAt > SETTLED_MS) tries = 0;
    become("offline");
    const ceiling = Math.min(longestMs, FIRST_MS * 2 ** Math.min(tries, 6));
    // The first try is soon: it may be this line alone that broke. If it fails, the
    // server is away, and thousands wait with us.
    const spread = tries > 0 ? spreadMs() : 0;
    tries += 1;
    const least = /** @type {Record<number, number>} */ (AT_LEAST)[code] || 0;
    retry = window.setTimeout(dial, least + Math.random() * Math.max(ceiling, least, spread));
  }

  /** @param {WebSocket | null} old */
  function leave(old) {
    window.clearTimeout(dialling);
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  // iOS kills sockets on lock and may not say so for minutes; silence of more
  // than three seconds is not worth trusting when somebody looks again.
  function look() {
    if (ended || document.visibilityState === "hidden") return;
    if (socket && socket.readyState === WebSocket.CONNECTING) return;
    if (status === "live" && performance.now() - heardAt < STALE_MS) return;
    tries = 0;
    dial();
  }

  function close() {
    ended = true;
    window.clearTimeout(retry);
    leave(socket);
    socket = null;
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("pageshow", shown);
    window.removeEventListener("online", look);
    become("offline");
  }

  /** @param {PageTransitionEvent} event */
  function shown(event) {
    if (event.persisted) look();
  }

  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", shown);
  window.addEventListener("online", look);
  dial();

  return {
    /** @param {object} message @returns {boolean} whether the socket took it */
    send(message) {
      if (!socket || socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    close,
    reconnect: dial,
  };
}
