// @ts-check
// Dialogs about one person: hide or rename a shown name, look at what is odd
// about an answer, pass over a winner, leave somebody out of the prizes. A hidden
// name still competes, and so does who can win nothing (Source: R2.5).

import { html, useState } from "../kit/html.js";
import { seconds, t } from "../kit/texts.js";
import { Dialog, ReasonField } from "./dialog.js";
import { EraseButton } from "./erase.js";
import { masked } from "./names.js";
import { prizeName } from "./prizes.js";

/** @typedef {import("./dialogs.js").DialogParts} DialogParts */

/** @param {DialogParts} props */
export function HidePerson({ model, prefs, act, dialog }) {
  /** @type {import("./types.js").Fastest} */
  const person = dialog.person;
  const [name, setName] = useState("");
  const hidden = (person.flags || []).includes("hidden");
  const send = (/** @type {Record<string, unknown>} */ fields) =>
    act("send", { command: "hide_name", with: { participant: person.participant, ...fields } });
  const rename = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (name.trim()) send({ hidden: false, name: name.trim() });
  };
  return html`<${Dialog} kind="hide" title=${t("host.hide_title")} onClose=${() => act("close")}>
    <p class="quote"><bdi>${masked(prefs, person.name)}</bdi> <span class="unit">${masked(prefs, person.unit)}</span></p>
    <p>${t("host.hide_body")}</p>
    <p class="buttons">
      <button type="button" class="button button-main" onClick=${() => send({ hidden: !hidden })}>
        ${hidden ? t("host.hide_show") : t("host.hide_now")}
      </button>
      <${EraseButton} model=${model} act=${act} person=${person} />
    </p>
    <form class="field" onSubmit=${rename}>
      <label for="new-name">${t("host.rename_label")}</label>
      <div class="field-line">
        <input
          id="new-name"
          class="input"
          maxlength="60"
          autocomplete="off"
          value=${name}
          onInput=${(/** @type {any} */ event) => setName(event.target.value)}
        />
        <button type="submit" class="button" disabled=${!name.trim()}>${t("host.rename")}</button>
      </div>
    </form>
  </${Dialog}>`;
}

/** @param {DialogParts} props */
export function SkipWinner({ prefs, act, dialog }) {
  /** @type {import("./types.js").Winner} */
  const winner = dialog.winner;
  const [reason, setReason] = useState("");
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    const named = { prize: winner.prize, participant: winner.participant };
    if (reason.trim())
      act("send", { command: "skip_winner", with: { ...named, reason: reason.trim() } });
  };
  return html`<${Dialog} kind="skip" title=${t("host.skip_title", { name: masked(prefs, winner.name) })} onClose=${() => act("close")}>
    <p class="quote">${prizeName(winner)}: <bdi>${masked(prefs, winner.name)}</bdi> <span class="unit">${masked(prefs, winner.unit)}</span></p>
    <p>${t("host.skip_body")}</p>
    <form onSubmit=${send}>
      <${ReasonField}
        label=${t("host.reason_log")}
        value=${reason}
        presets=${["committee", "absent", "double"].map((name) => t(`host.skip_preset.${name}`))}
        onChange=${setReason}
      />
      <p class="buttons">
        <button type="submit" class="button button-grave" disabled=${!reason.trim()}>
          ${t("host.skip_send")}
        </button>
      </p>
    </form>
  </${Dialog}>`;
}

/**
 * Leave somebody out of all prizes, or take them in again (Source: R2.5).
 * @param {DialogParts} props
 */
export function BarPerson({ prefs, act, dialog }) {
  /** @type {import("./types.js").Winner} */
  const winner = dialog.winner;
  const eligible = dialog.eligible === true;
  const [reason, setReason] = useState("");
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    const named = { participant: winner.participant, eligible };
    if (reason.trim())
      act("send", { command: "set_eligible", with: { ...named, reason: reason.trim() } });
  };
  const word = eligible ? "unbar" : "bar";
  const presets = eligible ? ["mistake", "checked"] : ["staff", "family", "rules"];
  return html`<${Dialog} kind="bar" title=${t(`host.${word}_title`, { name: masked(prefs, winner.name) })} onClose=${() => act("close")}>
    <p class="quote"><bdi>${masked(prefs, winner.name)}</bdi> <span class="unit">${masked(prefs, winner.unit)}</span></p>
    <p>${t(`host.${word}_body`)}</p>
    <form onSubmit=${send}>
      <${ReasonField}
        label=${t("host.reason_log")}
        value=${reason}
        presets=${presets.map((name) => t(`host.${word}_preset.${name}`))}
        onChange=${setReason}
      />
      <p class="buttons">
        <button
          type="submit"
          class=${eligible ? "button button-main" : "button button-grave"}
          disabled=${!reason.trim()}
        >
          ${t(`host.${word}_send`)}
        </button>
      </p>
    </form>
  </${Dialog}>`;
}

/** What there is to look at in one answer, in whole sentences. @param {DialogParts} props */
export function PersonNotes({ prefs, act, dialog }) {
  /** @type {import("./types.js").Fastest} */
  const person = dialog.person;
  return html`<${Dialog} kind="notes" title=${masked(prefs, person.name)} onClose=${() => act("close")}>
    <p>
      ${person.unit && `${masked(prefs, person.unit)} · `}${t("host.col_rank")} ${person.rank} ·
      ${" "}${t("host.seconds_unit", { s: seconds(person.time_ms) })}
    </p>
    <ul class="notes">
      ${(person.notes || []).map((note) => html`<li data-flag=${note.code}>${note.text}</li>`)}
    </ul>
    <p class="hint">${t("host.notes_hint")}</p>
  </${Dialog}>`;
}
