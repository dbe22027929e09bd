// @ts-check
// The standings between questions and the end of the show. Ranks, ties and
// winners are the server's words; nothing is ordered or broken here (R5.5).

import { html } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { Heading, Mark, MyData, rankText, time } from "./parts.js";
import { Own } from "./result.js";

/** @typedef {import("./state.js").State} State */

/**
 * This participant's own row, or undefined. Rows carry no id and may carry
 * initials instead of the name, so place and figures say it; among equals in
 * a dead heat only the name can.
 * @param {any[]} rows @param {State} s
 */
function ownRow(rows, { own, you }) {
  if (!own || !own.rank) return undefined;
  const same = rows.filter(
    (row) =>
      (row.rank || 1) === own.rank && row.right === own.right &&
      (row.total_ms === undefined ? row.time_ms : row.total_ms) === own.total_ms,
  );
  if (same.length === 1) return same[0];
  return same.find((row) => you && row.name === you.name);
}

/** @param {{ row: any, mine: boolean }} props */
const Row = ({ row, mine }) =>
  html`<li class="row" data-own=${mine ? "1" : "0"}>
    <span class="row-rank">${row.rank}</span>
    <span class="row-name">
      <bdi>${row.name}</bdi>${mine && html` <b class="badge badge-own">${t("phone.own.badge")}</b>`}
      ${row.unit && html`<small><bdi>${row.unit}</bdi></small>`}
    </span>
    <span class="row-figure">
      ${t("phone.standings.right", { count: integer(row.right) })}
      ${row.right > 0 && html`<small>${time(row.total_ms)}</small>`}
      ${row.tied && html`<small>${rankText(row.rank || 1, true)}</small>`}
    </span>
  </li>`;

/** @param {{ s: State }} props */
export function Standings({ s }) {
  const { top = [], participants = 0 } = s.standings || {};
  const own = ownRow(top, s);
  return html`<${Heading}>${t("phone.standings.title")}<//>
    <p class="plain">${t("phone.standings.among", { count: integer(participants) })}</p>
    ${!top.length && html`<p class="plain">${t("phone.standings.empty")}</p>`}
    <ol class="rows">
      ${top.map((/** @type {any} */ row, /** @type {number} */ place) =>
        html`<${Row} key=${place} row=${row} mine=${row === own} />`)}
    </ol>
    ${!own && html`<${Own} own=${s.own} />`}
    ${!s.own && html`<p class="plain">${t("phone.own.none")}</p>`}`;
}

/** @param {{ winner: any, mine: boolean }} props */
function Winner({ winner, mine }) {
  const facts = [];
  if (winner.right !== undefined) facts.push(t("phone.own.right", { count: integer(winner.right) }));
  if (winner.time_ms !== undefined) facts.push(time(winner.time_ms));
  if (winner.tied) facts.push(rankText(winner.rank || 1, true));
  return html`<li class="winner" data-own=${mine ? "1" : "0"}>
    <${Mark} name="star" size=${36} />
    <div>
      <p class="winner-name">${winner.name}</p>
      ${winner.unit && html`<p>${winner.unit}</p>`}
      <p class="winner-facts">${facts.join(" · ")}</p>
      ${winner.status !== "confirmed" &&
      html`<p class="winner-status">${t(`phone.winner.${winner.status}`)}</p>`}
    </div>
  </li>`;
}

/** The fastest of each question, in the order of the questions. @param {{ rows: any[] }} props */
function QuestionWinners({ rows }) {
  if (!rows.length) return null;
  return html`<h2>${t("phone.ended.questions")}</h2>
    <ol class="rows">
      ${rows.map(
        (row, place) => html`<li key=${place} class="row">
          <span class="row-rank">${row.number || place + 1}</span>
          <span class="row-name"><bdi>${row.name}</bdi>${row.unit && html`<small><bdi>${row.unit}</bdi></small>`}</span>
          <span class="row-figure">
            ${row.time_ms !== undefined && time(row.time_ms)}
            ${row.tied && html`<small>${rankText(row.rank || 1, true)}</small>`}
          </span>
          ${row.status === "undecided" &&
          html`<span class="row-note">${t("phone.winner.undecided")}</span>`}
        </li>`,
      )}
    </ol>`;
}

/** @param {{ s: State, page: any }} props */
export function Ended({ s, page }) {
  const held = s.winner.filter(({ status }) => status !== "skipped" && status !== "passed");
  const first = held.filter((winner) => winner.prize === "show");
  const each = held
    .filter((winner) => winner.prize !== "show")
    .sort((a, b) => (a.number || 0) - (b.number || 0));
  const own = ownRow(first, s);
  const won = own && own.status !== "undecided";
  return html`<${Heading}>${t(won ? "phone.ended.won" : "phone.ended.title")}<//>
    ${s.own && s.own.rank
      ? html`<p class="place" data-won=${won ? "1" : "0"}>
          <span>${t("phone.ended.place")}</span>
          <b>${rankText(s.own.rank, s.own.tied)}</b>
          <span>${t("phone.own.right", { count: integer(s.own.right) })}</span>
          <span>${time(s.own.total_ms)}</span>
        </p>`
      : html`<${Own} own=${s.own} />`}
    <h2>${t(first.length > 1 ? "phone.ended.winners" : "phone.ended.winner")}</h2>
    ${first.length
      ? html`<ul class="winners">
          ${first.map((winner, place) => html`<${Winner} key=${place} winner=${winner} mine=${winner === own} />`)}
        </ul>`
      : html`<p class="plain">${t("phone.ended.nobody")}</p>`}
    <${QuestionWinners} rows=${each} />
    <p class="plain">${t("phone.ended.thanks")}</p>
    <p><a class="button button-quiet" href=${`/${page.show}/results`}>${t("phone.ended.results")}</a></p>
    <${MyData} page=${page} />`;
}
