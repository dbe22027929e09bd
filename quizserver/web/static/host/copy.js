// @ts-check
// A line with a button that copies it. What it copies may come late (a key is
// asked for only then) and is drawn only where the browser refuses to copy.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Icon } from "./icons.js";

/** @param {{ name: string, label?: string, shown: string, value: () => Promise<string> }} props */
export function CopyLine({ name, label, shown, value }) {
  const [result, setResult] = useState({ state: "", text: "" });
  const copy = async () => {
    let text = "";
    try {
      text = await value();
      await navigator.clipboard.writeText(text);
      setResult({ state: "copied", text: "" });
    } catch {
      // No clipboard outside https: then, and only then, the line is shown.
      setResult({ state: text ? "by_hand" : "failed", text });
    }
  };
  return html`<div class="copy" data-copy=${name} data-result=${result.state}>
    ${label && html`<span class="copy-label">${label}</span>`}
    <code class="copy-value">${shown}</code>
    <button type="button" class="button" onClick=${copy}>
      <${Icon} name=${result.state === "copied" ? "check" : "copy"} size=${18} />
      <span>${result.state === "copied" ? t("host.copied") : t("host.copy")}</span>
    </button>
    <p class="copy-note" role="status">
      ${result.state === "failed" && t("host.copy_failed")}
      ${
        result.state === "by_hand" &&
        html`${t("host.copy_by_hand")}
          <input
            class="input"
            readonly
            aria-label=${label || shown}
            value=${result.text}
            onFocus=${(/** @type {any} */ e) => e.target.select()}
          />`
      }
    </p>
  </div>`;
}
