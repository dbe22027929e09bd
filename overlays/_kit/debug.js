// @ts-check
// One line of facts for whoever sets an overlay up (`debug=1`). It never shows
// the key, and it is not for the air.

import { html } from "../../kit/html.js";
import { frameP95 } from "./frames.js";
import { obs } from "./obs.js";

/** @param {{ look: import("./state.js").Look, params: import("./params.js").Params }} props */
export function Debug({ look, params }) {
  const facts = [
    `${params.view} ${params.layout}`, `${window.innerWidth}×${window.innerHeight}`,
    look.conn, `${look.phase}${look.paused ? " (paused)" : ""}`, `step ${look.step}`,
    `p95 ${frameP95() ?? "–"} ms`, `OBS ${obs.version || "–"}`, obs.onAir(),
    params.delay ? `delay ${params.delay} ms` : "",
  ];
  return html`<p class="debug">${facts.filter(Boolean).join(" · ")}</p>`;
}
