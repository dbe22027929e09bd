// @ts-check
// The server's clock, large. Time is computed from the moment the state came,
// never counted; at zero the page waits for the server, which alone closes.

import { html, useEffect, useLayoutEffect, useMemo, useReducer, useRef } from "../kit/html.js";
import { countdown, everySecond } from "../kit/clock.js";
import { t } from "../kit/texts.js";
import { isRolling } from "./model.js";

const LAST_SECONDS = 5;

/** @param {{ host: import("./types.js").HostState, receivedAt: number }} props */
export function Clock({ host, receivedAt }) {
  const rolling = isRolling(host);
  const ms = rolling ? host.opens_in_ms : host.phase === "open" ? host.closes_in_ms : null;
  const [, again] = useReducer((/** @type {number} */ n) => n + 1, 0);
  const count = useMemo(
    () => (ms === null || ms === undefined ? null : countdown(ms, receivedAt)),
    [ms, receivedAt],
  );
  useEffect(() => (count ? everySecond(count, () => again(undefined)) : undefined), [count]);
  const left = count ? count.whole() : null;
  return html`<div class="clock" role="timer" data-clock=${look(rolling, left)}>
    <span class="clock-word">${t(`host.clock_${word(rolling, left)}`)}</span>
    <b class="clock-digits">${left === null ? "–" : left}</b>
  </div>`;
}

/** @param {boolean} rolling @param {number | null} left */
function word(rolling, left) {
  if (left === null) return "idle";
  if (rolling) return "roll";
  return left > 0 ? "open" : "closing";
}

/** @param {boolean} rolling @param {number | null} left */
function look(rolling, left) {
  const now = word(rolling, left);
  return now === "open" && left !== null && left <= LAST_SECONDS ? "last" : now;
}

/**
 * The same time as a bar under the question's head; one animation set to the
 * right moment, so nothing runs per frame in this page.
 * @param {{ host: import("./types.js").HostState, receivedAt: number }} props
 */
export function TimeBar({ host, receivedAt }) {
  const bar = useRef(/** @type {HTMLElement | null} */ (null));
  const open = host.phase === "open" && host.closes_in_ms != null && host.question;
  useLayoutEffect(() => {
    if (!open || !bar.current || !host.question) return undefined;
    const left = countdown(host.closes_in_ms || 0, receivedAt).remaining();
    const part = Math.min(1, left / Math.max(1, host.question.duration_ms, left));
    const run = bar.current.animate(
      [{ transform: `scaleX(${part})` }, { transform: "scaleX(0)" }],
      { duration: left, fill: "forwards" },
    );
    return () => run.cancel();
  }, [open, host.closes_in_ms, receivedAt]);
  return html`<div class="timebar" data-running=${String(Boolean(open))} aria-hidden="true">
    <i ref=${bar} />
  </div>`;
}
