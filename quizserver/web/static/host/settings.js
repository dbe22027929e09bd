// @ts-check
// What a host sets for one overlay, live: the page takes it over while it is on air.
// It is kept by the overlay's place, so it is there again after a reload. What stands
// in the overlay's address wins, and is only shown here.

import { html, useRef } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { Dialog } from "./dialog.js";
import { isBehind } from "./model.js";
import { useIndex } from "./singles.js";
import { badgeColour, outputsOf, viewName } from "./tally.js";

/** @typedef {import("./types.js").Output} Output */
/** @typedef {import("./types.js").OutputSettings} Settings */
/** @typedef {import("./dialogs.js").DialogParts} DialogParts */
/** @typedef {Output & { set?: Settings }} Settable `set` by a host */
/** @typedef {{ output: Settable, may: boolean, put: (part: Settings) => void }} Parts */

const LONGEST_S = 60;
/** How a page calls what a host sets in milliseconds. */
const WORDS = /** @type {Record<string, string>} */ ({ delay_ms: "delay" });

/** @param {Output} output @param {string} name */
const isFixed = (output, name) => (output.fixed || []).includes(WORDS[name] || name);

/** What it draws by: the address, else what was set, else its own. @param {Settable} output @param {string} name */
const valueOf = (output, name) => /** @type {any} */ ((isFixed(output, name) ? output.has : output.set) || {})[name];

/** @param {DialogParts} props */
export function OutputSettings({ host, model, dialog, act }) {
  const { overlays, themes } = useIndex();
  const sent = useRef(/** @type {Settings | null} */ (null));
  const close = () => act("close");
  const found = outputsOf(host.live).find((one) => one.place === dialog.place);
  if (!found) {
    return html`<${Dialog} kind="settings" wide title=${t("host.settings_gone")} onClose=${close}>
      <${Back} act=${act} />
    </${Dialog}>`;
  }
  // What is on its way is not in the state yet, and must not be undone by what follows.
  const waits = Object.values(model.pending).includes("set_output") || isBehind(model);
  if (!waits) sent.current = null;
  /** @type {Settable} */
  const output = { ...found, set: sent.current || (host.outputs || {})[dialog.place] };
  const view = overlays.find(({ name }) => name === output.view);
  const values = (/** @type {string} */ name) => ((view && view.param) || []).find((one) => one.name === name)?.values || [];
  const may = host.allowed.includes("set_output");
  /** @param {Settings} settings */
  const set = (settings) => {
    sent.current = settings;
    act("send", { command: "set_output", behind: true, with: { output: output.place, settings, step: undefined } });
  };
  /** @param {Settings} part */
  const put = (part) => set({ ...output.set, ...part });
  const parts = { output, may, put };
  return html`<${Dialog} kind="settings" wide title=${t("host.settings_title", { n: output.number || "" })} onClose=${close}>
    <p class="settings-head">
      <b class="output-badge" data-colour=${badgeColour(output)}>${output.number}</b>
      <span>${viewName(output)}</span> <code>${output.place}</code>
      ${output.bus === "preview" && html`<span class="chip">${t("host.output_preview")}</span>`}
    </p>
    <p class="hint">${t(output.lost ? "host.settings_lost" : "host.settings_note")}</p>
    <div class="settings">
      <${Choice} ...${parts} name="theme" values=${themes} word=${(/** @type {string} */ one) => one} />
      <${Choice} ...${parts} name="lang" values=${["vi", "en"]} />
      <${Choice} ...${parts} name="layout" values=${(view && view.layouts) || []} word=${(/** @type {string} */ one) => one.replace("x", ":")} />
      ${values("position").length > 0 && html`<${Choice} ...${parts} name="position" values=${values("position")} />`}
      <${Delay} ...${parts} />
      <${Choice} ...${parts} name="safe" values=${[true, false]} />
      ${values("mute").length > 0 && html`<${Choice} ...${parts} name="mute" values=${[true, false]} />`}
    </div>
    ${values("hide").length > 0 && html`<${Layers} ...${parts} layers=${values("hide")} />`}
    <p class="buttons">
      <${Back} act=${act} />
      <button type="button" class="button" data-act="unset" disabled=${!may || !output.set} onClick=${() => set({})}>
        ${t("host.settings_unset")}
      </button>
    </p>
  </${Dialog}>`;
}

/** @param {{ act: import("./types.js").Act }} props */
const Back = ({ act }) => html`<button type="button" class="button" onClick=${() => act("outputs")}>${t("host.settings_back")}</button>`;

/** One line: a name, its control, and whether the address says it. @param {{ output: Output, name: string, children?: any }} props */
function Line({ output, name, children }) {
  return html`<label class="settings-line" data-setting=${name}>
    <span>${t(`host.setting.${name}`)}</span>
    ${children}
    <small class="settings-fixed">${isFixed(output, name) ? t("host.settings_fixed") : ""}</small>
  </label>`;
}

/** @param {Parts & { name: string, values: (string | boolean)[], word?: (one: string) => string }} props */
function Choice({ output, may, put, name, values, word }) {
  const now = valueOf(output, name);
  const says = word || ((one) => t(`host.setting_${name}.${one}`));
  // What the list does not know (an older page's theme) is shown all the same.
  const known = now === undefined || now === null || values.includes(now) ? values : [...values, now];
  /** @param {any} event */
  const chosen = ({ target }) => put({ [name]: known.find((one) => String(one) === target.value) });
  return html`<${Line} output=${output} name=${name}>
    <select class="input" disabled=${!may || isFixed(output, name)} value=${String(now ?? "")} onChange=${chosen}>
      <option value="" selected=${now == null}>${t("host.setting_own")}</option>
      ${known.map((one) => html`<option value=${String(one)} selected=${one === now}>${says(String(one))}</option>`)}
    </select>
  <//>`;
}

/** @param {Parts} props */
function Delay({ output, may, put }) {
  const now = valueOf(output, "delay_ms");
  /** @param {any} event */
  const typed = ({ target }) => {
    const wanted = Math.round(Number(target.value) * 1000);
    if (target.value === "") put({ delay_ms: undefined });
    else if (wanted >= 0 && wanted <= LONGEST_S * 1000) put({ delay_ms: wanted });
  };
  return html`<${Line} output=${output} name="delay_ms">
    <input class="input" type="number" min="0" max=${LONGEST_S} step="0.5" placeholder="0"
      disabled=${!may || isFixed(output, "delay_ms")} value=${now == null ? "" : now / 1000} onChange=${typed} />
  <//>`;
}

/** @param {Parts & { layers: string[] }} props */
function Layers({ output, may, put, layers }) {
  const hidden = /** @type {string[]} */ (valueOf(output, "hide") || []);
  const fixed = isFixed(output, "hide");
  /** @param {string} one */
  const turn = (one) => put({ hide: layers.filter((other) => hidden.includes(other) !== (other === one)) });
  return html`<fieldset class="settings-layers" data-setting="hide">
    <legend>${t("host.setting.hide")} ${fixed && html`<small class="settings-fixed">${t("host.settings_fixed")}</small>`}</legend>
    ${layers.map((one) => html`<label class="switch">
      <input type="checkbox" data-layer=${one} checked=${!hidden.includes(one)} disabled=${!may || fixed} onChange=${() => turn(one)} />
      <span>${t(`host.setting_hide.${one}`)}</span>
    </label>`)}
  </fieldset>`;
}

/** What of it the list of overlays says. @param {Output} output @returns {string[]} */
export function settingWords(output) {
  const { mute = true, hide = [] } = output.has || {};
  return [
    output.bus === "preview" && t("host.output_preview"),
    output.view === "stage" && output.has && t(mute ? "host.output_muted" : "host.output_sounding"),
    hide.length > 0 && t("host.output_hides", { n: integer(hide.length) }),
  ].filter((word) => typeof word === "string");
}
