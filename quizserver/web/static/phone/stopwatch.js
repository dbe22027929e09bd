// @ts-check
// How long a person took, as this phone saw it: from the frame that showed the
// options to the tap (c, Source: R4.3). The server believes it only within the
// delay that it measured itself, so an error here costs the person, not others.
//
// Painted: not when the message came, because a cheap phone may need a tenth of a
// second to draw it, but the time of the frame after the one that drew it. The
// first callback runs before that frame is drawn, the second when the next begins.
//
// Tapped: the time the browser gave the event when the finger left the glass, not
// when our handler ran, which may be later on a busy phone. It is the time of
// `click`: the one event that all taps end in, by finger, key or switch, and that
// scrolling does not send. `pointerdown` would be earlier, but then a finger could
// rest on an option, stop the clock, and be lifted only when its owner is sure.
//
// Hidden: a page nobody sees paints nothing, and on a sleeping phone its clock may
// stand still. Whatever was measured then would be too short, so it is not said.

/** What was measured of one question. */
export function createStopwatch() {
  let shown = { question: "", at: NaN };
  let hidden = false;

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") hidden = true;
  });

  /**
   * The options of a question seen opening are on the page now: stamp the frame
   * that shows them. A second call for the same question changes nothing.
   * @param {string} question
   */
  function painted(question) {
    if (shown.question === question) return;
    shown = { question, at: NaN };
    hidden = document.visibilityState === "hidden";
    requestAnimationFrame(() =>
      requestAnimationFrame((at) => {
        if (shown.question === question) shown = { question, at };
      }),
    );
  }

  /**
   * What an answer says of its time: `elapsed_ms`, missing where nothing good was
   * measured (the page was reloaded, hidden, or tapped before it was painted), and
   * whether the question was in view all the time.
   * @param {string} question @param {number} tappedAt the event's `timeStamp`
   * @returns {{elapsed_ms?: number, visible: boolean}}
   */
  function measured(question, tappedAt) {
    const ms = Math.round(tappedAt - shown.at);
    const good = shown.question === question && !hidden && ms >= 0;
    return good ? { elapsed_ms: ms, visible: true } : { visible: !hidden };
  }

  return { painted, measured };
}
