// @ts-check
// Voiding a revealed question, or correcting its key: chosen, previewed, and only
// then applied as one act (Source: R1.6). Nothing can be applied that was not
// seen: another choice or another step of the show asks for a new preview.

import { html, useEffect, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Dialog, HoldButton, ReasonField } from "./dialog.js";
import { Preview } from "./preview.js";

/** @typedef {import("./dialogs.js").DialogParts} DialogParts */
/** @typedef {{ action: "void" | "key", option: string }} Choice */
/**
 * @typedef {object} Trial
 * @property {"none" | "asked" | "failed" | "there"} state
 * @property {string} of what it is a preview of
 * @property {import("./preview.js").Recount | null} recount
 */

/** @param {Choice} choice whether it says enough to be tried */
const isWhole = (choice) => choice.action === "void" || Boolean(choice.option);

/** @param {DialogParts} props */
export function RecountQuestion({ host, prefs, act, dialog }) {
  const row = host.questions.find((one) => one.id === dialog.id);
  const [choice, setChoice] = useState(
    /** @type {Choice} */ ({ action: dialog.action || "void", option: "" }),
  );
  const [reason, setReason] = useState("");
  const trial = useTrial(host, dialog.id, choice);
  if (!row) return null;
  const title = t("host.recount_title", { n: row.number || "" });
  const send = () => {
    const named = { question: row.id, reason: reason.trim() };
    if (choice.action === "void") act("send", { command: "void", with: named });
    else act("send", { command: "correct_key", with: { ...named, option: choice.option } });
  };
  const presets = choice.action === "void" ? ["technical", "text", "committee"] : ["print", "review"];
  return html`<${Dialog} kind="recount" wide title=${title} onClose=${() => act("close")}>
    <p class="quote" lang=${host.lang}>${row.text}</p>
    <div class="recount">
      <div class="recount-choice">
        <${What} row=${row} choice=${choice} onChange=${setChoice} lang=${host.lang} />
        <${ReasonField}
          label=${t("host.reason")}
          value=${reason}
          presets=${presets.map((name) => t(`host.recount_preset.${name}`))}
          onChange=${setReason}
        />
      </div>
      <${Preview} host=${host} prefs=${prefs} trial=${trial} whole=${isWhole(choice)} />
    </div>
    <footer class="recount-foot">
      <${HoldButton}
        label=${t(`host.recount_apply_${choice.action}`)}
        disabled=${!reason.trim() || trial.state !== "there"}
        onDone=${send}
      />
      <button type="button" class="button" onClick=${() => act("close")}>
        ${t("host.cancel")}
      </button>
    </footer>
  </${Dialog}>`;
}

/**
 * The preview of the present choice; it belongs to one step of the show.
 * @param {import("./types.js").HostState} host @param {string} question @param {Choice} choice
 * @returns {Trial & { again: () => void }}
 */
function useTrial(host, question, choice) {
  const [trial, setTrial] = useState(
    /** @type {Trial} */ ({ state: "none", of: "", recount: null }),
  );
  const [tries, setTries] = useState(0);
  const query = queryOf(question, choice);
  const of = `${host.epoch} ${host.step} ${query}`;
  useEffect(() => {
    if (!isWhole(choice)) return undefined;
    const call = new AbortController();
    setTrial({ state: "asked", of, recount: null });
    ask(host.code, query, call.signal)
      .then((recount) => setTrial({ state: "there", of, recount }))
      .catch(() => {
        if (!call.signal.aborted) setTrial({ state: "failed", of, recount: null });
      });
    return () => call.abort();
  }, [of, tries]);
  const again = () => setTries((n) => n + 1);
  // Until the effect of a new choice has run, the old preview must not count.
  const old = trial.recount && trial.recount.step !== host.step;
  const stale = trial.of !== of || old || !isWhole(choice);
  return stale ? { state: "none", of, recount: null, again } : { ...trial, again };
}

/** @param {string} question @param {Choice} choice */
function queryOf(question, choice) {
  const query = new URLSearchParams(
    choice.action === "void" ? { void: question } : { question, option: choice.option },
  );
  return query.toString();
}

/** @param {string} code @param {string} query @param {AbortSignal} signal */
async function ask(code, query, signal) {
  const answer = await fetch(`/api/shows/${encodeURIComponent(code)}/recount?${query}`, { signal });
  if (!answer.ok) throw new Error(`recount: ${answer.status}`);
  return answer.json();
}

/**
 * @param {{ row: import("./types.js").Row, choice: Choice, lang: string,
 *   onChange: (choice: Choice) => void }} props
 */
function What({ row, choice, lang, onChange }) {
  const correcting = choice.action === "key";
  return html`<fieldset class="what">
    <legend>${t("host.recount_what")}</legend>
    ${
      ["void", "key"].map(
        (action) =>
          html`<label class="radio">
            <input
              type="radio"
              name="action"
              value=${action}
              checked=${choice.action === action}
              onChange=${() => onChange(/** @type {Choice} */ ({ action, option: "" }))}
            />
            <span>${t(`host.recount_${action}`)}</span>
          </label>`,
      )
    }
    ${
      correcting &&
      html`<div class="keys" role="radiogroup" aria-label=${t("host.recount_key")}>
        ${(row.options || []).map(
          (option) =>
            html`<label class="radio" data-option=${option.id}>
              <input
                type="radio"
                name="option"
                value=${option.id}
                disabled=${option.id === row.key}
                checked=${choice.option === option.id}
                onChange=${() => onChange({ action: "key", option: option.id })}
              />
              <span><b>${option.id}</b> <span lang=${lang}>${option.text}</span></span>
              ${option.id === row.key && html`<span class="chip">${t("host.recount_key_now")}</span>`}
            </label>`,
        )}
      </div>`
    }
  </fieldset>`;
}
