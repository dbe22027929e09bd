// @ts-check
// A pack that comes as a file. The first press only looks at it: what is wrong with it,
// or what it would replace; the second takes it, if nobody changed the pack meanwhile.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Ask, Flaws } from "./ask.js";
import { call } from "./calls.js";
import { Mark } from "./marks.js";

/** @param {{ close: () => void, done: (id: string) => void }} props */
export function Import({ close, done }) {
  const [file, setFile] = useState(/** @type {File | null} */ (null));
  const [seen, setSeen] = useState(/** @type {any} */ (null));
  const [refused, setRefused] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {File} chosen @param {Record<string, string>} how */
  const send = async (chosen, how) => {
    setBusy(true);
    const query = new URLSearchParams({ name: chosen.name, ...how });
    const said = await call(`/api/packs/import?${query}`, { body: chosen });
    setBusy(false);
    setRefused(said.ok ? null : said);
    return said;
  };
  /** @param {any} event */
  const look = async (event) => {
    const [chosen] = event.target.files;
    event.target.value = "";
    if (!chosen) return;
    setFile(chosen);
    setSeen(null);
    const said = await send(chosen, { look: "1" });
    if (said.ok) setSeen(said.data);
  };
  const take = async () => {
    if (!file || !seen) return;
    const said = await send(file, { version: seen.version });
    if (said.ok) done(said.data.id);
    else if (said.code === "changed") setSeen(null);
  };
  return html`<${Ask} title=${t("editor.import_title")} kind="import" wide onClose=${close}>
    <p>${t("editor.import_text")}</p>
    <div class="buttons">
      <label class="button">
        <${Mark} name="into" size=${18} /><span>${t(file ? "editor.import_other" : "editor.import_choose")}</span>
        <input type="file" class="unseen" id="file" accept=".xlsx,.csv,.toml,.zip" disabled=${busy} onChange=${look} />
      </label>
      ${file && html`<b>${file.name}</b>`}
    </div>
    ${busy && html`<p role="status">${t("editor.loading")}</p>`}
    ${refused && html`<${Flaws} message=${t(refused.code === "flaws" ? "editor.import_flaws" : "editor.import_refused", { why: refused.message, n: refused.flaws.length })} flaws=${refused.flaws} />`}
    ${seen && html`<${Looked} seen=${seen} busy=${busy} take=${take} />`}
  </${Ask}>`;
}

/** @param {{ seen: any, busy: boolean, take: () => void }} props */
function Looked({ seen, busy, take }) {
  const { title, id, exists } = seen;
  return html`<section class="looked" role="status">
    <h3>${t(exists ? "editor.import_replaces" : "editor.import_new", { title, id })}</h3>
    <dl class="looked-counts">
      ${["added", "changed", "same", "removed"].map(
        (name) => html`<div data-count=${name}><dt>${t(`editor.import.${name}`)}</dt><dd>${seen[name]}</dd></div>`,
      )}
    </dl>
    <p class="hint">${t("editor.own_copy")}</p>
    <div class="buttons">
      <button type="button" class="button button-main" id="take" disabled=${busy} onClick=${take}>
        ${t(exists ? "editor.import_replace" : "editor.import_take")}
      </button>
    </div>
  </section>`;
}
