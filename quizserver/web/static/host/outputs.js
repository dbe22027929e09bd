// @ts-check
// The connected overlays and their health. None at all is the one thing that
// must be seen before the audience sees it.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Icon } from "./icons.js";

/**
 * @param {{ outputs: import("./types.js").Output[], refused: number }} props `refused`
 *   came with a bad key within the last minute; they show nothing and say nothing
 */
export function Outputs({ outputs, refused }) {
  return html`<section class="outputs-list" data-refused=${refused}>
    <h3>${t("host.outputs_title")}</h3>
    ${refused > 0 && html`<p class="banner banner-bad">${t("host.outputs_refused")}</p>`}
    ${
      outputs.length === 0
        ? html`<p class="banner banner-bad">${t("host.outputs_empty")}</p>`
        : html`<ul class="choices">
            ${outputs.map(
              (output) =>
                html`<li class="choice" data-tally=${tallyOf(output)}>
                  <${Icon} name="screen" size=${20} />
                  <span>
                    <b>${t("host.output_line", { view: output.view, layout: output.layout })}</b>
                    <span class="unit">${sourceOf(output)}</span>
                  </span>
                  ${isOld(output) && html`<span class="chip chip-flag">${t("host.output_old")}</span>`}
                  <span class="chip" data-tally=${tallyOf(output)}
                    >${t(`host.output_${tallyOf(output)}`)}</span
                  >
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}

/** Program, standby or hidden, as OBS reports it. @param {import("./types.js").Output} output */
function tallyOf(output) {
  if (output.visible === false) return "hidden";
  return output.active ? "program" : "idle";
}

/** @param {import("./types.js").Output} output */
const sourceOf = (output) =>
  output.obs ? t("host.output_obs", { version: output.obs }) : t("host.output_browser");

/** Built from other files than this page: it needs a reload. @param {import("./types.js").Output} output */
function isOld(output) {
  const build = document.querySelector("meta[name=build]");
  return Boolean(build && output.build && output.build !== build.getAttribute("content"));
}
