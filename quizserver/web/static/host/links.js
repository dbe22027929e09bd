// @ts-check
// Where people join and what OBS loads. The overlay's key is asked for only when
// somebody copies, is kept in this page's memory, and is never drawn unless the
// browser refuses to copy (faces: tokens leak on stream).

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icons.js";
import { shortUrl } from "./lobby.js";
import { Outputs } from "./outputs.js";

/** @type {Record<string, string>} layout → name of its text */
const LAYOUTS = { "16x9": "wide", "9x16": "tall" };
/** @type {Map<string, Promise<string>>} show → overlay address, for this page's life */
const addresses = new Map();

/** @param {import("./dialogs.js").DialogParts} props */
export function Links({ host, act }) {
  const join = host.join_url || `${location.origin}/${host.code}`;
  return html`<${Dialog} kind="links" wide title=${t("host.links_title")} onClose=${() => act("close")}>
    <section class="links-join">
      <img class="qr" src=${`/${host.code}/qr.svg`} alt=${t("host.qr_alt", { code: host.code })} width="168" height="168" />
      <div>
        <h3>${t("host.links_join")}</h3>
        <${CopyLine} name="join" shown=${shortUrl(host)} value=${async () => join} />
        <p class="hint">${t("host.links_via")}</p>
      </div>
    </section>
    <section>
      <h3>${t("host.links_overlay")}</h3>
      <p class="hint">${t("host.links_overlay_note")}</p>
      ${Object.entries(LAYOUTS).map(
        ([layout, name]) =>
          html`<${CopyLine}
            name=${`overlay-${layout}`}
            label=${t(`host.links_${name}`)}
            shown=${`${hostOf(join)}/overlay/stage?layout=${layout}#k=••••••••`}
            value=${() => overlayUrl(host.code, layout)}
          />`,
      )}
    </section>
    <${Outputs} outputs=${host.live.outputs || []} />
  </${Dialog}>`;
}

/** @param {string} address */
const hostOf = (address) => new URL(address, location.href).host;

/** @param {string} code @param {string} layout */
async function overlayUrl(code, layout) {
  const known = addresses.get(code) || freshAddress(code);
  addresses.set(code, known);
  try {
    const url = new URL(await known);
    url.searchParams.set("layout", layout);
    return url.href;
  } catch (error) {
    addresses.delete(code);
    throw error;
  }
}

/** Ask for a key; each one is made anew and told once. @param {string} code */
async function freshAddress(code) {
  const csrf = document.querySelector("meta[name=csrf]");
  const answer = await fetch(`/host/${encodeURIComponent(code)}/overlay-key`, {
    method: "POST",
    headers: { "X-CSRF-Token": (csrf && csrf.getAttribute("content")) || "" },
  });
  if (!answer.ok) throw new Error(`overlay key: ${answer.status}`);
  return /** @type {string} */ ((await answer.json()).url);
}

/** @param {{ name: string, label?: string, shown: string, value: () => Promise<string> }} props */
function CopyLine({ name, label, shown, value }) {
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
