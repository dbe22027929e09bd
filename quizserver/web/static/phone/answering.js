// @ts-check
// The road of one answer: tap → socket (twice) → receipt, and every detour. The
// answer is kept on the phone until the receipt comes, so a dead link, a locked
// screen or a refresh loses nothing (Source: R2.2, R3.4). It never decides
// whether an answer counts: the first one the server stored does (R3.1).

import { Refusal, postAnswer } from "./api.js";
import { createStopwatch } from "./stopwatch.js";
import { load, save } from "./storage.js";
import { afterFrame } from "./wake.js";

const SECOND_COPY_MS = 15; // a lone lost packet costs a round trip and 200 ms (R4.10)
const OTHER_ROAD_MS = 2000;

/**
 * @param {object} parts
 * @param {{snapshot: () => import("./state.js").State, dispatch: (a: any) => void, subscribe: (f: (s: any) => void) => void}} parts.store
 * @param {(message: object) => boolean} parts.send over the socket, false if there is none
 * @param {() => string} parts.token
 * @param {string} parts.key where the unacknowledged answer is kept
 * @param {(status: number) => void} parts.onRefused an HTTP status that ends the seat
 * @param {() => void} parts.onShown a tap is on the glass, and what it is to change is there already
 */
export function createAnswering({ store, send, token, key, onRefused, onShown }) {
  const stopwatch = createStopwatch();
  let timer = 0;
  let tried = false;
  let taken = ""; // the question whose tap is not folded in yet
  let kept = load(key);

  /** @param {any} answer null forgets it */
  function keep(answer) {
    kept = answer;
    save(key, answer);
  }

  /**
   * Take a tap. Returns false if it changed nothing.
   * @param {string} option @param {number} tappedAt the event's `timeStamp`
   */
  function tap(option, tappedAt) {
    const s = store.snapshot();
    if (s.phase !== "open" || s.answer || !s.question) return false;
    const question = s.question.id;
    if (taken === question) return false;
    taken = question;
    const body = {
      question,
      option,
      nonce: s.question.nonce || "",
      ...stopwatch.measured(question, tappedAt),
    };
    send({ type: "answer", ...body, copy: 0 });
    window.setTimeout(() => send({ type: "answer", ...body, copy: 1 }), SECOND_COPY_MS);
    keep({ epoch: s.epoch, ...body });
    afterFrame(() => tapped(question, option));
    return true;
  }

  /** @param {string} question @param {string} option */
  function tapped(question, option) {
    taken = "";
    const s = store.snapshot();
    // The receipt may have been quicker, and so may the next question.
    if (s.answer || !s.question || s.question.id !== question) {
      onShown();
      return;
    }
    store.dispatch({ type: "tapped", question, option });
    tried = false;
    watch();
  }

  /**
   * Without a receipt in time, try the other road too. A wait under way is not
   * begun anew: polling brings a snapshot more often than that.
   */
  function watch() {
    if (timer) return;
    const polling = store.snapshot().link === "polling";
    const wait = polling && !tried ? 0 : OTHER_ROAD_MS + Math.random() * 500;
    timer = window.setTimeout(retry, wait);
  }

  async function retry() {
    timer = 0;
    if (!waits()) return;
    tried = true;
    const { epoch, ...body } = kept;
    watch();
    const live = store.snapshot().link === "live";
    if (live) send({ type: "answer", ...body, copy: 1 });
    try {
      const said = await postAnswer(token(), { ...body, copy: 1 });
      const told = { type: "receipt", ...said };
      store.dispatch({ type: "message", message: told, at: performance.now() });
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) onRefused(401);
    }
  }

  /** Whether the kept answer belongs to this question and has no receipt. */
  function waits() {
    const { answer, epoch, question, phase } = store.snapshot();
    if (!kept || !question || kept.epoch !== epoch || kept.question !== question.id) {
      return false;
    }
    if (answer && answer.status !== "sending") return false;
    return phase === "open" || phase === "locked";
  }

  /** After a snapshot: send what is kept and unknown there, or forget it. */
  function resume() {
    if (!waits()) {
      if (kept) keep(null);
      return;
    }
    const { epoch, ...body } = kept;
    body.nonce = (store.snapshot().question || {}).nonce || body.nonce;
    if (!store.snapshot().answer) {
      store.dispatch({ type: "tapped", question: body.question, option: body.option });
    }
    send({ type: "answer", ...body, copy: 0 });
    watch();
  }

  store.subscribe((s) => {
    if (!s.answer || s.answer.status === "sending") return;
    window.clearTimeout(timer);
    timer = 0;
    if (kept) keep(null);
  });

  /** Whether a tap waits for its frame: drawing the screen anew would hold it up. */
  const isShowing = () => taken !== "";

  return { painted: stopwatch.painted, resume, tap, isShowing };
}
