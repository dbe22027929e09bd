// @ts-check
// Dialogs about the show itself: void a question, take a reserve, end the show,
// put up a notice, look at one question of the run-down.

import { html, useState } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { Dialog, HoldButton, ReasonField } from "./dialog.js";
import { isSpare } from "./model.js";
import { PlaceLine } from "./place.js";

/** @typedef {import("./dialogs.js").DialogParts} DialogParts */

/** @param {DialogParts} props */
export function VoidQuestion({ host, act }) {
  const [reason, setReason] = useState("");
  const id = host.question && host.question.id;
  const row = host.questions.find((one) => one.id === id);
  const number = (row && row.number) || "";
  const text = reason.trim();
  const send = () => act("send", { command: "void", with: { question: id, reason: text } });
  return html`<${Dialog} kind="void" title=${number ? t("host.void_title", { n: number }) : t("host.void_title_reserve")} onClose=${() => act("close")}>
    ${row && html`<p class="quote" lang=${host.lang}>${row.text}</p>`}
    <p>${t("host.void_body")}</p>
    <${ReasonField}
      label=${t("host.reason")}
      value=${reason}
      presets=${["technical", "key", "text"].map((name) => t(`host.void_preset.${name}`))}
      onChange=${setReason}
    />
    <${HoldButton} label=${t("host.void_hold")} disabled=${!text || !id} onDone=${send} />
  </${Dialog}>`;
}

/** @param {DialogParts} props */
export function EndShow({ host, act }) {
  const left = host.questions.filter((row) => !isSpare(row) && row.state === "waiting").length;
  return html`<${Dialog} kind="end" title=${t("host.end_title")} onClose=${() => act("close")}>
    <p>${left ? t("host.end_body", { n: left }) : t("host.end_body_none")}</p>
    <${HoldButton} label=${t("host.end_hold")} onDone=${() => act("send", { command: "end" })} />
  </${Dialog}>`;
}

/** @param {DialogParts} props */
export function TakeReserve({ host, prefs, act }) {
  const spare = host.questions.filter((row) => isSpare(row) && row.state === "waiting");
  const take = (/** @type {string} */ question) =>
    act("send", { command: "reserve", with: { question } });
  return html`<${Dialog} kind="reserve" wide title=${t("host.reserve_title")} onClose=${() => act("close")}>
    <p>${spare.length ? t("host.reserve_body") : t("host.reserve_none")}</p>
    <ul class="choices">
      ${spare.map(
        (row) =>
          html`<li class="choice">
            <span lang=${host.lang}>${prefs.shy ? "•••" : row.text}</span>
            <button type="button" class="button button-main" onClick=${() => take(row.id)}>
              ${t("host.reserve_take")}
            </button>
          </li>`,
      )}
    </ul>
  </${Dialog}>`;
}

/** @param {DialogParts} props */
export function NoticeForm({ host, act }) {
  const [text, setText] = useState(host.notice || "");
  const send = (/** @type {string} */ said) =>
    act("send", { command: "notice", with: { text: said.trim() } });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (text.trim()) send(text);
  };
  return html`<${Dialog} kind="notice" title=${t("host.notice_title")} onClose=${() => act("close")}>
    <form onSubmit=${submit}>
      <${ReasonField}
        label=${t("host.notice_text")}
        value=${text}
        presets=${["wait", "technical"].map((name) => t(`host.notice_preset.${name}`))}
        onChange=${setText}
      />
      <p class="buttons">
        <button type="submit" class="button button-main" disabled=${!text.trim()}>
          ${t("host.notice_send")}
        </button>
        ${
          host.notice &&
          html`<button type="button" class="button" onClick=${() => send("")}>
            ${t("host.notice_clear")}
          </button>`
        }
      </p>
    </form>
  </${Dialog}>`;
}

/** One question of the run-down in full. @param {DialogParts} props */
export function QuestionCard({ host, prefs, act, dialog }) {
  const row = host.questions.find((one) => one.id === dialog.id);
  if (!row) return null;
  const waiting = row.state === "waiting";
  const title = row.number
    ? t("host.question_title", { n: row.number })
    : t("host.question_title_reserve");
  return html`<${Dialog} kind="question" title=${title} onClose=${() => act("close")}>
    <p class="quote" lang=${host.lang}>${prefs.shy && waiting ? "•••" : row.text}</p>
    <p>
      ${t("host.question_state")}: <b>${t(`host.state.${row.state}`)}</b>
      ${row.answered != null && !prefs.shy && ` · ${t("host.row_answers", { n: integer(row.answered) })}`}
    </p>
    ${factsOf(row).map((line) => html`<p>${line}</p>`)}
    <${PlaceLine} host=${host} row=${row} act=${act} />
    <${CardButtons} host=${host} row=${row} act=${act} />
  </${Dialog}>`;
}

/** What else is known of it; its key is out, or not said. @param {import("./types.js").Row} row */
function factsOf(row) {
  return [
    row.void_reason && t("host.void_reason", { reason: row.void_reason }),
    row.key_was && row.key && t("host.key_corrected", { was: row.key_was, now: row.key }),
    row.seal && t("host.seal", { code: row.seal }),
  ].filter(Boolean);
}

/** @param {{ host: import("./types.js").HostState, row: import("./types.js").Row, act: import("./types.js").Act }} props */
function CardButtons({ host, row, act }) {
  const current = host.question && host.question.id === row.id;
  const mayTake = host.allowed.includes("reserve") && row.state === "waiting" && isSpare(row);
  const mayMove = host.allowed.includes("reorder") && row.state === "waiting" && !isSpare(row);
  const mayVoid = current && ["asked", "open", "locked"].includes(row.state);
  return html`<p class="buttons">
    ${
      mayTake &&
      html`<button
        type="button"
        class="button button-main"
        onClick=${() => act("send", { command: "reserve", with: { question: row.id } })}
      >
        ${t("host.reserve_take")}
      </button>`
    }
    ${
      mayMove &&
      html`<button type="button" class="button" onClick=${() => act("reorder")}>
        ${t("host.act.reorder")}…
      </button>`
    }
    ${
      mayVoid &&
      html`<button type="button" class="button button-grave" onClick=${() => act("void")}>
        ${t("host.act.void")}…
      </button>`
    }
    ${
      row.state === "revealed" &&
      ["void", "key"].map(
        (action) =>
          html`<button
            type="button"
            class="button button-grave"
            data-recount=${action}
            onClick=${() => act("recount", { id: row.id, action })}
          >
            ${t(`host.recount_${action}`)}…
          </button>`,
      )
    }
  </p>`;
}
