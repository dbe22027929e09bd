// @ts-check
// When things may move. An animation belongs to a change somebody could see
// happen; after a reload, a lost link or a hidden source everything stands at
// once where it ends. Only transform and opacity ever move.

import { useLayoutEffect, useRef } from "../../kit/html.js";

/**
 * Whether the last change of `key` (the first sight counts) was seen live. It
 * keeps its answer until the key changes, so an animation never restarts.
 * @param {unknown} key
 * @param {boolean} live
 */
export function useFresh(key, live) {
  const seen = useRef(/** @type {{ key: unknown, live: boolean } | null} */ (null));
  if (!seen.current || seen.current.key !== key) seen.current = { key, live };
  return seen.current.live;
}

export const calm = () =>
  window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** CSS's own words for time, so that a theme changes both. @param {string} name */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Where an element stands, without whatever moves it just now. Plates stand on
 * the lower edge and grow upwards, so their lower edge is what travels.
 * @param {HTMLElement} e
 */
const placeOf = (e) => ({ left: e.offsetLeft, bottom: e.offsetTop + e.offsetHeight });

/**
 * Let `element` travel from where it was to where it is (FLIP).
 * @param {HTMLElement} element @param {ReturnType<typeof placeOf>} from
 * @param {ReturnType<typeof placeOf>} to @param {number} ms
 */
function travel(element, from, to, ms) {
  const x = from.left - to.left;
  const y = from.bottom - to.bottom;
  if (!x && !y) return;
  element.animate(
    [{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }],
    { duration: ms, easing: token("--q-ease") || "ease-out" },
  );
}

/**
 * The ref's own children marked `data-flip="name"` travel to their new places
 * after `key` changes; those that were not there before fade in. They are looked at
 * only then: each look is a layout of its own.
 * @param {{ current: HTMLElement | null }} ref
 * @param {unknown} key
 * @param {boolean} live
 * @param {unknown} [where] what else may have moved them
 * @param {number} [ms]
 */
export function useFlip(ref, key, live, where = "", ms = 450) {
  const places = useRef(/** @type {Map<string, ReturnType<typeof placeOf>>} */ (new Map()));
  const before = useRef(key);
  useLayoutEffect(() => {
    if (!ref.current) return;
    const moves = before.current !== key && live && !calm();
    const now = new Map();
    for (const child of ref.current.children) {
      const element = /** @type {HTMLElement} */ (child);
      const name = element.dataset.flip;
      if (!name) continue;
      const old = places.current.get(name);
      now.set(name, placeOf(element));
      if (moves && old) travel(element, old, now.get(name), ms);
      else if (moves) element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: ms });
    }
    places.current = now;
    before.current = key;
  }, [key, where]);
}

/**
 * A source hidden in OBS stops its animations and would play them late: when it
 * is seen again, everything that was moving is already there.
 */
export function finishWhenSeen() {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    for (const animation of document.getAnimations()) {
      const { iterations } = animation.effect ? animation.effect.getComputedTiming() : {};
      if (animation.id !== "clock" && iterations !== Infinity) animation.finish();
    }
  });
}
