// @ts-check
// What a recount would change, before it is applied: the prizes that change
// hands, who moves, and who was fastest before and after.

import { html } from "../kit/html.js";
import { integer, isolated, seconds, t } from "../kit/texts.js";
import { Icon } from "./icons.js";
import { prizeName } from "./prizes.js";

/** @typedef {{ rank: number, tied: boolean, name: string, time_ms: number }} Placed */
/** @typedef {{ prize: string, number?: number | null, was: string[], now: string[] }} Changed */
/**
 * @typedef {object} Moved
 * @property {string} participant
 * @property {string} name
 * @property {number | null} rank_was
 * @property {number | null} rank
 * @property {number} right_was
 * @property {number} right
 */
/**
 * @typedef {object} Recount quizserver/wire/results.py
 * @property {number} step
 * @property {Placed[]} fastest_was
 * @property {Placed[]} fastest
 * @property {Moved[]} moved the best of those who move
 * @property {number} participants how many move in all
 * @property {Changed[]} prizes
 */

const SHOWN = 10;
const FIRST = 3;

/**
 * @param {{ host: import("./types.js").HostState, prefs: import("./types.js").Prefs, whole: boolean,
 *   trial: import("./recount.js").Trial & { again: () => void } }} props
 */
export function Preview({ host, prefs, whole, trial }) {
  return html`<section class="preview" data-preview=${trial.state} aria-label=${t("host.preview")}>
    <h3>${t("host.preview")}</h3>
    <p class="preview-line" role="status">${line(trial, whole)}</p>
    ${
      trial.state === "failed" &&
      html`<button type="button" class="button" onClick=${trial.again}>
        ${t("host.preview_again")}
      </button>`
    }
    ${trial.recount && html`<${Warning} host=${host} />`}
    ${trial.recount && html`<${Changes} recount=${prefs.shy ? unnamed(trial.recount) : trial.recount} />`}
  </section>`;
}

/** @param {import("./recount.js").Trial} trial @param {boolean} whole */
function line({ state, recount }, whole) {
  if (state === "failed") return t("host.preview_failed");
  if (!whole) return t("host.preview_choose");
  if (!recount) return t("host.preview_asked");
  const n = recount.participants;
  return n ? t("host.preview_moved", { n: integer(n) }) : t("host.preview_nobody");
}

/** The same, fit to be filmed: what changes, and not for whom. @param {Recount} recount @returns {Recount} */
function unnamed(recount) {
  const hide = (/** @type {any} */ one) => ({ ...one, name: "•••" });
  const hideAll = (/** @type {string[]} */ people) => people.map(() => "•••");
  return {
    ...recount,
    moved: recount.moved.map(hide),
    fastest: recount.fastest.map(hide),
    fastest_was: recount.fastest_was.map(hide),
    prizes: recount.prizes.map((one) => ({ ...one, was: hideAll(one.was), now: hideAll(one.now) })),
  };
}

/** @param {{ recount: Recount }} props */
function Changes({ recount }) {
  return html`<${Prizes} prizes=${recount.prizes} />
    <${Ranks} moved=${recount.moved.slice(0, SHOWN)} all=${recount.participants} />
    <h4>${t("host.preview_fastest")}</h4>
    <dl class="preview-fastest">
      <dt>${t("host.preview_before")}</dt>
      <dd>${firstOf(recount.fastest_was)}</dd>
      <dt>${t("host.preview_after")}</dt>
      <dd>${firstOf(recount.fastest)}</dd>
    </dl>`;
}

/** @param {Placed[]} rows */
const firstOf = (rows) =>
  rows
    .slice(0, FIRST)
    .map((row) => `${row.rank}. ${isolated(row.name)} ${t("host.seconds_unit", { s: seconds(row.time_ms) })}`)
    .join(" · ") || t("host.fastest_nobody");

/** @param {{ prizes: Changed[] }} props */
function Prizes({ prizes }) {
  if (!prizes.length) return html`<p>${t("host.preview_prizes_same")}</p>`;
  return html`<h4>${t("host.preview_prizes")}</h4>
    <ul class="preview-prizes">
      ${prizes.map(
        (one) =>
          html`<li data-prize=${one.prize}>
            <span class="preview-prize">${prizeName(one)}</span>
            <span>${names(one.was)}</span>
            <${Becomes} />
            <b>${names(one.now)}</b>
          </li>`,
      )}
    </ul>`;
}

/** An arrow that can be heard. */
const Becomes = () =>
  html`<span class="arrow"
    ><span aria-hidden="true">→</span><span class="unseen">${t("host.preview_becomes")}</span></span
  >`;

/** @param {string[]} people */
const names = (people) => (people.length ? people.join(", ") : t("host.winner_none"));

/** @param {{ moved: Moved[], all: number }} props */
function Ranks({ moved, all }) {
  if (!moved.length) return null;
  return html`<table class="preview-ranks">
    <caption>
      ${t(all > moved.length ? "host.preview_ranks_some" : "host.preview_ranks", { n: moved.length })}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t("host.col_name")}</th>
        <th scope="col">${t("host.col_rank")}</th>
        <th scope="col">${t("host.col_right")}</th>
      </tr>
    </thead>
    <tbody>
      ${moved.map(
        (one) =>
          html`<tr data-participant=${one.participant}>
            <td>${one.name}</td>
            <td>${one.rank_was || "–"} <${Becomes} /> <b>${one.rank || "–"}</b></td>
            <td>
              ${
                one.right === one.right_was
                  ? one.right
                  : html`${one.right_was} <${Becomes} /> <b>${one.right}</b>`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What has to be done again. @param {{ host: import("./types.js").HostState }} props */
function Warning({ host }) {
  const signed = ["confirmed", "published"].includes(host.phase);
  const some = (host.winners || []).some((winner) => winner.status === "confirmed");
  if (!signed && !some) return null;
  const key = signed ? `host.preview_signed.${host.phase}` : "host.preview_confirmed_again";
  return html`<p class="banner banner-time">
    <${Icon} name="alert" size=${20} /><span>${t(key)}</span>
  </p>`;
}
