// @ts-check
// The overlay's line to the show: says hello with the key, hands messages on,
// reports its own health, and says how much the picture can still be trusted.
// It draws nothing, and nothing that goes wrong here is ever drawn.

import { connect } from "../../kit/live.js";
import { showNumber } from "./badge.js";
import { frameP95 } from "./frames.js";
import { obs } from "./obs.js";
import { readParams } from "./params.js";
import { PAGE, placeOf, wear, worn } from "./settings.js";
import { fontsCame } from "./supplies.js";

const REPORT_MS = 5000;
/** The server says something at least every ten seconds: after this the link is dead. */
const SILENCE_MS = 15_000;
const OFFLINE_MS = 30_000;
/** Overlays are few and seen by everybody: they need not spread out as phones do. */
const LONGEST_MS = 1000;
const AGAIN_MS = 30_000;
/** Refused on purpose: asking again every second would only fill the log. */
const REFUSED = [4401, 4403, 4404, 4409];

/**
 * @param {import("./params.js").Params} params
 * @param {{ dispatch: (action: any) => void, snapshot: () => import("./buses.js").Buses }} store
 */
export function openLink(params, store) {
  if (!params.key) return;
  const build = buildOf();
  /** @type {ReturnType<typeof connect>} */
  let socket;
  let offline = 0;
  let heardAt = 0;
  /** What waits behind a delay is of no use any more once this has grown. */
  let era = 0;
  let status = "";
  /** Settings before pictures: nothing is ever drawn in another dress first. */
  let dressed = Promise.resolve();

  const tell = () => socket.send({ ...report(build, params.delay), ...worn(params) });

  // The layout is the address's and the window's own: the place is called by it.
  const hello = () => ({
    type: "hello", v: 1, key: params.key, view: params.view, layout: readParams().layout,
    build, obs: obs.version, name: params.name || undefined, place: placeOf(), page: PAGE, bus: params.bus,
  });

  /** @param {any} word @param {boolean} isLive whether it comes while messages may wait */
  const dress = async (word, isLive) => {
    const was = await wear(params, word);
    if (was) store.dispatch({ dressed: true });
    if (was && isLive && was.delay !== params.delay) {
      era += 1;
      socket.reconnect(); // the snapshot comes at the new delay
    }
    if (was || isLive) tell();
  };

  /** @param {any} message @param {number} receivedAt */
  const take = (message, receivedAt) => {
    heardAt = receivedAt;
    if (ORDERS[message.type]) return ORDERS[message.type](message);
    const { output } = message;
    if (output) inTurn(() => dress(output, message.type === "settings"));
    if (message.type !== "settings") inTurn(() => schedule(message, receivedAt));
  };

  // What goes wrong with one message costs that one: the next has its turn.
  /** @param {() => void | Promise<void>} call */
  const inTurn = (call) => {
    dressed = dressed.then(call).catch((error) => console.error(error));
  };

  /** @param {any} message @param {number} receivedAt */
  const schedule = (message, receivedAt) => {
    const at = receivedAt + params.delay;
    const before = era;
    if (!params.delay) apply(message, at);
    else window.setTimeout(() => before === era && apply(message, at), params.delay);
  };

  // One call for each gap: with a delay, messages of the old line go on coming
  // until the snapshot that was called for is there.
  /** @param {any} message @param {number} at */
  const apply = (message, at) => {
    const called = store.snapshot().now.gap;
    store.dispatch({ message, at, live: !document.hidden });
    if (message.step !== undefined) afterDrawing(tell);
    if (!called && store.snapshot().now.gap) socket.reconnect();
  };

  // "live" is not said here: the snapshot that follows a new link says it, so
  // that an old look never comes back for a moment.
  /** @param {string} now */
  const trust = (now) => {
    status = now;
    if (now === "live") window.clearTimeout(offline);
    else if (store.snapshot().now.conn === "live") {
      store.dispatch({ conn: "stale" });
      offline = window.setTimeout(() => store.dispatch({ conn: "offline" }), OFFLINE_MS);
    }
  };

  // Whoever holds no good key (any more) shows nothing of the show.
  const again = () => {
    era += 1;
    window.clearTimeout(offline);
    store.dispatch({ conn: "none" });
    window.setTimeout(dial, AGAIN_MS);
  };
  const fatal = Object.fromEntries(REFUSED.map((code) => [code, again]));
  function dial() {
    socket = connect({
      path: "/ws/overlay", hello, onMessage: take, onStatus: trust, fatal, longestMs: LONGEST_MS,
    });
  }

  dial();
  window.setInterval(() => {
    tell();
    obs.ask();
    if (status === "live" && performance.now() - heardAt > SILENCE_MS) socket.reconnect();
  }, REPORT_MS);
  window.addEventListener("hashchange", () => location.reload());
}

/** What a host says to this page alone. @type {Record<string, (message: any) => void>} */
const ORDERS = {
  identify: ({ number }) => showNumber(number),
  reload: () => location.reload(),
};

/** Call it once what was dispatched is on the screen, if anybody can see the page. @param {() => void} call */
function afterDrawing(call) {
  if (document.hidden) window.setTimeout(call);
  else requestAnimationFrame(() => window.setTimeout(call));
}

/** @param {string | undefined} build @param {number} delay */
function report(build, delay) {
  const { scene, step } = document.documentElement.dataset;
  return {
    type: "output", visible: obs.visible(), active: obs.active(), obs: obs.version,
    frame_p95_ms: frameP95(), fonts: fontsCame(), build, scene, step: Number(step), delay_ms: delay,
    size: `${window.innerWidth}x${window.innerHeight}`, ...obs.facts(),
  };
}

const buildOf = () => document.querySelector('meta[name="build"]')?.getAttribute("content") || undefined;
