// @ts-check
// The question itself, with its options, what stands behind it, how long it takes to
// read, and whether somebody else has read it.

import { html, useEffect, useRef, useState } from "../kit/html.js";
import { Shape } from "../kit/shapes.js";
import { integer, t } from "../kit/texts.js";
import { Flaws, sentence } from "./ask.js";
import { packPath } from "./calls.js";
import { Mark } from "./marks.js";
import { lengthOf, paceOf, wordsOf } from "./pace.js";
import { sendPicture } from "./pictures.js";

const LETTERS = "ABCDEF";
const MOST = { text: 200, option: 80, explanation: 400, source: 400 };
const FEWEST = 2;
/** Letters on a line of the form, about: browsers that cannot size a field by its text. */
const ON_A_LINE = 60;

/** @param {{ work: import("./work.js").Work }} props */
export function Form({ work }) {
  const { open, pack, refused } = work;
  const top = useRef(/** @type {HTMLElement | null} */ (null));
  const at = open ? open.at : "";
  useEffect(() => {
    if (top.current) top.current.scrollTop = 0;
  }, [at]);
  useEffect(() => {
    if (refused && top.current) top.current.scrollTop = 0;
  }, [refused]);
  if (!open) return null;
  const { draft } = open;
  const wrong = (refused && refused.flaws) || [];
  /** @param {string} field */
  const flawsOf = (field) => wrong.filter((flaw) => flaw.field === field);
  return html`<div class="form-scroll" ref=${top} tabindex="0" role="group" aria-label=${t("editor.form")}>
    ${refused && html`<${Flaws} message=${refused.message} flaws=${wrong} />`}
    <${Text} name="text" rows="2" label=${t("editor.field.text")} draft=${draft} write=${work.write} flaws=${flawsOf("text")} lang=${pack.lang} />
    <${Options} draft=${draft} write=${work.write} flaws=${[...flawsOf("options"), ...flawsOf("key")]} lang=${pack.lang} />
    <${Advice} draft=${draft} lang=${pack.lang} />
    <${Text} name="explanation" rows="2" label=${t("editor.field.explanation")} draft=${draft} write=${work.write} flaws=${flawsOf("explanation")} lang=${pack.lang} />
    <${Text} name="source" rows="1" label=${t("editor.field.source")} draft=${draft} write=${work.write} flaws=${flawsOf("source")} lang=${pack.lang} />
    <div class="form-three">
      <label class="field">
        <span class="label">${t("editor.field.as_of")}</span>
        <input class="input" type="date" id="as_of" value=${draft.as_of} max="2099-12-31"
          onInput=${(/** @type {any} */ event) => work.write({ as_of: event.target.value })} />
      </label>
      <${Duration} draft=${draft} write=${work.write} flaws=${flawsOf("duration_ms")} />
      <label class="switch">
        <input type="checkbox" id="reserve" checked=${draft.reserve} onChange=${() => work.write({ reserve: !draft.reserve })} />
        <span>${t("editor.field.reserve")}</span>
      </label>
    </div>
    <${Picture} work=${work} flaws=${flawsOf("image")} />
  </div>`;
}

/** The cure, right where it is needed. @param {{ flaws: import("./calls.js").Flaw[], id: string }} props */
const Wrong = ({ flaws, id }) =>
  flaws.length > 0 &&
  html`<p class="field-error" id=${`${id}-error`}>
    ${flaws.map((flaw) => `${sentence(flaw.what)}. ${t("editor.cure", { cure: flaw.cure })}`).join(" ")}
  </p>`;

/**
 * @param {{ name: "text" | "explanation" | "source", rows: string, label: string, draft: any,
 *   write: (change: any) => void, flaws: any[], lang: string }} props
 */
function Text({ name, rows, label, draft, write, flaws, lang }) {
  const count = lengthOf(draft[name]);
  const over = count > MOST[name];
  return html`<div class="field">
    <div class="label-line">
      <label class="label" for=${name}>${label}</label>
      <span class="count" data-over=${String(over)} id=${`${name}-count`}>
        ${name === "text" ? t("editor.count_words", { n: wordsOf(draft[name]), c: count, most: MOST[name] }) : t("editor.count", { c: count, most: MOST[name] })}
      </span>
    </div>
    <textarea
      class="input"
      id=${name}
      rows=${Math.max(Number(rows), Math.ceil(count / ON_A_LINE))}
      lang=${lang}
      aria-invalid=${flaws.length || over ? "true" : undefined}
      aria-describedby=${`${name}-count${flaws.length ? ` ${name}-error` : ""}`}
      value=${draft[name]}
      onInput=${(/** @type {any} */ event) => write({ [name]: event.target.value })}
    ></textarea>
    <${Wrong} flaws=${flaws} id=${name} />
  </div>`;
}

/** @param {{ draft: any, write: (change: any) => void, flaws: any[], lang: string }} props */
function Options({ draft, write, flaws, lang }) {
  const { options, key } = draft;
  const keyAt = LETTERS.indexOf(key || "-");
  /** @param {string[]} next @param {number} right place of the key, -1 for none */
  const put = (next, right) => write({ options: next, key: right < 0 ? "" : LETTERS[right] });
  /** Change places; the key goes with its text. @param {number} one @param {number} other */
  const swap = (one, other) => {
    const next = [...options];
    [next[one], next[other]] = [next[other], next[one]];
    put(next, keyAt === one ? other : keyAt === other ? one : keyAt);
  };
  /** @param {number} at */
  const drop = (at) => {
    const next = options.filter((/** @type {string} */ _, /** @type {number} */ place) => place !== at);
    put(next, keyAt === at ? -1 : keyAt > at ? keyAt - 1 : keyAt);
  };
  return html`<fieldset class="field choices">
    <legend class="label">${t("editor.field.options")}</legend>
    ${options.map(
      (/** @type {string} */ text, /** @type {number} */ at) =>
        html`<${Choice} key=${at} at=${at} text=${text} last=${options.length - 1} right=${at === keyAt} lang=${lang}
          write=${(/** @type {string} */ next) => put(options.map((/** @type {string} */ one, /** @type {number} */ place) => (place === at ? next : one)), keyAt)}
          choose=${() => put(options, at)} swap=${swap} drop=${drop} />`,
    )}
    ${
      options.length < LETTERS.length &&
      html`<button type="button" class="button add-option" onClick=${() => put([...options, ""], keyAt)}>
        <${Mark} name="plus" size=${16} />${t("editor.add_option")}
      </button>`
    }
    <${Wrong} flaws=${flaws} id="options" />
  </fieldset>`;
}

/**
 * @param {{ at: number, text: string, last: number, right: boolean, lang: string, write: (text: string) => void,
 *   choose: () => void, swap: (one: number, other: number) => void, drop: (at: number) => void }} props
 */
function Choice({ at, text, last, right, lang, write, choose, swap, drop }) {
  const letter = LETTERS[at];
  const count = lengthOf(text);
  return html`<div class="choice-line" data-right=${String(right)}>
    <label class="pick" title=${t("editor.pick", { letter })}>
      <input type="radio" name="key" value=${letter} checked=${right} onChange=${choose} aria-label=${t("editor.pick", { letter })} />
      <span class="pick-mark" data-option=${letter.toLowerCase()}>
        <${Shape} option=${letter} size=${14} /><b>${letter}</b>
      </span>
    </label>
    <input
      class="input"
      id=${`option-${letter}`}
      aria-label=${t("editor.option", { letter })}
      aria-invalid=${count > MOST.option ? "true" : undefined}
      lang=${lang}
      autocomplete="off"
      value=${text}
      onInput=${(/** @type {any} */ event) => write(event.target.value)}
    />
    <span class="count" data-over=${String(count > MOST.option)}>${count}/${MOST.option}</span>
    <button type="button" class="move" disabled=${at === 0} aria-label=${t("editor.option_up", { letter })} title=${t("editor.option_up", { letter })} onClick=${() => swap(at, at - 1)}>
      <${Mark} name="up" size=${16} />
    </button>
    <button type="button" class="move" disabled=${at === last} aria-label=${t("editor.option_down", { letter })} title=${t("editor.option_down", { letter })} onClick=${() => swap(at, at + 1)}>
      <${Mark} name="down" size=${16} />
    </button>
    <button type="button" class="move" disabled=${last < FEWEST} aria-label=${t("editor.option_drop", { letter })} title=${t("editor.option_drop", { letter })} onClick=${() => drop(at)}>
      <${Mark} name="cross" size=${16} />
    </button>
  </div>`;
}

/** How long it takes to read, and what to look at again. @param {{ draft: any, lang: string }} props */
function Advice({ draft, lang }) {
  const pace = paceOf(draft, lang);
  const share = Math.min(100, Math.round((100 * pace.seconds) / pace.whole));
  /** @param {number} value */
  const decimal = (value) => {
    const [whole, tenth] = Math.abs(value).toFixed(1).split(".");
    return `${value < 0 ? "−" : ""}${whole}${t("editor.decimal")}${tenth}`;
  };
  return html`<section class="pace" data-verdict=${pace.verdict} aria-label=${t("editor.pace")}>
    <div class="pace-head">
      <b>${t("editor.pace_reading", { s: decimal(pace.seconds), whole: integer(pace.whole) })}</b>
      <span>${t(pace.left > 0 ? "editor.pace_left" : "editor.pace_none", { s: decimal(pace.left) })}</span>
      <span class="count">${t("editor.pace_words", { n: pace.words })}</span>
    </div>
    <progress class="pace-bar" max="100" value=${share} aria-label=${t("editor.pace")}></progress>
    ${
      pace.advice.length > 0 &&
      html`<ul class="pace-list">
        ${pace.advice.map(({ key, values }) => html`<li>${t(`editor.advice.${key}`, values)}</li>`)}
      </ul>`
    }
  </section>`;
}

/** @param {{ draft: any, write: (change: any) => void, flaws: any[] }} props */
function Duration({ draft, write, flaws }) {
  const value = draft.duration_ms === "" ? "" : draft.duration_ms / 1000;
  return html`<label class="field">
    <span class="label">${t("editor.field.duration")}</span>
    <input class="input" type="number" id="duration" min="5" max="120" step="1" placeholder="15" value=${value}
      onInput=${(/** @type {any} */ event) => {
        const seconds = event.target.value;
        write({ duration_ms: seconds === "" ? "" : Math.round(1000 * Number(seconds)) });
      }} />
    <${Wrong} flaws=${flaws} id="duration" />
  </label>`;
}

/** @param {{ work: import("./work.js").Work, flaws: any[] }} props */
function Picture({ work, flaws }) {
  const { pack, open } = work;
  const [sending, setSending] = useState(false);
  const { image } = /** @type {any} */ (open).draft;
  /** @param {any} event */
  const send = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    setSending(true);
    const said = await sendPicture(pack.id, file);
    setSending(false);
    event.target.value = "";
    work.setRefused(said.ok ? null : said);
    if (said.ok) work.write({ image: said.data.image });
  };
  return html`<div class="field picture-field">
    <span class="label" id="picture-label">${t("editor.field.image")}</span>
    <div class="picture-line">
      ${image && html`<img class="picture-thumb" src=${packPath(pack.id, "pictures", image)} alt=${t("editor.picture_alt", { name: image })} />`}
      <label class="button">
        <${Mark} name="picture" size=${18} />
        <span>${t(sending ? "editor.picture_sending" : image ? "editor.picture_other" : "editor.picture_add")}</span>
        <input type="file" class="unseen" id="picture" accept="image/png,image/jpeg,image/webp" disabled=${sending} onChange=${send} aria-labelledby="picture-label" />
      </label>
      ${image && html`<button type="button" class="button" onClick=${() => work.write({ image: "" })}>${t("editor.picture_drop")}</button>`}
      <span class="hint">${t("editor.picture_hint")}</span>
    </div>
    <${Wrong} flaws=${flaws} id="image" />
  </div>`;
}
