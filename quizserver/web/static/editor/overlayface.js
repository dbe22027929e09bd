// @ts-check
// A question as an overlay draws it: the kit's own parts, without a show.

import { html, render } from "../kit/html.js";
import { loadTexts } from "../kit/texts.js";
import { Layers } from "../overlays/_kit/layers.js";
import { readParams } from "../overlays/_kit/params.js";
import { Question } from "../overlays/_kit/parts/question.js";
import { dressRoot, markRoot } from "../overlays/_kit/root.js";
import { layerOf } from "../overlays/_kit/scene.js";
import { fold, NOTHING } from "../overlays/_kit/state.js";
import { supplies } from "../overlays/_kit/supplies.js";
import { stand } from "./stand.js";

const params = { ...readParams(), bg: "camera", view: "stage" };
let loaded = "";

async function start() {
  dressRoot(params);
  await supplies();
  stand(async (shown) => {
    if (loaded !== shown.lang) {
      await loadTexts("overlay", shown.lang);
      loaded = shown.lang;
    }
    const look = fold(NOTHING, { message: messageOf(shown), at: performance.now() });
    render(
      html`<main class="stage" data-part="stage">
        <${Layers} name=${layerOf(look)} live=${false} draw=${() => html`<${Question} look=${look} params=${params} />`} />
      </main>`,
      document.body,
    );
    markRoot(look);
  });
}

/** The snapshot that an overlay would get. @param {import("./stand.js").Shown} shown */
function messageOf(shown) {
  const { question, key } = shown;
  const state = shown.revealed ? "revealed" : "open";
  return {
    type: "state", epoch: "preview", step: 1, phase: state, answered: 0,
    show: { code: "", title: shown.title, questions: question.total, lang: shown.lang },
    question: { ...question, state, duration_ms: shown.duration_ms },
    closes_in_ms: shown.revealed ? undefined : shown.duration_ms,
    result: shown.revealed
      ? { question: question.id, correct: key, counts: {}, fastest: [], explanation: shown.explanation }
      : undefined,
  };
}

start();
