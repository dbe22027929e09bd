// @ts-check
// The native dialog with our manners, and the button that must be held. While
// one is open the panel's keys rest (keys.js); Escape and the backdrop close it.

import { html, useLayoutEffect, useRef, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Icon } from "./icons.js";

const HOLD_MS = 1000;

/** @param {{ title: string, onClose: () => void, children?: any, wide?: boolean,
 *   huge?: boolean, kind: string }} props */
export function Dialog({ title, onClose, children, wide = false, huge = false, kind }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  // With what is in it, not a frame later: a key that is pressed at once must find it.
  useLayoutEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      // Its `close` event comes later and must not close the dialog that follows.
      box.current = null;
      dialog?.close();
    };
  }, []);
  const outside = (/** @type {MouseEvent} */ event) => {
    if (event.target === box.current) onClose();
  };
  return html`<dialog
    ref=${box}
    class="dialog"
    data-dialog=${kind}
    data-wide=${huge ? "huge" : String(wide)}
    aria-labelledby="dialog-title"
    onClose=${() => box.current && onClose()}
    onClick=${outside}
  >
    <div class="dialog-body">
      <header class="dialog-head">
        <h2 id="dialog-title">${title}</h2>
        <button type="button" class="tool" aria-label=${t("host.close")} onClick=${onClose}>
          <${Icon} name="cross" />
        </button>
      </header>
      ${children}
    </div>
  </dialog>`;
}

/**
 * A button for what cannot be undone: hold it for a second (pointer, Enter or
 * Space), or press Ctrl + Enter anywhere in the dialog as the second key.
 * @param {{ label: string, onDone: () => void, disabled?: boolean }} props
 */
export function HoldButton({ label, onDone, disabled = false }) {
  const [holding, setHolding] = useState(false);
  const timer = useRef(0);
  const done = useRef(onDone);
  done.current = disabled ? () => {} : onDone;
  const stop = () => {
    window.clearTimeout(timer.current);
    setHolding(false);
  };
  const start = () => {
    stop();
    if (disabled) return;
    setHolding(true);
    timer.current = window.setTimeout(() => {
      stop();
      done.current();
    }, HOLD_MS);
  };
  // Before the dialog is painted: a quick second key must not be lost.
  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    const second = (event) => {
      if (event.key === "Enter" && event.ctrlKey) done.current();
    };
    document.addEventListener("keydown", second);
    return () => {
      document.removeEventListener("keydown", second);
      window.clearTimeout(timer.current);
    };
  }, []);
  /** @param {KeyboardEvent} event */
  const keyDown = (event) => {
    if (event.ctrlKey || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (!event.repeat) start();
  };
  return html`<div class="hold-row">
    <button
      type="button"
      class="button button-grave hold"
      data-holding=${String(holding)}
      disabled=${disabled}
      onPointerDown=${start}
      onPointerUp=${stop}
      onPointerLeave=${stop}
      onPointerCancel=${stop}
      onKeyDown=${keyDown}
      onKeyUp=${stop}
      onBlur=${stop}
      onContextMenu=${(/** @type {Event} */ event) => event.preventDefault()}
    >
      <i class="hold-fill" aria-hidden="true" /><span>${label}</span>
    </button>
    <p class="hint">${t("host.hold_hint")}</p>
  </div>`;
}

/**
 * A reason in one press: presets, and a line to write one's own.
 * @param {{ label: string, value: string, presets: string[], onChange: (text: string) => void }} props
 */
export function ReasonField({ label, value, presets, onChange }) {
  return html`<div class="field">
    <label for="reason">${label}</label>
    <div class="presets">
      ${presets.map(
        (text, place) =>
          html`<button
            type="button"
            autofocus=${place === 0}
            class="button preset"
            aria-pressed=${String(text === value)}
            onClick=${() => onChange(text)}
          >
            ${text}
          </button>`,
      )}
    </div>
    <input
      id="reason"
      class="input"
      maxlength="200"
      autocomplete="off"
      value=${value}
      onInput=${(/** @type {any} */ event) => onChange(event.target.value)}
    />
  </div>`;
}
