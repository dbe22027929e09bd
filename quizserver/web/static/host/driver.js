// @ts-check
// Several hosts, one driver: who runs the show, taking over and letting go. The
// server holds the others back; here they see who drives and what they may do.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Dialog, HoldButton } from "./dialog.js";
import { Icon } from "./icons.js";

/** Who drives, as the dock says it; nothing while every host does. @param {import("./topbar.js").Parts} props */
export function DriverLine({ host, model }) {
  if (!host.driver) return null;
  const mine = model.you && model.you.name === host.driver;
  return html`<span class="driver" data-mine=${String(Boolean(mine))}>
    <${Icon} name="person" size=${18} />
    <span>${mine ? t("host.driver_me") : t("host.driver_is", { name: host.driver })}</span>
  </span>`;
}

/** @param {import("./dialogs.js").DialogParts} props */
export function Driver({ host, model, act }) {
  const me = model.you ? model.you.name : "";
  const may = host.allowed.includes("drive");
  const take = (/** @type {string} */ name) =>
    act("send", { command: "drive", with: { name, step: undefined } });
  const other = host.driver && host.driver !== me;
  return html`<${Dialog} kind="driver" title=${t("host.driver_title")} onClose=${() => act("close")}>
    <p>${host.driver ? t(other ? "host.driver_now" : "host.driver_now_me", { name: host.driver }) : t("host.driver_nobody")}</p>
    <p class="hint">${t("host.driver_hint")}</p>
    ${
      other
        ? html`<${HoldButton} label=${t("host.driver_take_over")} disabled=${!may} onDone=${() => take(me)} />`
        : html`<p class="buttons">
            ${
              !host.driver &&
              html`<button type="button" class="button button-main" disabled=${!may} onClick=${() => take(me)}>
                ${t("host.driver_take")}
              </button>`
            }
            ${
              host.driver &&
              html`<button type="button" class="button button-main" disabled=${!may} onClick=${() => take("")}>
                ${t("host.driver_let_go")}
              </button>`
            }
          </p>`
    }
  </${Dialog}>`;
}
