// @ts-check
// The queue of names: whose name is on a screen or soon will be, and waits to be
// passed. Passed, hidden or renamed here it is so everywhere within a second; until
// then screens show initials (Source: R2.5).

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Dialog } from "./dialog.js";
import { EraseButton } from "./erase.js";
import { masked } from "./names.js";

/** @typedef {import("./types.js").Waiting} Waiting */

/** @param {import("./dialogs.js").DialogParts} props */
export function NamesQueue({ host, model, prefs, act }) {
  const waiting = host.live.waiting || [];
  const held = host.names_held === true;
  const may = host.allowed.includes("hold_names");
  const mark = (/** @type {Waiting} */ one, /** @type {boolean} */ hidden) =>
    act("send", {
      command: "hide_name",
      // It must not be lost because the show moved on meanwhile.
      with: { participant: one.participant, hidden, step: undefined },
      behind: true,
    });
  return html`<${Dialog} kind="names" wide title=${t("host.names_title")} onClose=${() => act("close")}>
    <label class="switch">
      <input
        type="checkbox"
        checked=${held}
        disabled=${!may}
        onChange=${() => act("send", { command: "hold_names", with: { hidden: !held, step: undefined }, behind: true })}
      />
      <span>${t("host.names_hold")}</span>
    </label>
    <p class="hint">${t(held ? "host.names_held" : "host.names_free")}</p>
    ${held && waiting.length === 0 && html`<p class="empty">${t("host.names_none")}</p>`}
    <ul class="choices">
      ${waiting.map(
        (one) =>
          html`<li class="choice" key=${one.participant} data-participant=${one.participant}>
            <span><bdi><b>${masked(prefs, one.name)}</b></bdi> <span class="unit">${masked(prefs, one.unit)}</span></span>
            <button type="button" class="button button-main" onClick=${() => mark(one, false)}>${t("host.names_pass")}</button>
            <button type="button" class="button" onClick=${() => mark(one, true)}>${t("host.hide_now")}</button>
            <button type="button" class="button" onClick=${() => act("hide", { person: one })}>${t("host.rename")}…</button>
          </li>`,
      )}
    </ul>
    ${
      waiting.length > 1 &&
      html`<p class="buttons">
        <button type="button" class="button" onClick=${() => waiting.forEach((one) => mark(one, false))}>
          ${t("host.names_pass_all", { n: waiting.length })}
        </button>
      </p>`
    }
    <p class="buttons"><${EraseButton} model=${model} act=${act} /></p>
  </${Dialog}>`;
}

/** The way there, with how many wait; in the head of the fastest ten. @param {import("./topbar.js").Parts} props */
export function WaitingChip({ host, act }) {
  const n = (host.live.waiting || []).length;
  return html`<button
    type="button"
    class="chip chip-button"
    data-waiting=${n}
    onClick=${() => act("names")}
  >
    ${host.names_held || n ? t("host.names_waiting", { n }) : t("host.names_title")}
  </button>`;
}
