// @ts-check
// Names of things as more than one view says them.

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

/** An ISO date as it is written here: 22/12/2023. @param {string} iso */
export const dayOf = (iso) => iso.split("-").reverse().join("/");
