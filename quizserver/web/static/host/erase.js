// @ts-check
// An owner erases one person for whoever asked on paper (Source: R2.6). Never while a
// question is about to open or open: the step would hold up everybody's question. The
// log has the pseudonym and the reason, never a name.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Dialog, HoldButton, ReasonField } from "./dialog.js";
import { isRolling } from "./model.js";
import { masked } from "./names.js";

/** @typedef {import("./dialogs.js").DialogParts} DialogParts */

const PRESETS = ["paper", "phone", "guardian"];

/** The way there, for an owner alone. @param {Pick<DialogParts, "model" | "act"> & { person?: any }} props */
export const EraseButton = ({ model, act, person }) =>
  model.you && model.you.role === "owner"
    ? html`<button type="button" class="button button-grave" data-act="erase" onClick=${() => act("erase", { person })}>
        ${t(person ? "host.erase_this" : "host.erase_one")}…
      </button>`
    : null;

/** @param {import("./types.js").HostState} host */
const mustWait = (host) => host.phase === "open" || isRolling(host);

/** @param {DialogParts} props */
export function ErasePerson({ host, prefs, act, dialog }) {
  /** @type {{ participant: string, name: string, unit: string } | undefined} */
  const person = dialog.person;
  const [id, setId] = useState(person ? person.participant : "");
  const [reason, setReason] = useState("");
  const [said, setSaid] = useState({ state: "", text: "" });
  const waits = mustWait(host);
  const send = async () => {
    // Both ways to it ask once more: the second key does not look at `disabled`.
    if (waits || said.state || !id.trim() || !reason.trim()) return;
    setSaid({ state: "sent", text: "" });
    const text = await refusal(host.code, { participant: id.trim(), reason: reason.trim() });
    setSaid(text === null ? { state: "done", text: "" } : { state: "", text });
  };
  if (said.state === "done") {
    return html`<${Dialog} kind="erase" title=${t("host.erase_done_title")} onClose=${() => act("close")}>
      <p role="status">${t("host.erase_done")}</p>
      <p class="buttons"><button type="button" class="button button-main" onClick=${() => act("close")}>${t("host.close")}</button></p>
    </${Dialog}>`;
  }
  return html`<${Dialog} kind="erase" title=${t("host.erase_title")} onClose=${() => act("close")}>
    ${
      person
        ? html`<p class="quote"><bdi>${masked(prefs, person.name)}</bdi> <span class="unit">${masked(prefs, person.unit)}</span></p>`
        : html`<div class="field">
            <label for="erase-id">${t("host.erase_id")}</label>
            <input id="erase-id" class="input" maxlength="64" autocomplete="off" value=${id}
              onInput=${(/** @type {any} */ event) => setId(event.target.value)} />
          </div>`
    }
    <p>${t("host.erase_goes")}</p>
    <p>${t("host.erase_stays")}</p>
    <${ReasonField}
      label=${t("host.erase_reason")}
      value=${reason}
      presets=${PRESETS.map((name) => t(`host.erase_preset.${name}`))}
      onChange=${setReason}
    />
    ${waits && html`<p class="banner" data-banner="waits">${t("host.erase_waits")}</p>`}
    <${HoldButton} label=${t("host.erase_hold")} disabled=${waits || said.state === "sent" || !id.trim() || !reason.trim()} onDone=${send} />
    <p class="note" role="alert" data-kind="error">${said.text}</p>
  </${Dialog}>`;
}

/** Why not, as a sentence; null when it is done. @param {string} code @param {{ participant: string, reason: string }} body */
async function refusal(code, body) {
  const csrf = document.querySelector("meta[name=csrf]");
  try {
    const answer = await fetch(`/api/shows/${encodeURIComponent(code)}/people/erase`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRF-Token": (csrf && csrf.getAttribute("content")) || "",
      },
      body: JSON.stringify(body),
    });
    if (answer.status === 202) return t("host.erase_taken"); // a question has begun meanwhile
    if (answer.ok) return null;
    return String((await answer.json()).error.message);
  } catch {
    return t("host.erase_failed");
  }
}
