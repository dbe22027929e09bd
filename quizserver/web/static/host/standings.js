// @ts-check
// The shown top of the standings; ranks and ties come from the server and are
// never computed here (Source: R5.2, R5.6).

import { html } from "../kit/html.js";
import { integer, seconds, t } from "../kit/texts.js";
import { WaitingChip } from "./moderation.js";

const SHOWN = 10;

/** @param {import("./topbar.js").Parts} props */
export function Standings({ host, prefs }) {
  return html`<section class="standings">
    <header class="view-head">
      <h2>${t("host.standings")}</h2>
      ${!["confirmed", "published"].includes(host.phase) && html`<span class="chip">${t("host.standings_note")}</span>`}
    </header>
    <${StandingsTable} rows=${host.standings || []} shy=${prefs.shy} />
  </section>`;
}

/** @param {{ rows: import("./types.js").Standing[], shy: boolean }} props */
function StandingsTable({ rows, shy }) {
  if (!rows.length) return html`<p class="empty">${t("host.standings_empty")}</p>`;
  return html`<table class="table">
    <thead>
      <tr>
        <th scope="col" class="table-rank">${t("host.col_rank")}</th>
        <th scope="col">${t("host.col_name")}</th>
        <th scope="col" class="table-number">${t("host.col_right")}</th>
        <th scope="col" class="table-number">${t("host.col_time")}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.slice(0, SHOWN).map(
        (row) =>
          html`<tr data-rank=${row.rank}>
            <td class="table-rank"><b>${row.rank}</b></td>
            <td>
              <div class="table-who">
                <span class="person">${shy ? "•••" : row.name}</span>
                ${row.tied && html`<span class="chip chip-tied">${t("host.tied")}</span>`}
                <span class="unit">${shy ? "" : row.unit}</span>
              </div>
            </td>
            <td class="table-number">${row.right}</td>
            <td class="table-number">${row.right ? seconds(row.total_ms) : "–"}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/**
 * The same order beside the winners, after the end.
 * @param {import("./topbar.js").Parts} props
 */
export function FinalList({ host, prefs, act }) {
  const rows = host.standings || [];
  return html`<section class="fastest card">
    <header class="card-head">
      <h2 class="card-title">${t("host.standings")}</h2>
      <${WaitingChip} host=${host} act=${act} />
      ${!["confirmed", "published"].includes(host.phase) && html`<span class="chip">${t("host.standings_note")}</span>`}
    </header>
    ${rows.length === 0 && html`<p class="empty">${t("host.standings_empty")}</p>`}
    <ol class="people">
      ${rows.slice(0, SHOWN).map(
        (row) =>
          html`<li class="person-row person-row-end" data-first=${String(row.rank === 1)}>
            <b class="person-rank">${row.rank}</b>
            <span class="person-who">
              <span class="person">${prefs.shy ? "•••" : row.name}</span>
              <span class="person-more">
                ${row.tied && html`<span class="chip chip-tied">${t("host.tied")}</span>`}
                <span class="unit">${prefs.shy ? "" : row.unit}</span>
              </span>
            </span>
            <span class="person-sum">
              <b>${t("host.winner_right", { n: integer(row.right) })}</b>
              ${row.right > 0 && html`<small>${t("host.seconds_unit", { s: seconds(row.total_ms) })}</small>`}
            </span>
          </li>`,
      )}
    </ol>
  </section>`;
}
