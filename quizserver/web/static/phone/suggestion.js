// @ts-check
// A name of one word is many people's: the form offers the same with the place of work,
// one tap to take it. It goes by what is typed here alone. Whether such a name takes part
// is asked of nobody: the answer would tell strangers who does, and what people agreed to
// is to be named on air, not to be found. The same name twice is nobody's mistake.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";

/** Longest name (Source: R2.1). */
const MOST = 40;

/** @param {string} text */
const tidy = (text) => text.normalize("NFC").trim().replace(/\s+/g, " ");

/**
 * @param {string} name @param {string} unit as typed
 * @returns {string | null} the name to take, "" when there is none to offer, null when the
 *   name tells enough
 */
export function suggested(name, unit) {
  const word = tidy(name);
  const place = tidy(unit);
  if (!word || word.includes(" ")) return null;
  const both = `${word} (${place})`;
  return place && Array.from(both).length <= MOST ? both : "";
}

/**
 * It comes while somebody is in the field above it: what comes when a field is left would
 * move the box or the button away from under the finger that left it.
 * @param {(() => void) | undefined} first what else is done when the unit's field is entered
 */
export function useSuggestion(first) {
  const [typed, setTyped] = useState({ name: "", unit: "" });
  /** @param {Event} event */
  const read = ({ target }) => {
    const { form } = /** @type {HTMLInputElement} */ (target);
    const text = (/** @type {string} */ key) => String(new FormData(form).get(key) || "");
    setTyped({ name: text("name"), unit: text("unit") });
  };
  const offer = suggested(typed.name, typed.unit);
  const take = () => {
    const input = /** @type {HTMLInputElement} */ (document.getElementById("name"));
    input.value = offer || "";
    setTyped({ name: input.value, unit: typed.unit });
    input.focus();
  };
  const said = html`<div class="suggestion" role="status">
    ${offer !== null && html`<p class="hint">${t("phone.join.short", { name: tidy(typed.name) })}</p>`}
    ${offer && html`<button type="button" class="button button-quiet" onClick=${take}>${t("phone.join.take", { name: offer })}</button>`}
  </div>`;
  return {
    said,
    name: { onInput: (/** @type {Event} */ event) => typed.name && read(event) },
    unit: {
      onInput: read,
      onFocus: (/** @type {Event} */ event) => {
        read(event);
        if (first) first();
      },
    },
  };
}
