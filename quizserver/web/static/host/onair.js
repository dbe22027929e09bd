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

/**
 * CLEAR and HOLD; each is its own way back. Before them, while graphics are held, TAKE:
 * the present picture, one step on and held again.
 * @param {Parts} props
 */
export function LookButtons(props) {
  const now = props.host.look || "live";
  return html`<span class="look-buttons">
    ${now === "hold" && html`<${Look} ...${props} look="take" word="take" />`}
    ${["clear", "hold"].map(
      (look) =>
        html`<${Look} ...${props} look=${look} word=${now === look ? "back" : look} on=${now === look} />`,
    )}
  </span>`;
}

/** @param {Parts & { look: string, word: string, on?: boolean }} props */
function Look({ host, model, prefs, act, look, word, on }) {
  const letter = /** @type {Record<string, string>} */ (LETTERS)[look];
  const command = look === "take" ? "take" : "look";
  return html`<button
    type="button"
    class="action look"
    data-look=${look}
    data-on=${String(on === true)}
    aria-pressed=${on === undefined ? undefined : String(on)}
    aria-keyshortcuts=${prefs.letters ? letter : undefined}
    disabled=${model.link !== "live" || !host.allowed.includes(command)}
    onClick=${() => act(look)}
  >
    <span>${t(`host.look_${word}`)}</span>
    ${prefs.letters && html`<kbd>${letter}</kbd>`}
  </button>`;
}
