// @ts-check
// What OBS tells a browser source without being asked for any permission: its
// version, whether the source is shown anywhere, and whether it is in program.
// In an ordinary browser everything is simply unknown.

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

const agent = /\bOBS\/(\d+(?:\.\d+)*)/.exec(navigator.userAgent);

export const obs = {
  /** "31.0.2", or undefined outside OBS. */
  version: agent ? agent[1] : undefined,
  /** Whether anybody can see this page. */
  visible: () => (shown === undefined ? !document.hidden : shown),
  /** Whether it is in program; undefined when OBS did not say. */
  active: () => active,
  /** The tally as one word, for the root's data-onair. */
  onAir() {
    if (active) return "program";
    if (shown === false) return "hidden";
    return active === false ? "preview" : "unknown";
  },
  /** @param {() => void} listener called after each change */
  onChange: (listener) => listeners.add(listener),
};
