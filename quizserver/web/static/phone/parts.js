// @ts-check
// Small pieces several screens share: the heading that takes focus, marks drawn
// as SVG (no font on every phone has them), names, ranks and the spoken line.

import { html } from "../kit/html.js";
import { integer, seconds, t } from "../kit/texts.js";

/** @type {Record<string, string>} */
const MARKS = {
  right: "M4 12.5 9.5 18 20 6.5",
  wrong: "M6 6 18 18M18 6 6 18",
  none: "M5 12h14",
  clock: "M12 6v6l4 2.5M12 2.5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19Z",
  listen: "M3.5 9.5v5h4l5 4v-13l-5 4ZM16 9a4.5 4.5 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11",
  void: "M12 2.5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19ZM5.3 5.3l13.4 13.4",
  pause: "M8.5 5v14M15.5 5v14",
  star: "m12 2.6 2.9 6 6.5.8-4.8 4.5 1.3 6.5-5.9-3.3-5.9 3.3 1.3-6.5L2.6 9.4l6.5-.8Z",
};

/** @param {{ name: string, size?: number }} props */
export const Mark = ({ name, size = 28 }) =>
  html`<svg
    class="mark"
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2.6"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d=${MARKS[name]} />
  </svg>`;

/**
 * The one heading of a screen; App moves the focus to it when screens change.
 * @param {{ children?: any, class?: string, lang?: string }} props
 */
export const Heading = ({ children, ...rest }) =>
  html`<h1 data-heading tabindex="-1" ...${rest}>${children}</h1>`;

/** "Câu 4/10", or nothing without a question. @param {{ q: any }} props */
export const QuestionNumber = ({ q }) =>
  html`<p class="tag">${t("phone.question.number", { number: q.number, total: q.total })}</p>`;

/** "hạng 3", "đồng hạng 3". @param {number} rank @param {boolean} [tied] */
export const rankText = (rank, tied) =>
  t(tied ? "phone.rank.tied" : "phone.rank", { rank: integer(rank) });

/** "2,91 s" @param {number} ms */
export const time = (ms) => t("phone.seconds", { seconds: seconds(ms) });

/** "2,91 giây" @param {number} ms */
export const timeInWords = (ms) => t("phone.seconds.long", { seconds: seconds(ms) });

/** The way to what is kept of this participant (R2.6). @param {{ page: any }} props */
export const MyData = ({ page }) =>
  html`<p><a href=${`/${page.show}/my-data`}>${t("phone.my_data")}</a></p>`;

/** How many graphemes of text decide its size: "s", "m" or "l". */
/** @param {string} text @param {number} middle @param {number} long */
export const sizeOf = (text, middle, long) =>
  text.length > long ? "l" : text.length > middle ? "m" : "s";

/** One size for all options: none may look like more than the others. @param {{text: string}[]} options */
export const sizeOfAll = (options) => {
  const [longest] = options.map(({ text }) => text).sort((one, other) => other.length - one.length);
  return sizeOf(longest, 34, 58);
};

/** A dash stays on the line of the word before it. @param {string} text */
export const tidy = (text) => text.replace(/ ([–—-]) /g, "\u00a0$1 ");

/** Say a sentence to screen readers, once. @param {string} text */
export function speak(text) {
  const line = document.getElementById("speak");
  if (line) line.textContent = text;
}

/**
 * Why a call failed, as a sentence.
 * @param {any} error a Refusal @param {string} otherwise key of the last resort
 * @returns {string}
 */
export function refusalText(error, otherwise) {
  if (error.status === 0) return t("phone.error.offline");
  if (error.status === 429) return t("phone.error.busy");
  if (error.status >= 500) return t("phone.error.server");
  return error.message || t(otherwise);
}
