// @ts-check
// For setting a source up: what is cut off, where the safe area is, whether the
// picture is transparent, whether letters and colours are ours, whether frames are
// dropped. It needs no show, and says whether there is one.

import { html, useEffect, useState } from "../../../kit/html.js";
import { Shape } from "../../../kit/shapes.js";
import { t } from "../../../kit/texts.js";
import { obs } from "../obs.js";
import { Digits } from "./text.js";

const LETTERS = "Ẫ Ữ Ệ Ỡ Ặ Đ ỹ 0123456789";
const OPTIONS = ["A", "B", "C", "D", "E", "F"];
const GREYS = [0.25, 0.5, 0.75, 1];

/** Draw again at each whole second, so that two machines can be compared. */
function useNow() {
  const [now, tick] = useState(() => new Date());
  useEffect(() => {
    const timer = window.setTimeout(() => tick(new Date()), 1000 - (Date.now() % 1000));
    return () => window.clearTimeout(timer);
  });
  return [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((part) => String(part).padStart(2, "0")).join(":");
}

/** @param {import("../state.js").Look} look */
const linkOf = ({ conn, show }) =>
  conn === "live" && show ? t("overlay.test.live", { code: show.code })
    : t(conn === "none" ? "overlay.test.none" : "overlay.test.lost");

/** @param {{ look: import("../state.js").Look, params: import("../params.js").Params }} props */
export function TestCard({ look, params }) {
  const now = useNow();
  const source = obs.version ? `OBS ${obs.version}` : t("overlay.test.browser");
  return html`<main class="stage" data-part="stage">
    <div class="edges" data-part="edges"><i></i><i></i><i></i><i></i></div>
    <div class="safe-area" data-part="safe-area"></div>
    <section class="plate test-plate" data-part="test">
      <h1 class="card-title">${t("overlay.test.title")}</h1>
      <p class="test-clock" data-part="now"><${Digits} text=${now} /></p>
      <p class="card-text"><${Digits} text=${`${window.innerWidth} × ${window.innerHeight} · ${params.layout}`} /> · ${source}</p>
      <p class="card-text" data-part="link">${linkOf(look)}</p>
      <p class="test-letters">${LETTERS}</p>
      <ol class="test-options">${OPTIONS.map((id) => html`<li data-option=${id.toLowerCase()}>
        <span class="badge"><${Shape} option=${id} /><b>${id}</b></span></li>`)}</ol>
      <div class="test-run"><i></i></div>
    </section>
    <div class="test-greys" data-part="greys">${GREYS.map(
      (alpha) => html`<i style=${{ "--alpha": alpha }}></i>`)}</div>
  </main>`;
}
