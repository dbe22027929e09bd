// @ts-check
// One pack: its questions on the left, the open one in the middle, how it will look on
// the right. Only this page knows what is unsaved; leaving it asks first.

import { html, useLayoutEffect } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Ask } from "./ask.js";
import { Conflict } from "./conflict.js";
import { Faces, shownOf } from "./faces.js";
import { Form } from "./form.js";
import { Mark } from "./marks.js";
import { numberOf, Order } from "./order.js";
import { Head } from "./head.js";
import { Review } from "./review.js";
import { NEW, useWork } from "./work.js";

/** @param {{ id: string, actor: string }} props */
export function Pack({ id, actor }) {
  const work = useWork(id);
  const { pack, open, dirty, refused } = work;
  // Before the next event: a key pressed right after typing must save what was typed.
  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    const key = (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (dirty) work.save();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  });
  if (!pack) {
    return html`<main class="page"><p class="page-lead" role="status">
      ${refused ? refused.message : t("editor.loading")}</p></main>`;
  }
  /** @param {string} at */
  const choose = (at) => {
    if (open && open.at === at) return;
    if (dirty) work.setAsking({ kind: "leave", at });
    else work.turn(at);
  };
  return html`<div class="editor" data-busy=${String(work.busy)}>
    <${Head} work=${work} />
    <${Order} work=${work} choose=${choose} />
    <main class="form-card card">
      ${open ? html`<${Middle} work=${work} actor=${actor} />` : html`<${Nothing} work=${work} choose=${choose} />`}
    </main>
    <aside class="preview-card card" aria-label=${t("editor.preview")}>
      ${open && html`<${Faces} shown=${shownOf(pack, open.draft, placeOf(pack, open.at))} />`}
    </aside>
    <${Dialogs} work=${work} />
  </div>`;
}

/** @param {any} pack @param {string} at */
function placeOf(pack, at) {
  const played = pack.questions.filter((/** @type {any} */ one) => !one.reserve);
  const place = pack.questions.findIndex((/** @type {any} */ one) => one.id === at);
  const number = place < 0 ? played.length + 1 : Number(numberOf(pack.questions, place)) || 1;
  return { number, total: Math.max(number, played.length) };
}

/** @param {{ work: import("./work.js").Work, actor: string }} props */
function Middle({ work, actor }) {
  const { open, dirty, busy, note } = work;
  const at = /** @type {any} */ (open).at;
  return html`<header class="form-head">
      <h2>${at === NEW ? t("editor.new_question") : t("editor.question", { id: at })}</h2>
      <${Shows} question=${/** @type {any} */ (open).base} />
    </header>
    <${Form} work=${work} />
    <footer class="form-foot">
      <${Review} work=${work} actor=${actor} />
      <p class="form-note" role="status" data-dirty=${String(dirty)}>${dirty ? t("editor.note.unsaved") : note}</p>
      <div class="form-buttons">
        ${
          at !== NEW &&
          html`<button type="button" class="button" id="remove" disabled=${busy} aria-label=${t("editor.remove")} title=${t("editor.remove")}
            onClick=${() => work.setAsking({ kind: "remove" })}><${Mark} name="bin" /></button>`
        }
        <button type="button" class="button" id="undo" disabled=${busy || !dirty} onClick=${() => work.turn(at)}>
          ${t("editor.undo")}
        </button>
        <button type="button" class="button button-main" id="save" disabled=${busy || !dirty} onClick=${() => work.save()}>
          <${Mark} name="save" />${t("editor.save")}
        </button>
      </div>
    </footer>`;
}

/** Shows that have a copy of their own. @param {{ question: any }} props */
function Shows({ question }) {
  if (!question || !question.shows.length) return null;
  const codes = question.shows.map((/** @type {any} */ show) => show.code).join(", ");
  return html`<p class="shows-note" title=${t("editor.own_copy")}>
    ${t("editor.in_shows", { codes })} <span class="shows-more">${t("editor.own_copy")}</span>
  </p>`;
}

/** @param {{ work: import("./work.js").Work, choose: (at: string) => void }} props */
function Nothing({ work, choose }) {
  return html`<div class="nothing-open">
    ${work.refused && html`<p class="banner banner-bad" role="alert">${work.refused.message}</p>`}
    <p>${t("editor.no_questions")}</p>
    <button type="button" class="button button-main" onClick=${() => choose(NEW)}>
      <${Mark} name="plus" />${t("editor.new_question")}
    </button>
  </div>`;
}

/** @param {{ work: import("./work.js").Work }} props */
function Dialogs({ work }) {
  const { asking, open } = work;
  const close = () => work.setAsking(null);
  if (!asking) return null;
  if (asking.kind === "conflict") return html`<${Conflict} work=${work} theirs=${asking.theirs} />`;
  if (asking.kind === "leave") {
    const leave = async (/** @type {boolean} */ saves) => {
      close();
      if (!saves || (await work.save())) work.turn(asking.at);
    };
    return html`<${Ask} title=${t("editor.leave_title")} kind="leave" onClose=${close}>
      <p>${t("editor.leave_text")}</p>
      <div class="buttons">
        <button type="button" class="button button-main" autofocus onClick=${() => leave(true)}>${t("editor.save")}</button>
        <button type="button" class="button" onClick=${() => leave(false)}>${t("editor.leave_drop")}</button>
        <button type="button" class="button" onClick=${close}>${t("editor.stay")}</button>
      </div>
    </${Ask}>`;
  }
  if (asking.kind !== "remove" || !open || !open.base) return null;
  const { id, version, text } = open.base;
  const remove = () => {
    close();
    work.act(["questions", id, "remove"], { version }, t("editor.note.removed"), neighbour(work.pack, id));
  };
  return html`<${Ask} title=${t("editor.remove_title")} kind="remove" onClose=${close}>
    <p class="quote">${text || t("editor.no_text")}</p>
    <p class="hint">${t("editor.own_copy")}</p>
    <div class="buttons">
      <button type="button" class="button button-grave" onClick=${remove}>${t("editor.remove")}</button>
      <button type="button" class="button" autofocus onClick=${close}>${t("editor.stay")}</button>
    </div>
  </${Ask}>`;
}

/** The question to open when `id` is gone. @param {any} pack @param {string} id */
function neighbour(pack, id) {
  const place = pack.questions.findIndex((/** @type {any} */ one) => one.id === id);
  const next = pack.questions[place + 1] || pack.questions[place - 1];
  return next ? next.id : "";
}
