// @ts-check
// What both faces of the preview have in common: they listen to the editor alone, and
// their clock stands still until somebody wants to see it run.

const real = performance.now.bind(performance);
/** @type {number | null} */
let stoppedAt = real();
performance.now = () => (stoppedAt === null ? real() : stoppedAt);

/**
 * @typedef {object} Shown what the editor sends
 * @property {{ id: string, text: string, options: { id: string, text: string }[], image?: string,
 *   number: number, total: number }} question
 * @property {string} key @property {string} explanation @property {string} source
 * @property {string} title @property {string} lang
 * @property {number} duration_ms
 * @property {boolean} revealed @property {boolean} runs the clock runs
 */

/** @param {(shown: Shown) => Promise<void>} draw */
export function stand(draw) {
  window.addEventListener("message", async (event) => {
    const { origin, source, data } = event;
    if (origin !== location.origin || source !== window.parent || !data.question) return;
    stoppedAt = data.runs ? null : real();
    await draw(data);
    requestAnimationFrame(settle);
  });
  window.parent.postMessage({ face: "ready" }, location.origin);
}

/** Nothing moves while the clock stands: what would move is shown at its end. */
function settle() {
  if (stoppedAt === null) return;
  for (const moving of document.getAnimations()) moving.pause();
}
