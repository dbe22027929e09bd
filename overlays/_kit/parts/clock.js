// @ts-check
// Time as viewers see it: digits in a gold disc and a bar that runs out. Both
// are computed from the moment of the end, so they are right after any sleep;
// the server alone decides when a question is closed (Source: R1.5).

import { countdown, everySecond } from "../../../kit/clock.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../../../kit/html.js";
import { t } from "../../../kit/texts.js";
import { Digits, mark } from "./text.js";

/** The bar may be this far off before it is set right, ms. */
const DRIFT_MS = 60;

/**
 * Whole seconds until `endsAt`, rounded up; null when there is no end.
 * @param {number | null} endsAt
 */
export function useSeconds(endsAt) {
  const [, redraw] = useState(-1);
  useEffect(() => {
    if (endsAt === null) return undefined;
    return everySecond(countdown(0, endsAt), redraw);
  }, [endsAt]);
  return endsAt === null ? null : countdown(0, endsAt).whole();
}

/**
 * The disc: 3-2-1 before the question, the seconds while it is open, then
 * "time's up". Without a link it leaves when its time has run out.
 * @param {{ look: import("../state.js").Look, scene: string, fresh: boolean }} props
 */
export function Disc({ look, scene, fresh }) {
  const endsAt = scene === "roll" ? look.opensAt : scene === "open" ? look.closesAt : null;
  const seconds = useSeconds(endsAt);
  if (scene === "locked") {
    return html`<div class="disc" data-part="clock" data-state="locked" data-fresh=${mark(fresh)}>
      <span class="disc-words">${t("overlay.locked")}</span>
    </div>`;
  }
  if (seconds === null || (seconds === 0 && look.conn !== "live")) return null;
  const urgent = seconds > 0 && (scene === "roll" || seconds <= 5);
  return html`<div class="disc" data-part="clock" data-state=${scene}
    data-urgent=${mark(urgent)} data-fresh=${mark(fresh)}>
    <span class="disc-digits" key=${urgent ? seconds : "calm"} data-part="seconds">
      <${Digits} text=${String(seconds)} />
    </span>
  </div>`;
}

/**
 * Animations that last as long as the question is open, kept at the moment that
 * the clock says.
 * @param {{ current: HTMLElement | null }} ref holds the elements that move
 * @param {import("../state.js").Look} look
 * @param {Record<string, Keyframe[]>} moves selector → from the opening to the end
 */
export function useTimed(ref, { closesAt, durationMs }, moves) {
  const duration = durationMs || 1;
  useLayoutEffect(() => {
    const root = ref.current;
    if (closesAt === null || !root) return undefined;
    const running = Object.entries(moves).map(([selector, frames]) => {
      const moved = /** @type {Element} */ (root.querySelector(selector));
      return Object.assign(moved.animate(frames, { duration, fill: "both" }), { id: "clock" });
    });
    const stop = everySecond(countdown(0, closesAt), () => {
      const gone = duration - countdown(0, closesAt).remaining();
      for (const animation of running) {
        if (Math.abs(Number(animation.currentTime) - gone) > DRIFT_MS) animation.currentTime = gone;
      }
    });
    return () => {
      stop();
      running.forEach((animation) => animation.cancel());
    };
  }, [closesAt, duration]);
}

const SHRINK = { i: [{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }] };

/**
 * The bar under the question while it is open.
 * @param {{ look: import("../state.js").Look }} props
 */
export function Bar({ look }) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  useTimed(ref, look, SHRINK);
  return html`<div class="bar" data-part="bar" ref=${ref}><i></i></div>`;
}
