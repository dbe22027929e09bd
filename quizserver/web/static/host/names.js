// @ts-check
// Names of things as more than one view says them.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";

/**
 * "Câu 4/10"; a question whose place a reserve took has lost its number.
 * @param {import("./types.js").Question} question
 */
export const questionName = (question) =>
  question.number
    ? t("host.question_of", { n: question.number, total: question.total })
    : t("host.question_replaced");

/**
 * A person's name, unless the panel is on camera.
 * @param {import("./types.js").Prefs} prefs @param {string | null | undefined} name
 */
export const masked = (prefs, name) => (prefs.shy ? "•••" : name || "");

/**
 * What screens show of a person, where it is not the name: not to be read out either.
 * @param {{ one: { shown?: string }, prefs?: import("./types.js").Prefs }} props
 */
export const OnScreens = ({ one, prefs }) =>
  one.shown && !(prefs && prefs.shy)
    ? html`<span class="chip chip-shown" title=${t("host.shown_hint")}>${t("host.shown", { name: one.shown })}</span>`
    : null;

/** An ISO date as it is written here: 22/12/2023. @param {string} iso */
export const dayOf = (iso) => iso.split("-").reverse().join("/");
