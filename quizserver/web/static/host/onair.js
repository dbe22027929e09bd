// @ts-check
// The tally: which overlays are on air, which are missing, and the two buttons that
// take all graphics away or let them stand still. Always in view, always in its place.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { LETTERS } from "./keys.js";
import { badgeColour, countsOf, outputsOf, tallyOf } from "./tally.js";

/** More badges than this do not fit; the counts say the rest. */
const BADGES = 8;

/** @typedef {import("./topbar.js").Parts} Parts */

/** @param {Parts} props */
export function OnAir(props) {
  const { host, act } = props;
  const outputs = outputsOf(host.live);
  return html`<section class="onair card" aria-label=${t("host.onair")} data-look=${host.look || "live"}>
    <button type="button" class="onair-open" onClick=${() => act("outputs")}>
      <span class="onair-badges" aria-hidden="true">
        ${outputs
          .slice(0, BADGES)
          .map(
            (output) =>
              html`<b class="output-badge" data-colour=${badgeColour(output)} data-tally=${tallyOf(output)}
                >${output.number}</b
              >`,
          )}
      </span>
      <span class="onair-words">${wordsOf(outputs)}</span>
    </button>
    <${LookButtons} ...${props} />
  </section>`;
}

/** @param {import("./types.js").Output[]} outputs */
function wordsOf(outputs) {
  const { program, lost, here } = countsOf(outputs);
  const words = [
    here > 0 && t("host.onair_program", { n: program }),
    lost > 0 && t("host.onair_lost", { n: lost }),
  ];
  return words.filter(Boolean).join(" · ") || t("host.onair_none");
}

/** CLEAR and HOLD; each is its own way back. @param {Parts} props */
export function LookButtons({ host, model, prefs, act }) {
  const now = host.look || "live";
  return html`<span class="look-buttons">
    ${["clear", "hold"].map((look) => {
      const letter = /** @type {Record<string, string>} */ (LETTERS)[look];
      return html`<button
        type="button"
        class="action look"
        data-look=${look}
        data-on=${String(now === look)}
        aria-pressed=${String(now === look)}
        aria-keyshortcuts=${prefs.letters ? letter : undefined}
        disabled=${model.link !== "live" || !host.allowed.includes("look")}
        onClick=${() => act(look)}
      >
        <span>${t(`host.look_${now === look ? "back" : look}`)}</span>
        ${prefs.letters && html`<kbd>${letter}</kbd>`}
      </button>`;
    })}
  </span>`;
}
