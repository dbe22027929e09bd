// @ts-check
// The order of the questions to come: moved by dragging, by two buttons, or with the
// arrow keys on those, and sent as one command (Source: R1.7, WCAG 2.5.7). Where
// overlays draw each of them is told at once.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icons.js";
import { isSpare } from "./model.js";
import { PlaceChoice } from "./place.js";

/** What can be moved. @param {import("./types.js").HostState} host */
const waitingOf = (host) =>
  host.questions.filter((row) => !isSpare(row) && row.state === "waiting");

/** The way there, in the head of the run-down. @param {import("./topbar.js").Parts} props */
export const ReorderChip = ({ host, act }) =>
  host.allowed.includes("reorder")
    ? html`<button type="button" class="chip chip-button" onClick=${() => act("reorder")}>
        ${t("host.act.reorder")}
      </button>`
    : null;

/** @param {import("./dialogs.js").DialogParts} props */
export function Reorder({ host, prefs, act }) {
  const rows = waitingOf(host);
  const now = rows.map((row) => row.id);
  const [wanted, setWanted] = useState(now);
  const [held, setHeld] = useState("");
  // A question that was asked meanwhile is not to be moved any more.
  const order = [...wanted.filter((id) => now.includes(id)), ...now.filter((id) => !wanted.includes(id))];
  const same = order.join() === now.join();
  const move = (/** @type {string} */ id, /** @type {number} */ to) => {
    const rest = order.filter((one) => one !== id);
    rest.splice(Math.max(0, Math.min(to, rest.length)), 0, id);
    setWanted(rest);
  };
  const line = (/** @type {string} */ id, /** @type {number} */ at) => {
    const row = rows.find((one) => one.id === id);
    const text = prefs.shy || !row ? "•••" : row.text;
    const step = (/** @type {string} */ word, /** @type {number} */ by) =>
      html`<button
        type="button"
        class="tool"
        data-move=${word}
        aria-label=${t(`host.reorder_${word}`, { text })}
        disabled=${at + by < 0 || at + by >= order.length}
        onClick=${() => move(id, at + by)}
      >
        <${Icon} name=${word} />
      </button>`;
    return html`<li
      class="choice"
      key=${id}
      data-question=${id}
      data-held=${String(id === held)}
      draggable="true"
      onDragStart=${() => setHeld(id)}
      onDragEnd=${() => setHeld("")}
      onDragOver=${(/** @type {DragEvent} */ event) => {
        event.preventDefault();
        if (held && held !== id) move(held, at);
      }}
    >
      <b>${rows[at].number}</b><span lang=${host.lang}>${text}</span>
      ${row && html`<${PlaceChoice} host=${host} row=${row} act=${act} />`}${step("up", -1)}${step("down", 1)}
    </li>`;
  };
  return html`<${Dialog} kind="reorder" wide title=${t("host.reorder_title")} onClose=${() => act("close")}>
    <p>${t("host.reorder_body")}</p>
    <p class="hint">${t("host.place_note")}</p>
    <ol class="choices">
      ${order.map(line)}
    </ol>
    <p class="buttons">
      <button
        type="button"
        class="button button-main"
        disabled=${same || !host.allowed.includes("reorder")}
        onClick=${() => act("send", { command: "reorder", with: { order } })}
      >
        ${t(same ? "host.reorder_same" : "host.reorder_save")}
      </button>
    </p>
  </${Dialog}>`;
}
