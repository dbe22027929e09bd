// @ts-check
// "Your time": first the one figure, then, for who asks, how it came about. Every
// number is the server's (`timing`, Source: R4.3 to R4.6); nothing is computed
// here but which sentence explains it. Steps are in thousandths, so that a reader
// who adds them up comes to the same hundredth.

import { html } from "../kit/html.js";
import { lang, t } from "../kit/texts.js";
import { timeInWords } from "./parts.js";

/** @typedef {import("./state.js").State} State */

/** "3,421 s" @param {number} ms */
function exact(ms) {
  const rest = String(ms % 1000).padStart(3, "0");
  const seconds = `${Math.floor(ms / 1000)}${lang() === "vi" ? "," : "."}${rest}`;
  return t("phone.seconds", { seconds });
}

/** Rule `fair-1` credits at least its margin; without any it is `received`. */
/** @param {any} timing */
const isFair = (timing) => Boolean(timing.most_ms);

/** T in ms, from the newest that said it. @param {State} s @returns {number | undefined} */
export function tookOf({ answer, result }) {
  const { timing, time_ms } = (result || {}).you || {};
  if (timing) return timing.time_ms;
  return time_ms === undefined ? (answer || {}).time_ms : time_ms;
}

/** "15 giây", or with hundredths where it is no whole second. @param {number} ms */
const limit = (ms) =>
  ms % 1000 ? timeInWords(ms) : t("phone.seconds.long", { seconds: ms / 1000 });

/**
 * What a late receipt says, with its numbers (Source: R4.7). What took longer than
 * the question was open is too late by itself; what did not reached the server too
 * late. Without the numbers it says no more than is known.
 * @param {number | undefined} took T, ms @param {number} whole ms, 0 = not known
 */
export function lateText(took, whole) {
  if (took === undefined || !whole) return t("phone.late.closed");
  const values = { time: timeInWords(took), limit: limit(whole) };
  return t(took < whole ? "phone.late.arrived" : "phone.late.over", values);
}

/** The same in short, where the time stands below it. @param {State} s */
export function lateReason(s) {
  const took = tookOf(s);
  const { timing } = s.result.you || {};
  if (took === undefined || !s.durationMs) return t("phone.late.closed");
  if (took < s.durationMs) return t("phone.late.why.arrived");
  const tapped = timing && isFair(timing); // else only the server's clock is known
  const values = { limit: limit(s.durationMs) };
  return t(tapped ? "phone.late.why.tapped" : "phone.late.why.over", values);
}

/** Which sentence says how the time came about. @param {any} timing */
function reason({ sent, tier, claimed_ms: claimed, elapsed_ms, most_ms, ...rest }) {
  if (!isFair({ most_ms })) return "received";
  if (tier === "http") return "http";
  if (sent === "resent" || sent === "absent") return sent;
  if (claimed === undefined) return "missing";
  if (claimed > elapsed_ms) return "above";
  return claimed < rest.time_ms ? "below" : "fits";
}

/** @param {{ name: string, value: string }} props */
const Line = ({ name, value }) =>
  html`<div class="step"><dt>${name}</dt><dd>${value}</dd></div>`;

/** @param {{ timing: any }} props */
function Steps({ timing }) {
  const { claimed_ms: claimed, elapsed_ms: elapsed, credited_ms: credited = 0 } = timing;
  const why = reason(timing);
  const unused = why !== "fits" && why !== "above" && why !== "below";
  return html`<p>${t(`phone.time.why.${why}`)}</p>
    <dl class="steps">
      ${claimed !== undefined &&
      html`<${Line}
        name=${t(unused ? "phone.time.claimed_unused" : "phone.time.claimed")}
        value=${exact(claimed)}
      />`}
      <${Line}
        name=${t(isFair(timing) ? "phone.time.elapsed" : "phone.time.received")}
        value=${exact(elapsed)}
      />
      ${isFair(timing) && why !== "http" &&
      html`<${Line}
        name=${t("phone.time.credited", { most: exact(timing.most_ms) })}
        value=${`− ${exact(credited)}`}
      />`}
      <${Line} name=${t("phone.time.counted")} value=${exact(timing.time_ms)} />
    </dl>
    <p>${t("phone.time.unit")}</p>`;
}

/** The code that binds the answers of this question. @param {{ code?: string }} props */
const Seal = ({ code }) =>
  code
    ? html`<p class="seal">${t("phone.seal")} <b>${code}</b></p>
        <p class="seal-what">${t("phone.seal.what")}</p>`
    : null;

/**
 * The time of somebody who answered, and the question's seal code for everybody.
 * @param {{ s: State, verdict: string }} props
 */
export function YourTime({ s, verdict }) {
  const { timing } = s.result.you || {};
  const code = s.question && s.question.seal;
  const took = tookOf(s);
  return html`<div class="yours">
    ${took !== undefined &&
    html`<p class="yours-line">${t("phone.time.yours")} <b>${timeInWords(took)}</b></p>`}
    ${verdict === "wrong" && html`<p class="plain">${t("phone.time.wrong")}</p>`}
    ${(timing || code) &&
    html`<details>
      <summary>${t(timing ? "phone.time.how" : "phone.seal")}</summary>
      ${timing && html`<${Steps} timing=${timing} />`}
      <${Seal} code=${code} />
    </details>`}
  </div>`;
}
