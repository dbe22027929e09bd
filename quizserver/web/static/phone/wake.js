// @ts-check
// Small courtesies of a phone: the screen stays on while somebody plays, a receipt
// is felt, a tap is seen at once. Browsers without the first two lose nothing.

/** Whether this browser can be asked to keep the screen on. */
export const canStayAwake = () => "wakeLock" in navigator;

/**
 * Hold the screen awake whenever the page is visible and `wanted` says so.
 * @param {() => boolean} wanted
 */
export function keepAwake(wanted) {
  const lock = /** @type {any} */ (navigator).wakeLock;
  if (!lock) return;
  /** @type {any} */
  let held = null;
  const ask = async () => {
    if (held || document.visibilityState !== "visible" || !wanted()) return;
    try {
      held = await lock.request("screen");
      held.addEventListener("release", () => {
        held = null;
      });
    } catch {
      // Battery saver or no permission: the host reminds viewers anyway.
    }
  };
  // The lock falls when the page is hidden, so it is asked for on each return;
  // the first tap counts too, because some browsers want one.
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("click", ask);
  ask();
}

/** A short buzz, where the phone can and the person has touched the page. */
export function buzz() {
  if (typeof navigator.vibrate === "function") navigator.vibrate(30);
}

const NO_FRAME_MS = 100;

/**
 * Do what is heavy once the next frame is on the glass: a cheap phone needs a tenth
 * of a second to draw a screen anew, and a finger wants its answer sooner. A page
 * that nobody sees has no frames; there it is done all the same.
 * @param {() => void} work
 */
export function afterFrame(work) {
  let done = false;
  const once = () => {
    if (!done) work();
    done = true;
  };
  requestAnimationFrame(() => window.setTimeout(once));
  window.setTimeout(once, NO_FRAME_MS);
}
