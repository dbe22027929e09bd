// @ts-check
// The shown top of the standings; ranks and ties come from the server and are
// never computed here (Source: R5.2, R5.6).

import { html } from "../kit/html.js";
import { seconds, t } from "../kit/texts.js";

const SHOWN = 10;

/** @param {import("./topbar.js").Parts} props */
export function Standings({ host, prefs }) {
  return html`<section class="standings">
    <header class="view-head">
      <h2>${t("host.standings")}</h2>
      <span class="chip">${t("host.standings_note")}</span>
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
        (row) => html`<tr data-rank=${row.rank}>
          <td class="table-rank"><b>${row.rank}</b></td>
          <td>
            <span class="person">${shy ? "•••" : row.name}</span>
            <span class="unit">${shy ? "" : row.unit}</span>
            ${row.tied && html`<span class="chip chip-tied">${t("host.tied")}</span>`}
          </td>
          <td class="table-number">${row.right}</td>
          <td class="table-number">${seconds(row.total_ms)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
