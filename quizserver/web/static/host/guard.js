// @ts-check
// Protection of the big button against a double press and against a label that
// changed under the finger: the deadline may lock a question in the moment the
// host presses "lock", and that press must not reveal the answer.

export const GUARD_MS = 400;

/** @param {() => number} [now] */
export function createGuard(now = () => performance.now()) {
  let pressedAt = -Infinity;
  return {
    /** @param {number} changedAt @returns {number} ms until a press counts; 0 = now */
    left(changedAt) {
      return Math.max(0, GUARD_MS - (now() - Math.max(pressedAt, changedAt)));
    },
    /**
     * @param {number} changedAt when the button's meaning last changed
     * @returns {"ok" | "double" | "changed"}
     */
    press(changedAt) {
      const at = now();
      if (at - pressedAt < GUARD_MS) return "double";
      if (at - changedAt < GUARD_MS) return "changed";
      pressedAt = at;
      return "ok";
    },
  };
}
