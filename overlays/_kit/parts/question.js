// @ts-check
// One question from "asked" to the reveal: the plate with its text and clock,
// the options under it, and after the reveal the fastest in the plate's place.

import { html, useRef } from "../../../kit/html.js";
import { integer, t } from "../../../kit/texts.js";
import { useFit } from "../fit.js";
import { useFlip, useFresh } from "../motion.js";
import { sceneOf } from "../scene.js";
import { Bar, Disc } from "./clock.js";
import { Fastest } from "./fastest.js";
import { Options } from "./options.js";
import { Picture } from "./picture.js";
import { Digits, mark, Seal, Tab, tidy } from "./text.js";

/** @param {number} question @param {number} option @param {string} room */
const one = (question, option, room) => ({
  sizes: { "--question-size": question, "--option-size": option }, room,
});

/** 64 is the floor wherever the text leaves room for the face; then it gives way. */
const TRIES = [
  one(76, 48, "--room"), one(70, 48, "--room"), one(64, 48, "--room"),
  one(64, 44, "--room"), one(64, 44, "--room-long"), one(64, 40, "--room-long"),
  one(60, 40, "--room-long"), one(58, 40, "--room-long"), one(56, 40, "--room-long"),
  one(54, 40, "--room-long"), one(52, 40, "--room-long"), one(50, 40, "--room-long"),
  one(46, 40, "--room-most"), one(43, 40, "--room-most"),
  one(40, 40, "--room-most"),
];

/** The try that two lines of question and four options mostly end with. */
const WITH_OPTIONS = 4;

/** @typedef {{ look: import("../state.js").Look, params: import("../params.js").Params }} Props */

/** The question without clock, shares and the fastest: these have pages of their own. @param {Props} props */
export const QuestionAlone = (props) => html`<${Question} ...${props} alone />`;

/** @param {Props & { alone?: boolean }} props */
export function Question({ look, params, alone = false }) {
  const scene = sceneOf(look);
  const { question } = look;
  const stack = useRef(/** @type {HTMLElement | null} */ (null));
  const shows = (/** @type {string} */ layer) => !alone && !params.hide.includes(layer);
  const says = `${question.text}|${question.options ? question.options.length : 0}`;
  const revealed = useFresh(scene === "revealed", look.live);
  useFit(stack, TRIES, [says, look.notice], {
    alone: "data-measured", usual: question.options ? WITH_OPTIONS : 1, forms: true,
  });
  useFlip(stack, says, look.live, look.notice);
  return html`<div class="question-scene" ref=${stack} data-part="question-scene"
    data-state=${scene} data-options=${(question.options || []).length} data-alone=${mark(alone)} data-keeps=${mark(!alone && !shows("fastest"))}
    data-image=${mark(question.image)} data-fresh=${mark(revealed && scene === "revealed")}>
    <${Picture} src=${scene === "revealed" && !alone ? "" : question.image || ""} />
    <div class="upper" data-flip="upper">
      <${Plate} look=${look} params=${params} scene=${scene} alone=${alone} />
      ${scene === "revealed" && shows("fastest") ? html`<${Fastest} look=${look} params=${params} fresh=${revealed} within=${stack} />` : null}
    </div>
    ${question.options && question.options.length
      ? html`<${Options} look=${look} scene=${scene} shares=${shows("shares")} />` : null}
  </div>`;
}

/** @param {Props & { scene: string, alone: boolean }} props */
function Plate({ look, params, scene, alone }) {
  const { question } = look;
  const entered = useFresh(question.id, look.live);
  const changed = useFresh(scene, look.live);
  const timed = !alone && !params.hide.includes("clock");
  const words = question.text ? tidy(question.text) : t("overlay.roll");
  return html`<section class="plate question-plate" data-part="question" data-fresh=${mark(entered)}>
    <div class="tabs">
      <${Tab} part="number"><${Digits} text=${t("overlay.question.number", question)} /><//>
      <${State} look=${look} scene=${scene} fresh=${changed} />
      <${Seal} look=${look} params=${params} />
    </div>
    <p class="question-text" data-part="question-text" data-wait=${mark(!question.text)}>${words}</p>
    ${alone ? null : html`<div class="clock-room">${timed ? html`<${Disc} look=${look} scene=${scene} fresh=${changed} />` : null}</div>`}
    ${scene === "open" && timed ? html`<${Bar} look=${look} />` : null}
  </section>`;
}

/** The second tab: what is going on just now. @param {any} props */
function State({ look, scene, fresh }) {
  if (scene === "roll" && look.question.text && look.conn === "live") {
    return html`<${Tab} kind="gold" part="roll" fresh=${fresh}>${t("overlay.roll")}<//>`;
  }
  if (scene === "asked" || scene === "roll" || look.answered === null) return null;
  if (look.conn === "offline" || (scene === "open" && !look.answered)) return null;
  const count = integer(look.answered);
  return html`<${Tab} kind="plain" part="answered">
    <${Digits} text=${t("overlay.answered", { count })} />
  <//>`;
}

/** A question that does not count, with its reason (Source: R1.6). @param {{ look: any }} props */
export function Void({ look }) {
  const fresh = useFresh(look.question.id, look.live);
  return html`<section class="plate card" data-part="void" data-fresh=${mark(fresh)}>
    <div class="tabs">
      <${Tab} part="number"><${Digits} text=${t("overlay.question.number", look.question)} /><//>
    </div>
    <h1 class="card-title">${t("overlay.void.title")}</h1>
    <p class="card-text">${look.reason || t("overlay.void.text")}</p>
  </section>`;
}
