// @ts-check
// What is said between questions: the technical pause, as a card over the picture
// or as a slate in its place, and a notice.

import { html } from "../../../kit/html.js";
import { t } from "../../../kit/texts.js";
import { useFresh } from "../motion.js";
import { addressOf } from "./lobby.js";
import { mark } from "./text.js";

/** @param {{ look: import("../state.js").Look }} props */
export function Pause({ look }) {
  const fresh = useFresh("paused", look.live);
  return html`<section class="plate card" data-part="pause" data-fresh=${mark(fresh)}>
    <h1 class="card-title">${t("overlay.paused.title")}</h1>
    <p class="card-text">${look.reason || t("overlay.paused.text")}</p>
  </section>`;
}

/** The pause in place of the picture. @param {{ look: import("../state.js").Look }} props */
export function Slate({ look }) {
  const { show } = look;
  const fresh = useFresh("paused", look.live);
  return html`<section class="slate" data-part="pause" data-fresh=${mark(fresh)}>
    ${show ? html`<p class="slate-show" data-part="title">${show.title}</p>` : null}
    <h1 class="slate-title">${t("overlay.paused.title")}</h1>
    <p class="slate-text">${look.reason || t("overlay.paused.text")}</p>
    <p class="slate-address" data-part="address">${addressOf(show)}</p>
  </section>`;
}

/** A sentence under whatever is on. @param {{ look: import("../state.js").Look }} props */
export function Notice({ look }) {
  const fresh = useFresh(look.notice, look.live);
  if (!look.notice) return null;
  return html`<aside class="notice" data-part="notice" data-fresh=${mark(fresh)}>
    ${look.notice}
  </aside>`;
}

/** In a preview, for what nobody may see before its moment: the key, the winners. @param {{ label: string }} props */
export const Untold = ({ label }) => html`<main class="stage" data-part="stage">
  <div class="layers"><div class="layer">
    <section class="plate card" data-part="untold">
      <h1 class="card-title">${label}</h1>
      <p class="card-text">${t("overlay.untold")}</p>
    </section>
  </div></div>
</main>`;

/** Nobody takes a preview for the air. @param {{ label: string }} props */
export const PreviewTag = ({ label }) => html`<p class="bus-tag" data-part="bus">
  ${t("overlay.preview")}${label ? ` · ${label}` : ""}
</p>`;
