// @ts-check
// Somebody else saved this question while it was being written here. Both versions
// stand side by side, and a person decides; nothing is lost until then.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Ask } from "./ask.js";
import { differing, draftOf } from "./work.js";

/** @param {{ work: import("./work.js").Work, theirs: any }} props */
export function Conflict({ work, theirs }) {
  const mine = /** @type {any} */ (work.open).draft;
  const other = theirs ? draftOf(theirs) : null;
  return html`<${Ask} title=${t("editor.conflict_title")} kind="conflict" wide onClose=${() => work.setAsking(null)}>
    <p>${t(theirs ? "editor.conflict_text" : "editor.conflict_gone")}</p>
    ${
      other &&
      html`<table class="versions">
        <thead>
          <tr>
            <th scope="col"><span class="unseen">${t("editor.conflict_field")}</span></th>
            <th scope="col">${t("editor.conflict_mine")}</th>
            <th scope="col">${t("editor.conflict_theirs")}</th>
          </tr>
        </thead>
        <tbody>
          ${differing(mine, other).map(
            (field) => html`<tr>
              <th scope="row">${t(`editor.field.${field}`)}</th>
              <td>${shown(mine, field)}</td>
              <td>${shown(other, field)}</td>
            </tr>`,
          )}
        </tbody>
      </table>`
    }
    <div class="buttons">
      <button type="button" class="button button-main" onClick=${() => work.settle(theirs, true)}>
        ${t(theirs ? "editor.conflict_take" : "editor.conflict_let_go")}
      </button>
      <button type="button" class="button" onClick=${() => work.settle(theirs, false)}>
        ${t(theirs ? "editor.conflict_keep" : "editor.conflict_as_new")}
      </button>
      <button type="button" class="button" onClick=${() => work.setAsking(null)}>${t("editor.stay")}</button>
    </div>
  </${Ask}>`;
}

/** @param {any} draft @param {string} field */
function shown(draft, field) {
  const value = draft[field];
  if (field === "options") {
    return value
      .map((/** @type {string} */ text, /** @type {number} */ at) => `${"ABCDEF"[at]}. ${text}`)
      .filter((/** @type {string} */ _, /** @type {number} */ at) => value[at])
      .map((/** @type {string} */ line) => html`<span class="version-line">${line}</span>`);
  }
  if (field === "duration_ms") return value ? t("editor.seconds", { s: value / 1000 }) : "–";
  if (field === "reserve") return t(value ? "editor.yes" : "editor.no");
  return value || "–";
}
