// @ts-check
// The run-down: ten questions and the reserves, each with its state. A row
// opens its question, where it can be voided or taken. On camera the questions
// still to come are hidden too: a filmed run-down would give them away.

import { html } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { Icon } from "./icons.js";
import { isSpare, share } from "./model.js";
import { placeWords } from "./place.js";
import { ReorderChip } from "./reorder.js";

/** @typedef {import("./types.js").Row} Row */

/** @param {import("./topbar.js").Parts} props */
export function Rundown(props) {
  const { host, prefs, act } = props;
  const current = host.question ? host.question.id : "";
  const next = host.next && host.next.number;
  const plan = host.questions.filter((row) => !isSpare(row));
  const spare = host.questions.filter(isSpare);
  const line = (/** @type {Row} */ row) =>
    html`<${RundownRow}
      key=${row.id}
      row=${row}
      current=${row.id === current}
      next=${row.state === "waiting" && !isSpare(row) && row.number === next}
      shy=${prefs.shy}
      open=${() => act("question", { id: row.id })}
    />`;
  return html`<aside class="rundown card" aria-label=${t("host.rundown")}>
    <div class="card-head">
      <h2 class="card-title">${t("host.rundown")}</h2>
      <${ReorderChip} ...${props} />
    </div>
    <ol class="rows">
      ${plan.map(line)}
    </ol>
    ${
      spare.length > 0 &&
      html`<h3 class="card-title card-title-small">${t("host.reserves")}</h3>
        <ol class="rows rows-spare">
          ${spare.map(line)}
        </ol>`
    }
  </aside>`;
}

/** @param {{ row: Row, current: boolean, next: boolean, shy: boolean, open: () => void }} props */
function RundownRow({ row, current, next, shy, open }) {
  const hidden = shy && row.state === "waiting";
  const name = label(hidden ? { ...row, text: "•••" } : row);
  return html`<li class="row-item">
    <button
      type="button"
      class="row"
      data-state=${row.state}
      data-next=${String(next)}
      aria-current=${current ? "step" : undefined}
      aria-label=${name}
      title=${name}
      onClick=${open}
    >
      <span class="row-number">${row.number || "+"}</span>
      <span class="row-words">
        <span class="row-text" data-sealed=${String(Boolean(row.seal || row.position))}>${hidden ? "•••" : row.text}</span>
        ${row.seal && html`<span class="row-seal">${row.seal}</span>`}
        ${!row.seal && row.position && html`<span class="row-place">${placeWords(row)}</span>`}
      </span>
      <span class="row-end">${end(row, shy)}</span>
    </button>
  </li>`;
}

/** @param {Row} row */
function label(row) {
  const fields = { n: row.number || "", state: t(`host.state.${row.state}`), text: row.text };
  return [
    t(isSpare(row) ? "host.row_reserve_label" : "host.row_label", fields),
    row.void_reason && t("host.void_reason", { reason: row.void_reason }),
    row.key_was && t("host.key_corrected", { was: row.key_was, now: row.key || "" }),
    row.seal && t("host.seal", { code: row.seal }),
    row.position && `${t("host.place")}: ${placeWords(row)}`,
  ]
    .filter(Boolean)
    .join(" – ");
}

/** @param {Row} row @param {boolean} shy */
function end(row, shy) {
  if (row.state === "void") return html`<span class="row-void">${t("host.row_void")}</span>`;
  if (row.state === "locked") return html`<${Icon} name="lock" size=${18} />`;
  if (row.state !== "revealed") return "";
  if (shy || row.answered == null) return html`<${Icon} name="check" size=${18} />`;
  const right = t("host.share_right", { share: share(row.right || 0, row.answered) });
  return html`<b>${integer(row.answered)}</b
    ><small>${row.key_was ? t("host.row_corrected") : right}</small>`;
}
