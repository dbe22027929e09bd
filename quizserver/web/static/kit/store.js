// @ts-check
// A store in the smallest sense: one value, one reducer, listeners. It knows
// no socket and no clock; a face dispatches what arrived and draws `snapshot()`.

/**
 * @template S, A
 * @param {(state: S, action: A) => S} reducer pure; the same object = no change
 * @param {S} initial
 */
export function createStore(reducer, initial) {
  let state = initial;
  /** @type {Set<(state: S) => void>} */
  const listeners = new Set();
  return {
    /** The present value. */
    snapshot: () => state,
    /**
     * Fold an action in and tell the listeners if anything changed.
     * @param {A} action
     */
    dispatch(action) {
      const next = reducer(state, action);
      if (next === state) return;
      state = next;
      listeners.forEach((listener) => listener(state));
    },
    /**
     * @param {(state: S) => void} listener called after each change
     * @returns {() => void} takes the listener away
     */
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
