// @ts-check
// Looking back: a step that nothing counts on is taken back (Source: R1.8), overlays
// show a picture once more (R1.9). Both are small in the line over the big button.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Cheering } from "./cheering.js";
import { Dialog } from "./dialog.js";

/** @typedef {import("./types.js").HostState} HostState */

/** The ways there, while they are open, after the switch of cheering. @param {import("./topbar.js").Parts} props */
export function LookBack({ host, act }) {
  const may = ["undo", "reshow"].filter((name) => host.allowed.includes(name));
  return html`<span class="look-back">
    <${Cheering} host=${host} act=${act} />
    ${host.again && html`<span class="chip chip-flag" role="status">${t("host.reshow_now", { what: nameOf(host) })}</span>`}
    ${may.map(
      (name) =>
        html`<button type="button" class="chip chip-button" data-look-back=${name} onClick=${() => act(name)}>
          ${t(`host.act.${name}`)}
        </button>`,
    )}
  </span>`;
}

/** What overlays show in place of the present. @param {HostState} host */
function nameOf(host) {
  const { picture = "", question = "" } = host.again || {};
  const what = t(`host.reshow_${picture}`);
  const row = host.questions.find((one) => one.id === question);
  return row ? t("host.reshow_label", { what, n: row.number || "+" }) : what;
}

/** @param {import("./dialogs.js").DialogParts} props */
export function Undo({ host, act }) {
  const asked = host.phase === "asked";
  const n = host.question ? host.question.number : "";
  return html`<${Dialog} kind="undo" title=${t("host.undo_title")} onClose=${() => act("close")}>
    <p>${t(asked ? "host.undo_asked" : "host.undo_standings", { n })}</p>
    ${asked && html`<p class="hint">${t("host.undo_seen")}</p>`}
    <p class="buttons">
      <button
        type="button"
        class="button button-main"
        disabled=${!host.allowed.includes("undo")}
        onClick=${() => act("send", { command: "undo" })}
      >
        ${t("host.undo_send")}
      </button>
    </p>
  </${Dialog}>`;
}

/** @param {import("./dialogs.js").DialogParts} props */
export function Reshow({ host, act }) {
  const rows = host.questions.filter((row) => row.state === "revealed");
  const may = host.allowed.includes("reshow");
  const shown = (host.standings || []).length > 0;
  const button = (/** @type {string} */ picture, /** @type {import("./types.js").Row | undefined} */ row) => {
    const what = t(`host.reshow_${picture}`);
    return html`<button
      type="button"
      class="button"
      data-picture=${picture}
      aria-label=${row ? t("host.reshow_label", { what, n: row.number || "+" }) : what}
      disabled=${!may}
      onClick=${() => act("send", { command: "reshow", with: { picture, question: row && row.id } })}
    >
      ${what}
    </button>`;
  };
  return html`<${Dialog} kind="reshow" wide title=${t("host.reshow_title")} onClose=${() => act("close")}>
    <p>${t("host.reshow_body")}</p>
    <p class="buttons">
      ${host.again && button("live", undefined)} ${shown && button("standings", undefined)}
    </p>
    ${!rows.length && html`<p class="empty">${t("host.reshow_none")}</p>`}
    <ul class="choices">
      ${rows.map(
        (row) =>
          html`<li class="choice" key=${row.id}>
            <b>${row.number}</b><span lang=${host.lang}>${row.text}</span>
            ${button("question", row)}${button("reveal", row)}
          </li>`,
      )}
    </ul>
  </${Dialog}>`;
}
