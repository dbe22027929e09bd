// @ts-check
// The bar over a pack: its title, how far its questions are, and the way out as a file.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Ask, Flaws } from "./ask.js";
import { packPath } from "./calls.js";
import { Mark } from "./marks.js";
import { Top } from "./top.js";

const FORMS = ["xlsx", "csv", "toml", "zip"];

/** @param {{ work: import("./work.js").Work }} props */
export function Head({ work }) {
  const { pack } = work;
  const [asking, setAsking] = useState("");
  const played = pack.questions.filter((/** @type {any} */ one) => !one.reserve).length;
  const reviewed = pack.questions.filter((/** @type {any} */ one) => one.state === "reviewed").length;
  const ready = played > 0 && reviewed === pack.questions.length;
  const note = t("editor.pack_note", { id: pack.id, n: played, r: pack.questions.length - played });
  return html`<${Top} title=${pack.title} note=${note} back="/host/questions" backName=${t("editor.back")}>
      <p class="ready" data-ready=${String(ready)}>
        <i class="light" aria-hidden="true"></i>
        ${ready ? t("editor.ready") : t("editor.not_ready", { n: reviewed, total: pack.questions.length })}
      </p>
      <button type="button" class="tool tool-wide" id="rename" onClick=${() => setAsking("title")}>${t("editor.rename")}</button>
      <button type="button" class="tool tool-wide" id="export" onClick=${() => setAsking("export")}>
        <${Mark} name="out" />${t("editor.export")}
      </button>
    </${Top}>
    ${asking === "export" && html`<${Export} pack=${pack} close=${() => setAsking("")} />`}
    ${asking === "title" && html`<${Title} work=${work} close=${() => setAsking("")} />`}`;
}

/** @param {{ pack: any, close: () => void }} props */
function Export({ pack, close }) {
  return html`<${Ask} title=${t("editor.export_title")} kind="export" onClose=${close}>
    <ul class="exports">
      ${FORMS.map(
        (form) => html`<li>
          <a class="button" href=${`${packPath(pack.id)}/export.${form}`} download>${form.toUpperCase()}</a>
          <span>${t(`editor.export.${form}`)}</span>
        </li>`,
      )}
    </ul>
  </${Ask}>`;
}

/** @param {{ work: import("./work.js").Work, close: () => void }} props */
function Title({ work, close }) {
  const { pack, refused } = work;
  const [title, setTitle] = useState(pack.title);
  /** @param {Event} event */
  const save = async (event) => {
    event.preventDefault();
    const order = pack.questions.map((/** @type {any} */ one) => one.id);
    const done = await work.act(["frame"], { version: pack.version, title, order }, t("editor.note.renamed"));
    if (done) close();
  };
  return html`<${Ask} title=${t("editor.rename")} kind="title" onClose=${close}>
    <form onSubmit=${save}>
      ${refused && html`<${Flaws} message=${refused.message} flaws=${refused.flaws} />`}
      <label class="field">
        <span class="label">${t("editor.field.title")}</span>
        <input class="input" id="title" autofocus value=${title} onInput=${(/** @type {any} */ event) => setTitle(event.target.value)} />
      </label>
      <div class="buttons"><button type="submit" class="button button-main">${t("editor.save")}</button></div>
    </form>
  </${Ask}>`;
}
