// @ts-check
// The keyboard: Space is always the next step, letters are the other actions.
// It only names actions; what they do is decided in panel.js.

/** Letter of each action, in the order of the keyboard map. */
export const LETTERS = {
  lock: "L",
  extend: "E",
  pause: "P",
  standings: "S",
  reserve: "R",
  notice: "N",
  void: "V",
  end: "X",
  privacy: "K",
  outputs: "O",
  clear: "C",
  hold: "H",
  take: "F",
  driver: "D",
  rehearsal: "B",
  names: "M",
  auto: "A",
  mirrors: "I",
  undo: "U",
  reshow: "W",
  reorder: "G",
  stream: "Y",
  links: "Q",
  theme: "T",
  cheer: "J",
};

/** @type {Record<string, string>} */
const ACTIONS = Object.fromEntries(
  Object.entries(LETTERS).map(([action, letter]) => [letter, action]),
);

/**
 * @param {(action: string) => void} run
 * @param {() => boolean} withLetters whether single letters count (WCAG 2.1.4)
 * @returns {() => void} takes the keys away
 */
export function bindKeys(run, withLetters) {
  /** @param {KeyboardEvent} event */
  function down(event) {
    if (isElsewhere(event)) return;
    const action = actionOf(event, withLetters());
    if (!action) return;
    event.preventDefault();
    if (!event.repeat) run(action);
  }
  /** A focused button would be pressed by Space on the way up. @param {KeyboardEvent} event */
  function up(event) {
    if (event.key === " " && !isElsewhere(event)) event.preventDefault();
  }
  document.addEventListener("keydown", down);
  document.addEventListener("keyup", up);
  return () => {
    document.removeEventListener("keydown", down);
    document.removeEventListener("keyup", up);
  };
}

/** @param {KeyboardEvent} event @param {boolean} letters */
function actionOf(event, letters) {
  if (event.key === " ") return "next";
  if (event.key === "?") return "keys";
  if (!letters) return "";
  // A Vietnamese input method may swallow `key`; `code` still names the key.
  const letter = /^[a-z]$/i.test(event.key) ? event.key : event.code.replace(/^Key/, "");
  return ACTIONS[letter.toUpperCase()] || "";
}

/** Typing, a dialog or a browser shortcut: not for us. @param {KeyboardEvent} event */
function isElsewhere(event) {
  const target = event.target instanceof Element ? event.target : null;
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    document.querySelector("dialog[open]") !== null ||
    (target !== null && target.closest("input, textarea, select") !== null)
  );
}
