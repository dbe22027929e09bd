// @ts-check
// After the end: who won what, provisional until a host confirms it. A skip
// needs a reason (Source: R5.4); a tie across a prize waits for the committee
// (R5.5), so it has no buttons that break it.

import { html } from "../kit/html.js";
import { seconds, t } from "../kit/texts.js";

const SHOW = "show";
/** Statuses that still ask for a decision. */
const UNSETTLED = ["provisional", "undecided"];

/** @typedef {import("./types.js").Winner} Winner */

/** @param {import("./topbar.js").Parts} props */
export function Winners(props) {
  const winners = props.host.winners || [];
  const due = winners.filter((winner) => winner.participant && winner.status !== "skipped");
  const done = due.filter((winner) => winner.status === "confirmed").length;
  const rows = [...winners, ...unclaimed(props.host)].sort(byPrize);
  return html`<section class="winners">
    <header class="view-head">
      <h2>${t("host.winners")}</h2>
      <span class="chip">${t("host.all_confirmed", { n: done, total: due.length })}</span>
    </header>
    <ul class="winner-rows">
      ${rows.map(
        (winner) =>
          html`<${WinnerRow}
            key=${`${winner.prize} ${winner.participant}`}
            ...${props}
            winner=${winner}
          />`,
      )}
    </ul>
  </section>`;
}

/** Prizes nobody holds: revealed questions without a right answer. @param {import("./types.js").HostState} host @returns {Winner[]} */
function unclaimed(host) {
  const held = new Set((host.winners || []).map((winner) => winner.prize));
  const nobody = { name: "", status: "provisional" };
  const questions = host.questions
    .filter((row) => row.state === "revealed" && !held.has(row.id))
    .map((row) => ({ ...nobody, prize: row.id, number: row.number }));
  return held.has(SHOW) ? questions : [{ ...nobody, prize: SHOW }, ...questions];
}

/** The show's prize first, then the questions in their order. @param {Winner} a @param {Winner} b */
const byPrize = (a, b) => place(a) - place(b);

/** @param {Winner} winner */
const place = (winner) => (winner.prize === SHOW ? 0 : winner.number || Infinity);

/** @param {Winner} winner */
export const prizeName = (winner) =>
  winner.prize === SHOW
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
    <span class="winner-figures">${figures(winner).map((line) => html`<span>${line}</span>`)}</span>
    <span class="winner-chips">
      ${winner.tied && html`<span class="chip chip-tied">${t("host.tied")}</span>`}
      ${
        !nobody &&
        winner.status !== "provisional" &&
        html`<span class="chip" data-status=${winner.status} title=${winner.reason || undefined}>
          ${t(`host.winner.${winner.status}`)}
        </span>`
      }
    </span>
    <${WinnerButtons} winner=${winner} ended=${host.phase === "ended"} prize=${prize} act=${act} />
  </li>`;
}

/** @param {Winner} winner */
function figures(winner) {
  const right = winner.right == null ? "" : t("host.winner_right", { n: winner.right });
  const time = winner.time_ms == null ? "" : t("host.seconds_unit", { s: seconds(winner.time_ms) });
  return [right, time].filter(Boolean);
}

/** @param {{ winner: Winner, ended: boolean, prize: string, act: import("./types.js").Act }} props */
function WinnerButtons({ winner, ended, prize, act }) {
  const open = ended && winner.participant && UNSETTLED.includes(winner.status);
  if (!open) return html`<span class="winner-buttons" />`;
  const named = { prize: winner.prize, participant: winner.participant };
  const vars = { name: winner.name, prize };
  return html`<span class="winner-buttons">
    <button
      type="button"
      class="button button-main"
      aria-label=${t("host.confirm_label", vars)}
      onClick=${() => act("send", { command: "confirm_winner", with: named })}
    >
      ${t("host.confirm")}
    </button>
    <button
      type="button"
      class="button"
      aria-label=${t("host.skip_label", vars)}
      onClick=${() => act("skip", { winner })}
    >
      ${t("host.skip")}
    </button>
  </span>`;
}
