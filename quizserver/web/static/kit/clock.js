// @ts-check
// Time left, computed from the clock and never counted in ticks: a page that
// was asleep is right again at once. Only `performance.now()` is read here, so
// a wrong wall clock changes nothing. Closing is decided by the server alone;
// what is computed here is for the eye.

/**
 * @typedef {object} Countdown
 * @property {number} endsAt moment of the end on `performance.now()`'s axis, ms
 * @property {(now?: number) => number} remaining ms left, never below 0
 * @property {(now?: number) => number} whole whole seconds left, rounded up
 */

/**
 * A countdown from a duration the server sent.
 * @param {number} closesInMs ms left when the message was made
 * @param {number} receivedAt `performance.now()` when it arrived
 * @returns {Countdown}
 */
export function countdown(closesInMs, receivedAt) {
  const endsAt = receivedAt + closesInMs;
  const remaining = (now = performance.now()) => Math.max(0, endsAt - now);
  return {
    endsAt,
    remaining,
    whole: (now = performance.now()) => Math.ceil(remaining(now) / 1000),
  };
}

/**
 * Call `tick` at once and then at each change of the whole seconds left.
 * @param {Countdown} count
 * @param {(seconds: number) => void} tick
 * @returns {() => void} stops it
 */
export function everySecond(count, tick) {
  let timer = 0;
  const next = () => {
    const left = count.remaining();
    tick(Math.ceil(left / 1000));
    if (left > 0) timer = window.setTimeout(next, left % 1000 || 1000);
  };
  next();
  return () => window.clearTimeout(timer);
}
