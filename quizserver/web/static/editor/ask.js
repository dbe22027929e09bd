// @ts-check
// Dialogs: the native one, closed by Escape and its cross. What it asks is its
// caller's; flaws are listed here, with where they are and how to cure them.

import { html, useLayoutEffect, useRef } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Mark } from "./marks.js";

/** @param {{ title: string, kind: string, wide?: boolean, onClose: () => void, children?: any }} props */
export function Ask({ title, kind, wide = false, onClose, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  // With what is in it, not a frame later: a key that is pressed at once must find it.
  useLayoutEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      // Its `close` event comes later and must not close the dialog that follows.
      box.current = null;
      if (dialog) dialog.close();
    };
  }, []);
  return html`<dialog
    ref=${box}
    class="dialog"
    data-dialog=${kind}
    data-wide=${String(wide)}
    aria-labelledby="dialog-title"
    onClose=${() => box.current && onClose()}
  >
    <div class="dialog-body">
      <div class="dialog-head">
        <h2 id="dialog-title">${title}</h2>
        <button type="button" class="tool" aria-label=${t("editor.close")} onClick=${onClose}>
          <${Mark} name="cross" size=${22} />
        </button>
      </div>
      ${children}
    </div>
  </dialog>`;
}

/**
 * What is wrong, where, and the cure. @param {{ message: string, flaws: import("./calls.js").Flaw[] }} props
 */
export function Flaws({ message, flaws }) {
  return html`<div class="flaws" role="alert">
    <p class="flaws-head"><${Mark} name="alert" /><span>${message}</span></p>
    ${
      flaws.length > 0 &&
      html`<ol class="flaw-list">
        ${flaws.map(
          (flaw) => html`<li>
            ${placeOf(flaw) && html`<b class="flaw-place">${placeOf(flaw)}</b>`}
            <span>${sentence(flaw.what)}</span>
            <span class="flaw-cure">${t("editor.cure", { cure: flaw.cure })}</span>
          </li>`,
        )}
      </ol>`
    }
  </div>`;
}

/** @param {import("./calls.js").Flaw} flaw */
function placeOf(flaw) {
  if (!flaw.file) return "";
  const line = flaw.line ? t("editor.place_line", { file: flaw.file, line: flaw.line }) : flaw.file;
  if (!flaw.number) return line;
  return t("editor.place_question", { line, n: flaw.number, id: flaw.question || "–" });
}

/** @param {string} text */
export const sentence = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
