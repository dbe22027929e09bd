// @ts-check
// The reveal: was I right, how fast, what was the answer and why, who was first.
// The verdict comes from the server (`you`); until that arrives the receipt and
// the key say right or wrong, and the rank follows.

import { html } from "../kit/html.js";
import { Shape } from "../kit/shapes.js";
import { integer, t } from "../kit/texts.js";
import { Heading, Mark, QuestionNumber, rankText, time } from "./parts.js";
import { YourTime, lateReason } from "./yourtime.js";

/** @typedef {import("./state.js").State} State */

/**
 * "right", "wrong", "late", "none", or "lost": sent and never heard of again.
 * @param {State} s
 */
export function verdictOf({ answer, result }) {
  const { right, status, time_ms } = result.you || {};
  const heard = answer && answer.status !== "sending" ? answer.status : status;
  if (heard && heard !== "accepted") return "late";
  if (right) return "right";
  if (!heard && time_ms === undefined) return answer ? "lost" : "none";
  const fits = !result.you && answer && answer.option === result.correct;
  return fits ? "right" : "wrong";
}

/** @param {{ s: State, verdict: string }} props */
function Verdict({ s, verdict }) {
  const { rank, tied, show = {} } = s.result.you || {};
  const streak = verdict === "right" ? show.streak || 0 : 0;
  const more =
    verdict === "late" ? lateReason(s)
    : verdict === "right" && rank ? rankText(rank, tied)
    : t(`phone.verdict.${verdict}_more`);
  const mark = { late: "clock", lost: "none" }[verdict] || verdict;
  return html`<div class="verdict" data-verdict=${verdict}>
    <${Mark} name=${mark} size=${44} />
    <div>
      <${Heading}>${t(`phone.verdict.${verdict}`)}<//>
      <p class="verdict-facts">${more}</p>
      ${streak >= 2 && html`<p class="streak">${t("phone.result.streak", { count: integer(streak) })}</p>`}
    </div>
  </div>`;
}

/**
 * Every option, with how many chose it if that is known; the key framed in gold.
 * @param {{ s: any }} props of the state: question, answer, result, show
 */
export function Answers({ s }) {
  const { correct, counts } = s.result;
  const own = s.answer && s.answer.option;
  const options = (s.question && s.question.options) || [];
  const shown = options.length ? options : [{ id: correct, text: "" }];
  const all = Object.keys(counts || {}).reduce((sum, id) => sum + counts[id], 0) || 1;
  return html`<ul class="answers" lang=${(s.show || {}).lang}>
    ${shown.map(
      (/** @type {any} */ { id, text }) => html`<li
        key=${id}
        class="answer"
        data-option=${id.toLowerCase()}
        data-right=${id === correct ? "1" : "0"}
      >
        <span class="answer-key"><${Shape} option=${id} size=${16} /><b>${id}</b></span>
        <span class="answer-text">
          ${text}
          ${id === correct && html`<b class="badge badge-right">${t("phone.result.correct")}</b>`}
          ${id === own && html`<b class="badge">${t("phone.result.yours")}</b>`}
        </span>
        ${counts &&
        html`<span class="answer-share">${Math.round((100 * (counts[id] || 0)) / all)}%</span>`}
      </li>`,
    )}
  </ul>`;
}

/** @param {{ rows: any[] }} props */
function Fastest({ rows }) {
  if (!rows.length) return html`<p class="plain">${t("phone.result.nobody")}</p>`;
  return html`<h2>${t("phone.result.fastest")}</h2>
    <ol class="rows">
      ${rows.map(
        (row, place) => html`<li key=${place} class="row">
          <span class="row-rank">${row.rank || place + 1}</span>
          <span class="row-name"><bdi>${row.name}</bdi>${row.unit && html`<small><bdi>${row.unit}</bdi></small>`}</span>
          <span class="row-figure">${time(row.time_ms)}${row.tied && html`<small>${rankText(row.rank, true)}</small>`}</span>
        </li>`,
      )}
    </ol>`;
}

/** "7 câu đúng · 35,21 s · hạng 12" of the whole show. @param {{ own: any }} props */
export function Own({ own }) {
  if (!own) return null;
  const facts = [t("phone.own.right", { count: integer(own.right) })];
  if (own.right) facts.push(time(own.total_ms));
  if (own.rank) facts.push(rankText(own.rank, own.tied));
  return html`<p class="own"><b>${t("phone.own.title")}</b> <span>${facts.join(" · ")}</span></p>`;
}

/** @param {{ s: State }} props */
export function Result({ s }) {
  if (!s.result) return html`<${Heading}>${t("phone.locked.wait")}<//>`;
  const { explanation, source, fastest = [] } = s.result;
  const verdict = verdictOf(s);
  return html`<div class="play-top">${s.question && html`<${QuestionNumber} q=${s.question} />`}</div>
    <${Verdict} s=${s} verdict=${verdict} />
    <${YourTime} s=${s} verdict=${verdict} />
    ${s.question && s.question.text &&
    html`<p class="asked-again" lang=${(s.show || {}).lang}>${s.question.text}</p>`}
    <${Answers} s=${s} />
    ${explanation &&
    html`<div class="why" lang=${(s.show || {}).lang}>
      <h2>${t("phone.result.explanation")}</h2>
      <p>${explanation}</p>
      ${source && html`<p class="source">${t("phone.result.source", { source })}</p>`}
    </div>`}
    <${Fastest} rows=${fastest} />
    <${Own} own=${s.own} />`;
}
