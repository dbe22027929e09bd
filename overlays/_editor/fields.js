// @ts-check
// The parts of the editor's form.

import { html } from "../../kit/html.js";
import { lang, t } from "../../kit/texts.js";
import { parse } from "./contrast.js";
import { hex, withAlpha } from "./themefile.js";

/** The colour itself, without its alpha. @param {string} colour */
export const plain = (colour) => hex((parse(colour) || [0, 0, 0]).slice(0, 3));
/** @param {string} colour */
const alphaOf = (colour) => (parse(colour) || [0, 0, 0, 1])[3];

/** @param {{ name: string, all: string[], value: string, onPick: (value: string) => void, words?: (one: string) => string }} props */
export const Choice = ({ name, all, value, onPick, words = (one) => one }) => html`<select name=${name} value=${value}
  onChange=${(/** @type {any} */ event) => onPick(event.target.value)}>
  ${all.map((one) => html`<option value=${one} selected=${one === value}>${words(one)}</option>`)}</select>`;

/** @param {{ name: string, value: string, onPick: (value: string) => void }} props */
export function Colour({ name, value, onPick }) {
  const alpha = alphaOf(value);
  return html`<label class="colour">
    <input type="color" name=${name} value=${plain(value)}
      onInput=${(/** @type {any} */ event) => onPick(withAlpha(event.target.value, alpha))} />
    <span>${t(`theme.colour.${name}`)}</span>
  </label>`;
}

/**
 * A file from the disk, what is there already, and what is wrong with what came.
 * @param {{ name: string, label: string, note: string, accept: string, fault: string, has?: any,
 *   onFile: (file: File) => void, onRemove?: () => void }} props
 */
export function FromDisk({ name, label, note, accept, fault, has, onFile, onRemove }) {
  const pick = (/** @type {any} */ event) => {
    const [file] = event.target.files;
    // The same file, mended, may be chosen again.
    event.target.value = "";
    if (file) onFile(file);
  };
  return html`<div class="from-disk" data-file=${name}>
    <div class="row">
      <label class="pick"><input type="file" class="unseen" name=${name} accept=${accept} aria-describedby=${`${name}-note`} onChange=${pick} />${label}</label>
      ${has}
      ${has && html`<button type="button" class="plain" name=${`remove-${name}`} onClick=${onRemove}>${t("theme.remove")}</button>`}
    </div>
    <p class="hint" id=${`${name}-note`}>${note}</p>
    <p class="fault" role="alert">${fault}</p>
  </div>`;
}

/** @param {number} n @param {number} places */
const figure = (n, places) => n.toFixed(places).replace(".", lang() === "vi" ? "," : ".");

/** What could not be read on air. @param {{ pairs: ReturnType<typeof import("./contrast.js").judged> }} props */
export const Guard = ({ pairs }) => html`<div role="status"><ul class="guard">${pairs.filter((one) => !one.good).map((one) => html`<li
  data-front=${one.front} data-back=${one.back}>${t("theme.low", {
    front: t(`theme.colour.${one.front.slice(4)}`), back: t(`theme.colour.${one.back.slice(4)}`),
    ratio: figure(one.ratio, 2), least: figure(one.least, 1),
  })}</li>`)}</ul></div>`;
