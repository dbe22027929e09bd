// @ts-check
// Who wrote the open question and who else has read it. Nobody reviews their own words,
// and only what is saved is reviewed: the version that was read goes along.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Mark } from "./marks.js";

/** @param {string} name */
const folded = (name) => name.normalize("NFC").toLowerCase().trim().replace(/\s+/gu, " ");

/** @param {string} person @param {string} author names with ; between them */
const isAuthor = (person, author) =>
  [author, ...author.split(";")].some((name) => folded(name) === folded(person));

/** @param {{ work: import("./work.js").Work, actor: string }} props */
export function Review({ work, actor }) {
  const { open, dirty, busy } = work;
  const base = open && open.base;
  if (!base) return html`<p class="review">${t("editor.review_new", { name: actor })}</p>`;
  const { state, author, reviewer, id, version } = base;
  const sign = (/** @type {boolean} */ reviewed) =>
    work.act(
      ["questions", id, "review"], { version, reviewed },
      t(reviewed ? "editor.note.reviewed" : "editor.note.unreviewed"),
    );
  const own = isAuthor(actor, author) || !author;
  return html`<div class="review">
    <p>
      <span class="state" data-state=${state}>${t(`editor.state.${state}`)}</span>
      ${t("editor.author", { name: author || "–" })}
      ${reviewer && html` · ${t("editor.reviewer", { name: reviewer })}`}
    </p>
    ${state === "unfinished" && html`<p class="hint">${lacks(base)}</p>`}
    ${state === "written" && own && html`<p class="hint">${t(author ? "editor.review_own" : "editor.review_no_author")}</p>`}
    ${
      state === "written" && !own &&
      html`<button type="button" class="button" id="review" disabled=${busy || dirty} onClick=${() => sign(true)}>
        <${Mark} name="check" size=${18} />${t("editor.review")}
      </button>`
    }
    ${
      reviewer && !dirty &&
      html`<button type="button" class="button" id="unreview" disabled=${busy} onClick=${() => sign(false)}>
        ${t("editor.review_back")}
      </button>`
    }
    ${reviewer && dirty && html`<p class="hint">${t("editor.review_lost")}</p>`}
  </div>`;
}

/** @param {any} base */
const lacks = (base) =>
  t("editor.lacks", { what: base.flaws.map((/** @type {any} */ flaw) => flaw.what).join("; ") });
