// @ts-check
// The list of packs: how far each is, a search through all questions, a new pack, and
// packs that come as files. A file is looked at first; only a second press takes it.

import { html, useEffect, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Ask, Flaws } from "./ask.js";
import { call } from "./calls.js";
import { Import } from "./import.js";
import { Mark } from "./marks.js";
import { Top } from "./top.js";

const WAIT_MS = 250;

/** @param {string} id @param {string} [question] */
const pageOf = (id, question) =>
  `/host/questions/${encodeURIComponent(id)}${question ? `#${encodeURIComponent(question)}` : ""}`;

export function Packs() {
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [refused, setRefused] = useState(/** @type {any} */ (null));
  const [words, setWords] = useState("");
  const [asking, setAsking] = useState("");
  const look = async () => {
    const said = await call(`/api/packs?find=${encodeURIComponent(words)}`);
    setRefused(said.ok ? null : said);
    if (said.ok) setFound(said.data);
  };
  useEffect(() => {
    const timer = window.setTimeout(look, words ? WAIT_MS : 0);
    return () => window.clearTimeout(timer);
  }, [words]);
  return html`<${Top} title=${t("editor.title")} note=${t("editor.lead")} back="/host" backName=${t("editor.back_shows")} />
    <main class="page">
      <div class="packs-tools">
        <label class="search">
          <${Mark} name="find" size=${18} /><span class="unseen">${t("editor.search_all")}</span>
          <input class="input" type="search" id="find" placeholder=${t("editor.search_all")} value=${words}
            onInput=${(/** @type {any} */ event) => setWords(event.target.value)} />
        </label>
        <button type="button" class="button" id="import" onClick=${() => setAsking("import")}>
          <${Mark} name="into" size=${18} />${t("editor.import")}
        </button>
        <button type="button" class="button button-main" id="new-pack" onClick=${() => setAsking("new")}>
          <${Mark} name="plus" size=${18} />${t("editor.new_pack")}
        </button>
      </div>
      ${refused && html`<${Flaws} message=${refused.message} flaws=${refused.flaws} />`}
      ${found && words.trim() && html`<${Hits} found=${found} />`}
      ${found && html`<${Shelf} packs=${found.packs} />`}
    </main>
    ${asking === "new" && html`<${NewPack} close=${() => setAsking("")} />`}
    ${asking === "import" && html`<${Import} close=${() => setAsking("")} done=${(/** @type {string} */ id) => location.assign(pageOf(id))} />`}`;
}

/** @param {{ found: any }} props */
function Hits({ found }) {
  return html`<section class="sheet hits" aria-label=${t("editor.hits")}>
    <p role="status">${t(found.more ? "editor.hits_more" : "editor.hits_n", { n: found.hits.length })}</p>
    <ul>
      ${found.hits.map(
        (/** @type {any} */ hit) =>
          html`<li><a href=${pageOf(hit.pack, hit.id)}>${hit.text || t("editor.no_text")}</a> <span class="hint">${hit.pack} · ${hit.id}</span></li>`,
      )}
    </ul>
  </section>`;
}

/** @param {{ packs: any[] }} props */
function Shelf({ packs }) {
  if (!packs.length) return html`<p class="page-lead">${t("editor.no_packs")}</p>`;
  return html`<section class="sheet">
    <table class="show-table pack-table">
      <thead>
        <tr>
          <th scope="col">${t("editor.col_title")}</th>
          <th scope="col">${t("editor.col_questions")}</th>
          <th scope="col">${t("editor.col_state")}</th>
          <th scope="col"><span class="unseen">${t("editor.col_open")}</span></th>
        </tr>
      </thead>
      <tbody>
        ${packs.map((pack) => html`<${Row} pack=${pack} />`)}
      </tbody>
    </table>
  </section>`;
}

/** @param {{ pack: any }} props */
function Row({ pack }) {
  const broken = pack.flaws.length > 0;
  const { unfinished = 0, written = 0, reviewed = 0 } = pack.states;
  return html`<tr data-pack=${pack.id}>
    <td><b>${pack.title}</b><br /><span class="hint">${pack.id}</span></td>
    <td>${broken ? "–" : t("editor.n_questions", { n: pack.questions, r: pack.reserves })}</td>
    <td>
      ${broken && html`<${Flaws} message=${t("editor.broken")} flaws=${pack.flaws.slice(0, 3)} />`}
      ${!broken && !unfinished && !written && reviewed > 0 && html`<span class="state" data-state="reviewed">${t("editor.all_reviewed")}</span>`}
      ${unfinished > 0 && html`<span class="state" data-state="unfinished">${t("editor.n_unfinished", { n: unfinished })}</span> `}
      ${written > 0 && html`<span class="state" data-state="written">${t("editor.n_written", { n: written })}</span>`}
    </td>
    <td class="pack-open">
      ${!broken && html`<a class="button button-main" href=${pageOf(pack.id)} aria-label=${t("editor.open_label", { title: pack.title })}>${t("editor.open")}</a>`}
    </td>
  </tr>`;
}

/** @param {{ close: () => void }} props */
function NewPack({ close }) {
  const [pack, setPack] = useState({ id: "", title: "", lang: "vi" });
  const [refused, setRefused] = useState(/** @type {any} */ (null));
  /** @param {Event} event */
  const make = async (event) => {
    event.preventDefault();
    const said = await call("/api/packs", { json: pack });
    if (said.ok) location.assign(pageOf(said.data.id));
    else setRefused(said);
  };
  /** @param {string} name */
  const field = (name) => ({
    id: `pack-${name}`,
    value: /** @type {any} */ (pack)[name],
    onInput: (/** @type {any} */ event) => setPack({ ...pack, [name]: event.target.value }),
  });
  return html`<${Ask} title=${t("editor.new_pack")} kind="new" onClose=${close}>
    <form onSubmit=${make}>
      ${refused && html`<${Flaws} message=${refused.message} flaws=${refused.flaws} />`}
      <label class="field"><span class="label">${t("editor.field.title")}</span><input class="input" autofocus autocomplete="off" required ...${field("title")} /></label>
      <label class="field"><span class="label">${t("editor.field.pack_id")}</span><input class="input" autocomplete="off" autocapitalize="none" spellcheck=${false} required placeholder="cchc-2026-so-1" ...${field("id")} /></label>
      <label class="field"><span class="label">${t("editor.field.lang")}</span>
        <select class="input" ...${field("lang")}>
          ${["vi", "en"].map((code) => html`<option value=${code}>${t(`common.language.${code}`)}</option>`)}
        </select></label>
      <div class="buttons"><button type="submit" class="button button-main">${t("editor.create")}</button></div>
    </form>
  </${Ask}>`;
}
