// @ts-check
// The count for the calibration: 1 to 16 and again, a number every two seconds,
// by the clock and not by ticks. Viewers say on their phones which one they see.

import { html, useEffect, useState } from "../../../kit/html.js";
import { t } from "../../../kit/texts.js";
import { useFresh } from "../motion.js";
import { Digits, mark } from "./text.js";

const EVERY_MS = 2000;
const NUMBERS = 16;

/** @param {{ look: import("../state.js").Look }} props */
export function Sync({ look }) {
  const fresh = useFresh("sync", look.live);
  const [, redraw] = useState(0);
  const gone = performance.now() - Number(look.syncAt);
  const turn = Math.floor(gone / EVERY_MS);
  useEffect(() => {
    const timer = window.setTimeout(() => redraw(turn), EVERY_MS * (turn + 1) - gone + 1);
    return () => window.clearTimeout(timer);
  });
  return html`<section class="plate card sync" data-part="sync" data-fresh=${mark(fresh)}>
    <h1 class="card-title">${t("overlay.sync.title")}</h1>
    <p class="sync-number" data-part="sync-number"><${Digits} text=${String((turn % NUMBERS) + 1)} /></p>
  </section>`;
}
