// @ts-check
// How smoothly this machine draws us: frame times sampled for one second after
// a cue, when things move. An idle overlay asks for no frame at all.

const SAMPLE_MS = 1000;
const KEPT = 120;
/** @type {number[]} */
let deltas = [];
let until = 0;
let last = 0;
let running = false;

/** @param {number} now */
function frame(now) {
  if (last) deltas = [...deltas.slice(-(KEPT - 1)), now - last];
  last = now;
  running = now < until;
  if (running) requestAnimationFrame(frame);
}

/** Sample the second that starts now. */
export function sampleFrames() {
  until = performance.now() + SAMPLE_MS;
  if (running || document.hidden) return;
  running = true;
  last = 0;
  requestAnimationFrame(frame);
}

/** Frame time that 95 of 100 frames kept, in ms with one decimal; undefined before the first. */
export function frameP95() {
  if (!deltas.length) return undefined;
  const sorted = [...deltas].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor((sorted.length - 1) * 0.95)] * 10) / 10;
}
