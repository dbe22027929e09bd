// @ts-check
// Small pieces of every scene: digits that never shift their neighbours, the
// tab on a plate, a person's name, the tick of the right answer.

import { html } from "../../../kit/html.js";
import { t } from "../../../kit/texts.js";
import { useFresh } from "../motion.js";

/**
 * A text whose digits stand in boxes of one width: the typeface's own digits
 * differ, and a running number would make everything beside it tremble.
 * @param {{ text: string }} props
 */
export function Digits({ text }) {
  return html`<span class="digits">
    ${[...text].map((sign) => (/\d/.test(sign) ? html`<b class="digit">${sign}</b>` : sign))}
  </span>`;
}

/** @param {{ kind?: "info" | "gold" | "plain", part: string, fresh?: boolean, children?: any }} props */
export function Tab({ kind = "info", part, fresh, children }) {
  return html`<span class="tab" data-kind=${kind} data-part=${part} data-fresh=${mark(fresh)}>
    ${children}
  </span>`;
}

/**
 * The seal code of a closed question (Source: R6.1), for shows that say it on
 * air: `seal=1` in the address.
 * @param {{ look: import("../state.js").Look, params: import("../params.js").Params }} props
 */
export function Seal({ look, params }) {
  const { seal } = look.question;
  const fresh = useFresh(seal, look.live);
  if (!params.seal || !seal) return null;
  return html`<${Tab} kind="plain" part="seal" fresh=${fresh}>${t("overlay.seal", { code: seal })}<//>`;
}

/** A dash stays on the line of the word before it. @param {string} text */
export const tidy = (text) => text.normalize("NFC").replace(/ ([–—-]) /g, "\u00a0$1 ");

/** Attribute value of a yes or no: there or not there. @param {unknown} yes */
export const mark = (yes) => (yes ? "" : undefined);

/** Name, and place of work where there is room. @param {{ name: string, unit?: string | null }} props */
export function Person({ name, unit }) {
  return html`<span class="person">
    <bdi class="name" data-part="name">${tidy(name)}</bdi>
    ${unit ? html`<bdi class="unit" data-part="unit">${unit}</bdi>` : null}
  </span>`;
}

export function Tick() {
  return html`<svg class="tick" viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="12" />
    <path d="m6.5 12.6 3.7 3.7 7.4-8" />
  </svg>`;
}
