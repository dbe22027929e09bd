// @ts-check
// The current question with its key. The key is drawn here and nowhere else in
// the panel, and not at all while the privacy switch is on: what is not in the
// page cannot be filmed.

import { html } from "../kit/html.js";
import { Shape } from "../kit/shapes.js";
import { integer, t } from "../kit/texts.js";
import { TimeBar } from "./clock.js";
import { Icon } from "./icons.js";
import { share } from "./model.js";
import { dayOf, questionName } from "./names.js";

/** Longer texts are set smaller, so that the page never scrolls on air. */
const LONG = 110;
const LONG_OPTION = 55;
const FEW = 4;

/** @param {import("./topbar.js").Parts} props */
export function Question({ host, model, prefs }) {
  const question = host.question;
  if (!question) return null;
  const counts = host.live.counts || {};
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const revealed = question.state === "revealed";
  return html`<article
    class="question"
    data-state=${question.state}
    data-long=${String(question.text.length > LONG)}
    data-options=${question.options.length}
    data-dense=${String(isDense(question.options))}
  >
    <header class="question-head">
      <h2>${questionName(question)}</h2>
      <span class="chip" data-state=${question.state}>${t(`host.state.${question.state}`)}</span>
      <${KeyBadge} answer=${question.key} shy=${prefs.shy} revealed=${revealed} />
    </header>
    <${TimeBar} host=${host} receivedAt=${model.receivedAt} />
    <p class="question-text" lang=${host.lang}>${question.text}</p>
    ${question.state === "void" && html`<p class="banner banner-bad">${t("host.question_void")}</p>`}
    <ol class="options" aria-label=${t("host.options")}>
      ${question.options.map(
        (option) =>
          html`<${OptionLine}
            key=${option.id}
            option=${option}
            count=${counts[option.id] || 0}
            total=${total}
            right=${option.id === question.key}
            revealed=${revealed}
            shy=${prefs.shy}
            secret=${prefs.shy && question.state === "asked"}
            lang=${host.lang}
          />`,
      )}
    </ol>
    <${Tallies} live=${host.live} shy=${prefs.shy} />
    ${!prefs.shy && html`<${Background} question=${question} lang=${host.lang} />`}
  </article>`;
}

/** @param {import("./types.js").Option[]} options whether they fill the room */
const isDense = (options) =>
  options.length > FEW || options.some((option) => option.text.length > LONG_OPTION);

/** @param {{ answer: string, shy: boolean, revealed: boolean }} props */
function KeyBadge({ answer, shy, revealed }) {
  if (shy) return html`<span class="key-badge" data-shy="true">${t("host.key_hidden")}</span>`;
  return html`<span class="key-badge">
    <${Icon} name=${revealed ? "check" : "lock"} size=${18} />
    <span>${revealed ? t("host.key_was") : t("host.key")} <b>${answer}</b></span>
    ${!revealed && html`<em>${t("host.only_you")}</em>`}
  </span>`;
}

/**
 * @param {{ option: import("./types.js").Option, count: number, total: number, right: boolean,
 *   revealed: boolean, shy: boolean, secret: boolean, lang: string }} props `secret`: not yet
 *   on any screen, so not on a filmed panel either
 */
function OptionLine({ option, count, total, right, revealed, shy, secret, lang }) {
  const part = share(count, total);
  return html`<li
    class="option"
    data-option=${option.id.toLowerCase()}
    data-key=${shy ? undefined : String(right)}
    data-revealed=${String(revealed)}
  >
    ${
      !shy &&
      html`<i
        class="option-bar"
        aria-hidden="true"
        style=${{ transform: `scaleX(${total ? count / total : 0})` }}
      />`
    }
    <span class="option-mark"><${Shape} option=${option.id} size=${18} /><b>${option.id}</b></span>
    <span class="option-text" lang=${lang}>${secret ? "•••" : option.text}</span>
    ${!shy && right && html`<span class="option-key">${t("host.key")}</span>`}
    <span class="option-numbers">
      ${shy ? html`<b>•••</b>` : html`<b>${integer(count)}</b><small>${part}%</small>`}
    </span>
  </li>`;
}

/** @param {{ live: import("./types.js").Live, shy: boolean }} props */
function Tallies({ live, shy }) {
  const accepted = live.accepted || 0;
  /** @type {[string, number][]} */
  const rows = [
    ["accepted", accepted],
    ["missing", Math.max(0, live.joined - accepted - (live.late || 0))],
    ["late", live.late || 0],
    ["rejected", live.rejected || 0],
  ];
  return html`<dl class="tallies">
    ${rows.map(
      ([name, value]) =>
        html`<div class="tally" data-tally=${name} data-zero=${String(shy || value === 0)}>
          <dt>${t(`host.${name}`)}</dt>
          <dd>${shy ? "•••" : integer(value)}</dd>
        </div>`,
    )}
  </dl>`;
}

/** What the host may say after the reveal. @param {{ question: import("./types.js").Question, lang: string }} props */
function Background({ question, lang }) {
  if (!question.explanation && !question.source) return null;
  return html`<div class="background" lang=${lang}>
    ${question.explanation && html`<p><b>${t("host.explanation")}:</b> ${question.explanation}</p>`}
    ${
      question.source &&
      html`<p class="background-source">
        <b>${t("host.source")}:</b> ${question.source}
        ${question.as_of && ` · ${t("host.as_of", { date: dayOf(question.as_of) })}`}
      </p>`
    }
  </div>`;
}
