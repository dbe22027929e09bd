// @ts-check
// Where people join and what OBS loads. The overlay's key is asked for only when
// somebody copies or downloads, is kept in this page's memory, and is never drawn
// unless the browser refuses to copy (faces: tokens leak on stream).

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { CopyLine } from "./copy.js";
import { Dialog, HoldButton } from "./dialog.js";
import { LoaderFile } from "./loaderfile.js";
import { shortUrl } from "./lobby.js";
import { mayConduct } from "./model.js";
import { Singles } from "./singles.js";
import { freeNames, takeName } from "./sourcenames.js";
import { outputsOf } from "./tally.js";

/** @type {Record<string, string>} layout → name of its text; every shape of overlays/stage */
const LAYOUTS = { "16x9": "wide", "9x16": "tall", "1x1": "square", "4x5": "upright" };
/** @type {Map<string, Promise<string>>} show → overlay address, for this page's life */
const addresses = new Map();
/** Says "renewed" once the keys of before are dead. */
export const keys = new EventTarget();

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
    ${mayConduct(host) && html`<section>
      <h3>${t("host.links_overlay")}</h3>
      <p class="hint">${t("host.links_overlay_note")}</p>
      <${LoaderFile} code=${host.code} address=${() => sourceUrl(host)} />
      <div class="copies">
        ${Object.entries(LAYOUTS).map(
          ([layout, name]) =>
            html`<${CopyLine}
              name=${`overlay-${layout}`}
              label=${t(`host.links_${name}`)}
              shown=${`stage?layout=${layout} &name=…#k=••••••`}
              value=${() => sourceUrl(host, layout)}
            />`,
        )}
      </div>
      <${Singles}
        host=${hostOf(join)}
        address=${(/** @type {string} */ name, /** @type {string} */ layout) => sourceUrl(host, layout, name)}
      />
    </section>`}
    <p class="buttons">
      <button type="button" class="button" onClick=${() => act("outputs")}>
        ${t("host.links_outputs", { n: outputsOf(host.live).filter((one) => !one.lost).length })}
      </button>
      <button type="button" class="button" onClick=${() => act("stream")}>${t("host.links_stream")}</button>
      ${mayConduct(host) && html`<button type="button" class="button" onClick=${() => act("rekey")}>${t("host.links_rekey")}</button>`}
      <a class="button" href=${`/${host.code}/results`} target="_blank" rel="noopener">
        ${t("host.tool_results")}
      </a>
    </p>
  </${Dialog}>`;
}

/** A key was seen on air: all of them end at once, and a new one is made. @param {import("./dialogs.js").DialogParts} props */
export function Rekey({ host, act }) {
  const [failed, setFailed] = useState(false);
  const renew = async () => {
    addresses.delete(host.code); // Whatever comes of it, the old one may be dead.
    try {
      addresses.set(host.code, Promise.resolve(await freshAddress(host.code, "/renew")));
      freeNames(host.code, outputsOf(host.live));
      keys.dispatchEvent(new Event("renewed"));
      act("links");
    } catch {
      setFailed(true);
    }
  };
  return html`<${Dialog} kind="rekey" title=${t("host.rekey_title")} onClose=${() => act("close")}>
    <p>${t("host.rekey_body")}</p>
    <p class="hint">${t("host.rekey_hint")}</p>
    <${HoldButton} label=${t("host.rekey_hold")} onDone=${renew} />
    <p class="note" role="alert" data-kind="error">${failed && t("host.rekey_failed")}</p>
  </${Dialog}>`;
}

/** @param {string} address */
const hostOf = (address) => new URL(address, location.href).host;

/**
 * The address for one source in OBS, with a name that no other has.
 * @param {import("./types.js").HostState} host @param {string} [layout] @param {string} [view]
 */
async function sourceUrl(host, layout, view) {
  const name = takeName(host.code, outputsOf(host.live));
  const url = new URL(await overlayUrl(host.code, layout, view));
  url.searchParams.set("name", name);
  return url.href;
}

/**
 * @param {string} code
 * @param {string} [layout] the window's own shape when left out
 * @param {string} [name] the stage when left out
 */
export async function overlayUrl(code, layout, name = "stage") {
  const known = addresses.get(code) || freshAddress(code);
  addresses.set(code, known);
  try {
    const url = new URL(await known);
    url.pathname = url.pathname.replace(/[^/]+$/, name);
    if (layout) url.searchParams.set("layout", layout);
    return url.href;
  } catch (error) {
    addresses.delete(code);
    throw error;
  }
}

/** Ask for a key; each one is made anew and told once. @param {string} code @param {string} [how] */
async function freshAddress(code, how = "") {
  const csrf = document.querySelector("meta[name=csrf]");
  const answer = await fetch(`/host/${encodeURIComponent(code)}/overlay-key${how}`, {
    method: "POST",
    headers: { "X-CSRF-Token": (csrf && csrf.getAttribute("content")) || "" },
  });
  if (!answer.ok) throw new Error(`overlay key: ${answer.status}`);
  return /** @type {string} */ ((await answer.json()).url);
}
