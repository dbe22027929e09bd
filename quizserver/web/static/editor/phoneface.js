// @ts-check
// A question as a phone draws it: the phone page's own parts, without a show.

import { countdown } from "../kit/clock.js";
import { html, render } from "../kit/html.js";
import { loadTexts } from "../kit/texts.js";
import { App } from "../phone/app.js";
import { INITIAL } from "../phone/state.js";
import { stand } from "./stand.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const act = new Proxy({}, { get: () => () => false });
let loaded = "";

stand(async (shown) => {
  if (loaded !== shown.lang) {
    await loadTexts("phone", shown.lang);
    loaded = shown.lang;
  }
  render(html`<${App} s=${stateOf(shown)} act=${act} page=${{}} language=${shown.lang} />`, root);
});

/** @param {import("./stand.js").Shown} shown */
function stateOf(shown) {
  const { question, key } = shown;
  return {
    ...INITIAL,
    seat: "held",
    link: "live",
    show: { code: "", title: shown.title, lang: shown.lang },
    phase: shown.revealed ? "revealed" : "open",
    question,
    durationMs: shown.duration_ms,
    closes: shown.revealed ? null : countdown(shown.duration_ms, performance.now()),
    answer: shown.revealed && key ? { question: question.id, option: key, status: "accepted" } : null,
    result: shown.revealed
      ? {
          question: question.id, correct: key, counts: {}, fastest: [],
          explanation: shown.explanation, source: shown.source,
        }
      : null,
  };
}
