// @ts-check
// The keyboard map, and the switch that turns the letter keys off (WCAG 2.1.4).

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { AutopilotSwitch } from "./autopilot.js";
import { Dialog } from "./dialog.js";
import { LETTERS } from "./keys.js";

/** @param {import("./dialogs.js").DialogParts & { auto: boolean }} props */
export function KeyMap({ prefs, act, auto }) {
  /** @type {[string, string][]} */
  const rows = [
    [t("host.key_space"), t("host.keys_next")],
    ...Object.entries(LETTERS).map(
      ([action, letter]) => /** @type {[string, string]} */ ([letter, nameOf(action)]),
    ),
    ["?", t("host.keys_map")],
    ["Esc", t("host.keys_close")],
  ];
  return html`<${Dialog} kind="keys" wide title=${t("host.keys_title")} onClose=${() => act("close")}>
    <dl class="keymap">
      ${rows.map(
        ([key, name]) =>
          html`<div class="keymap-row">
            <dt><kbd>${key}</kbd></dt>
            <dd>${name}</dd>
          </div>`,
      )}
    </dl>
    <p class="hint">${t("host.keys_note")}</p>
    <label class="switch">
      <input type="checkbox" checked=${prefs.letters} onChange=${() => act("letters")} />
      <span>${t("host.keys_letters")}</span>
    </label>
    <${AutopilotSwitch} on=${auto} act=${act} />
  </${Dialog}>`;
}

/** @param {string} action */
function nameOf(action) {
  if (action === "pause") return `${t("host.act.pause")} / ${t("host.act.resume")}`;
  return ["privacy", "outputs", "clear", "hold", "take", "driver", "rehearsal", "names", "auto", "mirrors", "stream", "links", "theme", "cheer"].includes(action)
    ? t(`host.keys_${action}`)
    : t(`host.act.${action}`);
}
