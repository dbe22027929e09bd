// @ts-check
// One question from the first reading to the lock: asked, rolling in, open,
// sent, recorded, locked. It stays one component so that nothing on the screen
// moves between the tap and the reveal.

import { html, useEffect, useLayoutEffect, useState } from "../kit/html.js";
import { Shape } from "../kit/shapes.js";
import { integer, t } from "../kit/texts.js";
import { Heading, Mark, QuestionNumber, sizeOf, sizeOfAll, speak, tidy, time } from "./parts.js";
import { Roll, Timer } from "./timer.js";
import { buzz } from "./wake.js";
import { lateText } from "./yourtime.js";

/** @typedef {import("./state.js").State} State */

/** The line between question and options: mark, words, tone. @param {State} s @param {boolean} over */
function statusOf(s, over) {
  const a = s.answer;
  if (a && a.status === "sending") return { tone: "sending", text: t("phone.answer.sending") };
  if (a && a.status === "accepted") {
    const timed = a.time_ms === undefined ? "" : time(a.time_ms);
    return { tone: "recorded", mark: "right", text: t("phone.answer.recorded", { time: timed }).trim() };
  }
  if (a) {
    const why = lateText(a.time_ms, s.durationMs);
    return { tone: "late", mark: "clock", text: t(`phone.answer.${a.status}`, { why }) };
  }
  if (s.phase === "locked") return { tone: "late", mark: "clock", text: t("phone.answer.none") };
  if (over) return { tone: "late", mark: "clock", text: t("phone.timer.over") };
  return { tone: "choose", text: t("phone.answer.choose") };
}

/** @param {{ s: State, over: boolean }} props */
function Status({ s, over }) {
  const { tone, mark, text } = statusOf(s, over);
  useEffect(() => {
    if (tone === "choose") return;
    speak(text);
    if (tone === "recorded" && s.seen) buzz();
  }, [text]);
  return html`<p class="status" data-tone=${tone}>
    ${mark && html`<${Mark} name=${mark} size=${22} />`}
    ${tone === "sending" && html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>`}
    <span>${text}</span>
  </p>`;
}

/**
 * @param {object} props
 * @param {{id: string, text: string}} props.option @param {string} props.size of its text
 * @param {string} props.mode "open", "chosen" or "out"
 * @param {(event: MouseEvent) => void} props.onTap
 */
export function Option({ option, size, mode, onTap }) {
  return html`<button
    type="button"
    class="option"
    data-option=${option.id.toLowerCase()}
    data-mode=${mode}
    aria-pressed=${mode === "chosen" ? "true" : "false"}
    aria-disabled=${mode === "open" ? "false" : "true"}
    onClick=${onTap}
  >
    <span class="option-key"><${Shape} option=${option.id} size=${20} /><b>${option.id}</b></span>
    <span class="option-text" data-size=${size}>${tidy(option.text)}</span>
  </button>`;
}

/** What stands below the options. @param {State} s */
function after(s) {
  const facts = [];
  if (s.phase === "locked") facts.push(t("phone.locked.wait"));
  const code = s.answer && s.answer.receipt;
  if (code) facts.push(t("phone.answer.receipt", { code }));
  if (s.answer && s.answered) facts.push(t("phone.answered", { count: integer(s.answered) }));
  return facts.join(" · ");
}

/** @param {{ s: State, act: any, over: boolean }} props */
function Options({ s, act, over }) {
  const { id, options } = s.question;
  const chosen = s.answer && s.answer.option;
  const [again, setAgain] = useState(false);
  useLayoutEffect(() => {
    // Only a question seen opening can be measured (Source: R4.3).
    if (s.phase === "open" && s.seen) act.painted(id);
  }, [id]);

  /** @param {string} option @param {MouseEvent} event */
  function tapped(option, event) {
    if (over) return;
    // Ahead of the draw, which says the same: one attribute is soon painted.
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    if (act.tap(option, event.timeStamp)) button.dataset.mode = "chosen";
    if (!s.answer) return;
    setAgain(true);
    speak(t("phone.answer.final", { option: s.answer.option }));
  }

  const closed = over || s.phase !== "open";
  /** @param {string} option */
  const mode = (option) =>
    chosen === option ? "chosen" : chosen || closed ? "out" : "open";
  return html`<div class="options" role="group" aria-label=${t("phone.options")} lang=${(s.show || {}).lang}>
      ${options.map(
        (/** @type {any} */ option) =>
          html`<${Option}
            key=${option.id}
            option=${option} size=${sizeOfAll(options)}
            mode=${mode(option.id)}
            onTap=${(/** @type {MouseEvent} */ event) => tapped(option.id, event)}
          />`,
      )}
    </div>
    <p class="after">
      ${again && chosen && !closed ? t("phone.answer.final", { option: chosen }) : after(s)}
    </p>`;
}

/** @param {{ s: State, act: any, screen: string }} props */
export function Question({ s, act, screen }) {
  const q = s.question;
  const [done, setDone] = useState(/** @type {any} */ (null));
  const over = s.phase === "open" && s.closes !== null && done === s.closes;
  const options = screen !== "asked" && screen !== "roll" && (q.options || []).length > 0;
  return html`<div class="play-top">
      <${QuestionNumber} q=${q} />
      ${screen === "open" && s.closes &&
      html`<${Timer} count=${s.closes} whole=${s.durationMs} onOver=${() => setDone(s.closes)} />`}
      ${screen === "locked" && html`<p class="tag tag-locked">${t("phone.locked")}</p>`}
    </div>
    ${q.text
      ? html`<${Heading} class="ask" data-size=${sizeOf(q.text, 70, 130)} lang=${(s.show || {}).lang}>${q.text}<//>`
      : html`<${Heading} class="ask ask-ready">${t(screen === "locked" ? "phone.timer.over" : "phone.roll.title")}<//>`}
    ${q.image && html`<img class="ask-image" src=${q.image} alt="" />`}
    ${screen === "asked" &&
    html`<div class="roll-box">
      <${Mark} name="listen" size=${64} />
      <p class="roll-hint">${t("phone.asked.wait")}</p>
    </div>`}
    ${screen === "roll" &&
    html`<div class="roll-box">
      ${q.text && html`<p class="roll-title">${t("phone.roll.title")}</p>`}
      <${Roll} count=${s.opens} />
      <p class="roll-hint">${t("phone.roll.hint")}</p>
    </div>`}
    ${options && html`<${Status} s=${s} over=${over} />`}
    ${options && html`<${Options} s=${s} act=${act} over=${over} key=${q.id} />`}
    ${screen === "locked" && !options && html`<p class="asked-wait">${t("phone.locked.wait")}</p>`}`;
}
