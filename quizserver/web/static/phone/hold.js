// @ts-check
// In an aligned show the picture of the stream is what counts: what would spoil it,
// the answer or who has won, waits on the phone until the picture must have come.
// Nothing that asks for anything waits; it brings out what was held back, in order.

const SPOILS = ["revealed", "standings", "ended"];
const WHOLE = ["welcome", "state"];
const ASKS = ["asked", "roll", "open", "extended", "locked", "voided", "paused"];

/**
 * @param {object} parts
 * @param {() => number} parts.delayMs how late this viewer's picture is
 * @param {(message: any, at: number) => void} parts.take
 */
export function createHold({ delayMs, take }) {
  /** @type {{ message: any, at: number, due: number }[]} */
  let held = [];
  let timer = 0;

  /** @param {number} until */
  function release(until) {
    window.clearTimeout(timer);
    while (held.length && held[0].due <= until) {
      const { message, at } = /** @type {any} */ (held.shift());
      take(message, at);
    }
    if (held.length) {
      const due = held[0].due;
      timer = window.setTimeout(() => release(due), Math.max(0, due - performance.now()));
    }
  }

  /** @param {any} message @param {number} at when it came */
  function put(message, at) {
    const { type, step } = message;
    if (WHOLE.includes(type)) held = [];
    if (ASKS.includes(type)) release(Infinity);
    const wait = SPOILS.includes(type) ? delayMs() : 0;
    const behind = held.length > 0 && (step !== undefined || type === "you");
    if (!wait && !behind) return take(message, at);
    const last = behind ? held[held.length - 1].due : 0;
    held.push({ message, at, due: Math.max(last, at + wait) });
    return release(-Infinity);
  }

  return { put, drop: () => window.clearTimeout(timer) };
}
