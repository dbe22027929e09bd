// @ts-check
// The clock on the question: one bar moved by the compositor and whole seconds
// in digits. It starts anywhere (a refresh in mid-question) because it is set
// from the time left. It closes nothing: the server does (Source: R1.5).

import { everySecond } from "../kit/clock.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { speak } from "./parts.js";

const SPOKEN = [10, 5];
const LAST = 5;

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {HTMLElement} bar @param {import("../kit/clock.js").Countdown} count @param {number} whole */
function run(bar, count, whole) {
  if (still() || !bar.animate) return null;
  const moving = bar.animate(
    [{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }],
    { duration: whole, fill: "forwards", easing: "linear" },
  );
  moving.currentTime = Math.max(0, whole - count.remaining());
  return moving;
}

/**
 * @param {object} props
 * @param {import("../kit/clock.js").Countdown} props.count
 * @param {number} props.whole the question's whole duration, ms
 * @param {(over: boolean) => void} props.onOver told when the digits reach zero
 */
export function Timer({ count, whole, onOver }) {
  const bar = useRef(/** @type {HTMLElement | null} */ (null));
  const [left, setLeft] = useState(count.whole());

  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (bar.current);
    const moving = run(element, count, whole);
    let before = Infinity;
    const stop = everySecond(count, (seconds) => {
      setLeft(seconds);
      if (!moving) {
        element.style.transform = `scaleX(${Math.min(1, count.remaining() / whole)})`;
      }
      // Not on the first tick: a refresh at 7 s must not say "10 seconds".
      if (before !== Infinity && SPOKEN.includes(seconds)) {
        speak(t("phone.timer.left", { seconds }));
      }
      if (seconds === 0) {
        speak(t("phone.timer.over"));
        onOver(true);
      }
      before = seconds;
    });
    return () => {
      stop();
      if (moving) moving.cancel();
    };
  }, [count, whole]);

  return html`<div class="timer" data-last=${left <= LAST ? "1" : "0"}>
    <div class="timer-track"><div class="timer-bar" ref=${bar}></div></div>
    <p class="timer-digits" role="timer" aria-label=${t("phone.timer.label", { seconds: left })}>
      <span aria-hidden="true">${left}</span>
    </p>
  </div>`;
}

/**
 * "3 … 2 … 1" before a question opens.
 * @param {{ count: import("../kit/clock.js").Countdown }} props
 */
export function Roll({ count }) {
  const [left, setLeft] = useState(count.whole());
  useEffect(() => everySecond(count, setLeft), [count]);
  return html`<p class="roll" role="timer" key=${left}>
    <span class="roll-digit" key=${left}>${left > 0 ? left : "…"}</span>
  </p>`;
}
