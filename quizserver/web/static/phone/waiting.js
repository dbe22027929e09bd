// @ts-check
// Screens on which there is nothing to do but wait, and those that end the
// page's line: each says what is so and what to do, in one idea.

import { html } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { Outside } from "./outside.js";
import { Heading, Mark, MyData, QuestionNumber } from "./parts.js";
import { Practice } from "./practice.js";
import { Own } from "./result.js";
import { canStayAwake } from "./wake.js";

/** @typedef {import("./state.js").State} State */

/** @param {{ s: State, act: any, page: any }} props */
export function Lobby({ s, act, page }) {
  const code = act.recovery();
  const early = s.phase === "draft";
  return html`<${Heading}>${t(early ? "phone.early.title" : "phone.lobby.title")}<//>
    ${s.you && html`<p class="hello">${t("phone.lobby.name", { name: s.you.name })}</p>`}
    ${s.online > 0 &&
    html`<p class="count"><b>${integer(s.online)}</b> <span>${t("phone.lobby.online")}</span></p>`}
    <div class="how">
      <h2>${t("phone.lobby.how")}</h2>
      <p>${t("phone.lobby.how_text", { questions: (s.show && s.show.questions) || "" })}</p>
    </div>
    <${Practice} />
    ${code &&
    html`<div class="keep">
      <p>${t("phone.lobby.recovery")}</p>
      <p class="code">${code}</p>
    </div>`}
    <p class="plain">${t(canStayAwake() ? "phone.lobby.stay" : "phone.lobby.stay_awake")}</p>
    <${MyData} page=${page} />
    <${Outside} recovery=${code} />`;
}

/** @param {{ title: string, text: string, mark?: string, children?: any }} props */
const Plain = ({ title, text, mark, children }) =>
  html`<div class="middle">
    ${mark && html`<${Mark} name=${mark} size=${56} />`}
    <${Heading}>${title}<//>
    <p>${text}</p>
    ${children}
  </div>`;

export const Connecting = () =>
  html`<div class="middle">
    <span class="dots dots-big" aria-hidden="true"><i></i><i></i><i></i></span>
    <${Heading}>${t("phone.connecting.title")}<//>
    <p>${t("phone.connecting.text")}</p>
  </div>`;

/** @param {{ s: State }} props */
export const Paused = ({ s }) =>
  html`<${Plain}
    mark="pause"
    title=${t("phone.paused.title")}
    text=${s.pauseText || t("phone.paused.text")}
  ><p class="plain">${t("phone.paused.stay")}</p><//>`;

/** @param {{ s: State }} props */
export const Void = ({ s }) =>
  html`<div class="play-top"><${QuestionNumber} q=${s.question} /></div>
    <${Plain}
      mark="void"
      title=${t("phone.void.title")}
      text=${s.voidReason ? t("phone.void.reason", { reason: s.voidReason }) : t("phone.void.text")}
    ><p class="plain">${t("phone.void.more")}</p><${Own} own=${s.own} /><//>`;

/** Why the page stopped, and the one way on. @param {{ why: string, act: any }} props */
export function Gone({ why, act }) {
  const way = {
    replaced: html`<button class="button" onClick=${act.again}>${t("phone.replaced.button")}</button>`,
    no_show: html`<a class="button" href="/">${t("phone.no_show.button")}</a>`,
  };
  return html`<${Plain} title=${t(`phone.${why}.title`)} text=${t(`phone.${why}.text`)}>
    ${/** @type {Record<string, any>} */ (way)[why] ||
    html`<button class="button" onClick=${act.reload}>${t("phone.reload")}</button>`}
  <//>`;
}
