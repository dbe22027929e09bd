// @ts-check
// One prize: who wins it, what there is to look at, who was passed over and why,
// and the host's buttons. Everybody named here is named by the server.

import { html } from "../kit/html.js";
import { seconds, t } from "../kit/texts.js";
import { Icon } from "./icons.js";
import { OnScreens, masked } from "./names.js";
import { isUnsettled, prizeName } from "./prizes.js";

/** More of them than this are folded away. */
const OUT_SHOWN = 2;

/** @typedef {import("./types.js").Winner} Winner */
/** @typedef {import("./topbar.js").Parts & { prize: import("./prizes.js").Prize }} Props */

/** @param {Props} props */
export function PrizeCard(props) {
  const { prize } = props;
  return html`<li class="prize" data-prize=${prize.prize} data-state=${prize.state}>
    <h3 class="prize-name">${prizeName(prize)}</h3>
    <div class="prize-rows">
      ${
        prize.state === "undecided" &&
        html`<p class="prize-wait">
          <${Icon} name="alert" size=${16} /><span>${t("host.winner.undecided")}</span>
        </p>`
      }
      <${PassedOver} ...${props} />
      ${
        prize.state === "nobody"
          ? html`<p class="prize-nobody">${t("host.winner_none")}</p>`
          : prize.lead.map(
              (winner) =>
                html`<${Candidate} key=${winner.participant} ...${props} winner=${winner} />`,
            )
      }
    </div>
  </li>`;
}

/** @param {Props & { winner: Winner }} props */
function Candidate({ winner, prize, host, prefs, act }) {
  const notes = winner.notes || [];
  return html`<div class="winner" data-participant=${winner.participant} data-status=${winner.status}>
    <div class="winner-line">
      <span class="winner-who">
        <b class="person">${masked(prefs, winner.name)}</b>
        <span class="unit">${masked(prefs, winner.unit)}</span>
      </span>
      <span class="winner-chips">
        <${OnScreens} one=${winner} prefs=${prefs} />
        ${winner.tied && html`<span class="chip chip-tied">${t("host.tied")}</span>`}
        ${
          winner.status === "confirmed" &&
          html`<span class="chip" data-status="confirmed">${t("host.winner.confirmed")}</span>`
        }
      </span>
      <span class="winner-figures">
        ${figures(winner).map((line) => html`<span>${line}</span>`)}
      </span>
      ${
        host.phase === "ended" &&
        html`<${Buttons} winner=${winner} prize=${prizeName(prize)} prefs=${prefs} act=${act} />`
      }
    </div>
    ${notes.map(
      (note) =>
        html`<p class="winner-note" data-flag=${note.code}>
          <${Icon} name="alert" size=${16} /><span>${note.text}</span>
        </p>`,
    )}
  </div>`;
}

/** @param {Winner} winner */
function figures(winner) {
  const time = winner.time_ms == null ? "" : t("host.seconds_unit", { s: seconds(winner.time_ms) });
  const rank = t("host.winner_rank", { n: winner.rank || 1 });
  const right = winner.right == null ? "" : t("host.winner_right", { n: winner.right });
  return [time, [rank, right].filter(Boolean).join(" · ")];
}

/** @param {{ winner: Winner, prize: string, prefs: import("./types.js").Prefs, act: import("./types.js").Act }} props */
function Buttons({ winner, prize, prefs, act }) {
  const vars = { name: masked(prefs, winner.name), prize };
  const open = isUnsettled(winner);
  return html`<span class="winner-buttons">
    ${open && html`<${Confirm} winner=${winner} prize=${prize} prefs=${prefs} act=${act} main />`}
    <button
      type="button"
      class="button"
      data-act="skip"
      aria-label=${t("host.skip_label", vars)}
      onClick=${() => act("skip", { winner })}
    >
      ${t("host.skip")}
    </button>
    ${
      open &&
      html`<button
        type="button"
        class="button button-two"
        data-act="bar"
        aria-label=${t("host.bar_label", vars)}
        onClick=${() => act("bar", { winner })}
      >
        ${t("host.bar")}
      </button>`
    }
  </span>`;
}

/** @param {{ winner: Winner, prize: string, prefs: import("./types.js").Prefs, act: import("./types.js").Act, main?: boolean }} props */
function Confirm({ winner, prize, prefs, act, main = false }) {
  const named = { prize: winner.prize, participant: winner.participant };
  return html`<button
    type="button"
    class=${main ? "button button-main" : "button"}
    data-act="confirm"
    aria-label=${t("host.confirm_label", { name: masked(prefs, winner.name), prize })}
    onClick=${() => act("send", { command: "confirm_winner", with: named })}
  >
    ${t(main ? "host.confirm" : "host.confirm_after_all")}
  </button>`;
}

/** Who stood before the winner, with the reason. @param {Props} props */
function PassedOver(props) {
  const { out } = props.prize;
  if (!out.length) return null;
  const list = html`<ul class="out">
    ${out.map(
      (winner) => html`<${Out} key=${winner.participant} ...${props} winner=${winner} />`,
    )}
  </ul>`;
  if (out.length <= OUT_SHOWN) return list;
  return html`<details class="out-more">
    <summary>${t("host.out_more", { n: out.length })}</summary>
    ${list}
  </details>`;
}

/** @param {Props & { winner: Winner }} props */
function Out({ winner, prize, host, prefs, act }) {
  const name = masked(prefs, winner.name);
  const back = host.phase === "ended" && winner.status === "skipped";
  const barred = (winner.notes || []).some((note) => note.code === "not_eligible");
  return html`<li class="out-row" data-participant=${winner.participant} data-status=${winner.status}>
    <span class="out-words">
      <b>${name}</b> ${figures(winner)[0]} – ${whyOut(winner, prize)}
    </span>
    ${back && html`<${Confirm} winner=${winner} prize=${prizeName(prize)} prefs=${prefs} act=${act} />`}
    ${
      host.phase === "ended" &&
      barred &&
      html`<button
        type="button"
        class="button"
        data-act="unbar"
        aria-label=${t("host.unbar_label", { name })}
        onClick=${() => act("bar", { winner, eligible: true })}
      >
        ${t("host.unbar")}
      </button>`
    }
  </li>`;
}

/**
 * The rule's sentence, or the host's words; who was not chosen out of a tie was
 * not skipped by anybody.
 * @param {Winner} winner @param {import("./prizes.js").Prize} prize
 */
function whyOut(winner, prize) {
  const chosen = prize.lead.some((one) => one.status === "confirmed" && one.rank === winner.rank);
  if (winner.status === "passed" || (winner.tied && chosen)) return winner.reason;
  return t("host.skipped_because", { reason: winner.reason || "" });
}
