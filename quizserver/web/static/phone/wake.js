// @ts-check
// Two small courtesies of a phone, both optional: the screen stays on while
// somebody plays, and a receipt is felt. Browsers without them lose nothing.

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
