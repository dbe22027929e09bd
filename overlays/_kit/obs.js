// @ts-check
// What OBS tells a browser source as it comes: its version, whether the source is
// shown anywhere and in program, whether OBS streams or records, and how much the
// source may do. In an ordinary browser everything is simply unknown.

/** @type {boolean | undefined} */
let shown;
/** @type {boolean | undefined} */
let active;
/** @type {Set<() => void>} */
const listeners = new Set();

/** @param {string} name @param {(detail: any) => void} note */
function listen(name, note) {
  window.addEventListener(name, (event) => {
    note(/** @type {CustomEvent} */ (event).detail || {});
    listeners.forEach((listener) => listener());
  });
}

listen("obsSourceVisibleChanged", (detail) => (shown = detail.visible === true));
listen("obsSourceActiveChanged", (detail) => (active = detail.active === true));

/** OBS's own object; its calls answer later, or never. @type {any} */
const studio = /** @type {any} */ (window).obsstudio;
/** @type {{ streaming?: boolean, recording?: boolean }} */
let status = {};
/** @type {number | undefined} */
let control;

/** Ask again; the answer is there for the next report. */
function ask() {
  if (!studio || !studio.getStatus) return;
  studio.getStatus((/** @type {any} */ now) => (status = now || {}));
  if (studio.getControlLevel) studio.getControlLevel((/** @type {number} */ n) => (control = n));
}
ask();

const agent = /\bOBS\/(\d+(?:\.\d+)*)/.exec(navigator.userAgent);

export const obs = {
  /** "31.0.2", or undefined outside OBS. */
  version: agent ? agent[1] : undefined,
  /** Whether anybody can see this page. */
  visible: () => (shown === undefined ? !document.hidden : shown),
  /** Whether it is in program; undefined when OBS did not say. */
  active: () => active,
  /** Whether it streams and records, and how much this source may do, 0 to 5. */
  facts: () => ({ streaming: status.streaming, recording: status.recording, control }),
  ask,
  /** The tally as one word, for the root's data-onair. */
  onAir() {
    if (active) return "program";
    if (shown === false) return "hidden";
    return active === false ? "preview" : "unknown";
  },
  /** @param {() => void} listener called after each change */
  onChange: (listener) => listeners.add(listener),
};
