// @ts-check
// After the end: who won what, provisional until a host confirms it. A skip
// needs a reason (Source: R5.4); a tie across a prize waits for the committee
// (R5.5), so it has no buttons that break it.

import { html } from "../kit/html.js";
import { seconds, t } from "../kit/texts.js";

/** @typedef {import("./types.js").Winner} Winner */

/** @param {import("./topbar.js").Parts} props */
export function Winners(props) {
  const winners = props.host.winners || [];
  const due = winners.filter((winner) => winner.participant && winner.status !== "skipped");
  const done = due.filter((winner) => winner.status === "confirmed").length;
  const first = winners.filter((winner) => winner.prize === "show");
  const rest = winners.filter((winner) => winner.prize !== "show");
  return html`<section class="winners">
    <header class="view-head">
      <h2>${t("host.winners")}</h2>
      <span class="chip">${t("host.all_confirmed", { n: done, total: due.length })}</span>
    </header>
    <ul class="winner-rows">
      ${[...first, ...rest].map(
        (winner) => html`<${WinnerRow} key=${`${winner.prize} ${winner.participant}`} ...${props} winner=${winner} />`,
      )}
    </ul>
  </section>`;
}

/** @param {Winner} winner */
export const prizeName = (winner) =>
  winner.prize === "show"
    ? t("host.prize_show")
    : t("host.prize_question", { n: winner.number || winner.prize });

/** @param {import("./topbar.js").Parts & { winner: Winner }} props */
function WinnerRow({ winner, host, prefs, act }) {
  const prize = prizeName(winner);
  const nobody = !winner.participant && !winner.name;
  const name = prefs.shy && winner.name ? "•••" : winner.name;
  return html`<li class="winner" data-prize=${winner.prize} data-status=${winner.status}>
    <span class="winner-prize">${prize}</span>
    <span class="winner-who">
      <b class="person">${nobody ? t("host.winner_none") : name}</b>
      <span class="unit">${prefs.shy ? "" : winner.unit}</span>
    </span>
    <span class="winner-figures">${figures(winner)}</span>
    ${winner.tied && html`<span class="chip chip-tied">${t("host.tied")}</span>`}
    ${!nobody &&
    html`<span class="chip" data-status=${winner.status} title=${winner.reason || undefined}>
      ${t(`host.winner.${winner.status}`)}
    </span>`}
    <${WinnerButtons} winner=${winner} allowed=${host.allowed} prize=${prize} act=${act} />
  </li>`;
}

/** @param {Winner} winner */
function figures(winner) {
  const right = winner.right == null ? "" : t("host.winner_right", { n: winner.right });
  const time = winner.time_ms == null ? "" : t("host.seconds_unit", { s: seconds(winner.time_ms) });
  return [right, time].filter(Boolean).join(" · ");
}

/** @param {{ winner: Winner, allowed: string[], prize: string, act: import("./types.js").Act }} props */
function WinnerButtons({ winner, allowed, prize, act }) {
  const open = winner.participant && ["provisional", "undecided"].includes(winner.status);
  if (!open) return html`<span class="winner-buttons" />`;
  const named = { prize: winner.prize, participant: winner.participant };
  const vars = { name: winner.name, prize };
  return html`<span class="winner-buttons">
    ${allowed.includes("confirm_winner") &&
    html`<button
      type="button"
      class="button button-main"
      aria-label=${t("host.confirm_label", vars)}
      onClick=${() => act("send", { command: "confirm_winner", with: named })}
    >
      ${t("host.confirm")}
    </button>`}
    ${allowed.includes("skip_winner") &&
    html`<button
      type="button"
      class="button"
      aria-label=${t("host.skip_label", vars)}
      onClick=${() => act("skip", { winner })}
    >
      ${t("host.skip")}
    </button>`}
  </span>`;
}
