// @ts-check
// The seal code of a closed question, large enough to be photographed: whoever
// keeps it can check the published result against it (Source: R6.1).

import { html } from "../../../kit/html.js";
import { t } from "../../../kit/texts.js";
import { useFresh } from "../motion.js";
import { Digits, mark, Tab } from "./text.js";

/** @param {{ look: import("../state.js").Look }} props */
export function SealCode({ look }) {
  const { question } = look;
  const fresh = useFresh(question.seal, look.live);
  if (!question.seal) return null;
  return html`<section class="plate seal-card" data-part="seal" data-fresh=${mark(fresh)}>
    <div class="tabs">
      <${Tab} part="number"><${Digits} text=${t("overlay.question.number", question)} /><//>
      <${Tab} kind="plain" part="seal-title">${t("overlay.sealcode.title")}<//>
    </div>
    <p class="seal-code" data-part="seal-code">${[...question.seal].map(boxed)}</p>
    <p class="card-text">${t("overlay.sealcode.how")}</p>
  </section>`;
}

/** Letters and digits in boxes of one width: a code is read out sign by sign. @param {string} sign */
const boxed = (sign) => html`<b class=${sign === "-" ? "seal-gap" : "seal-sign"}>${sign}</b>`;
