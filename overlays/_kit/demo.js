// @ts-check
// Plays a scenario instead of a show: the same messages as on the wire, from a
// JSON file, so that a designer sees every state without a server. `at` stands
// still on one frame; without it the scenario plays in a loop.

const PAUSE_MS = 4000;

/**
 * @typedef {{ wait_ms?: number, message: any }} Frame
 * @typedef {{ title: Record<string, string>, frames: Frame[] }} Scenario
 */

/** @param {string} name @returns {Promise<Scenario | null>} null when there is none */
export async function loadScenario(name) {
  const answer = await fetch(new URL(`./scenarios/${name}.json`, import.meta.url).href);
  return answer.ok ? answer.json() : null;
}

/** Whether it carries the show forward. @param {any} message */
const isStep = ({ type }) => type !== "presence" && type !== "cheers";

/**
 * The frame's message with the epoch and step that keep the count dense.
 * @param {any} message @param {number} step @param {number} run
 */
function numbered(message, step, run) {
  return isStep(message) ? { ...message, epoch: `demo-${run}`, step } : message;
}

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

/**
 * @param {import("./params.js").Params} params
 * @param {{ dispatch: (action: any) => void }} store
 */
export async function playDemo(params, store) {
  const scenario = await loadScenario(params.demo).catch(() => null);
  if (!scenario) return;
  const still = params.at >= 0;
  const frames = still ? scenario.frames.slice(0, params.at + 1) : scenario.frames;
  for (let run = 0; run === 0 || !still; run += 1) {
    let step = 0;
    for (const frame of frames) {
      if (!still) await wait((frame.wait_ms || 0) / params.speed);
      step += isStep(frame.message) ? 1 : 0;
      const message = numbered(frame.message, step, run);
      store.dispatch({ message, at: performance.now(), live: !still && !document.hidden });
    }
    if (!still) await wait(PAUSE_MS);
  }
}
