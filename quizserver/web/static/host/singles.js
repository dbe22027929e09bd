// @ts-check
// The single pages beside the stage, for who lays the picture out by hand: as
// many as there are folders of overlays. Their list comes with the page's build.

import { html, useEffect, useState } from "../kit/html.js";
import { lang, t } from "../kit/texts.js";
import { CopyLine } from "./copy.js";
import { Icon } from "./icons.js";

const INDEX = new URL("../overlays/index.json", import.meta.url).href;
const PACKAGE = "/api/overlays.zip";
const STAGE = "stage";

/**
 * @typedef {{ name: string, title: Record<string, string>, description: Record<string, string>,
 *   layouts: string[], demo: string, at: number, param: { name: string, values: string[] }[] }} Manifest
 */

/** @type {{ overlays: Manifest[], themes: string[] }} */
const NOTHING = { overlays: [], themes: [] };

/** All overlays and themes of this build; empty until they are there. */
export function useIndex() {
  const [known, settle] = useState(NOTHING);
  useEffect(() => {
    fetch(INDEX)
      .then((answer) => answer.json())
      .then(settle)
      .catch(() => settle(NOTHING));
  }, []);
  return known;
}

/**
 * @param {{ host: string, address: (name: string, layout: string) => Promise<string> }} props
 *   `host` as the lines show it
 */
export function Singles({ host, address }) {
  const singles = useIndex().overlays.filter(({ name }) => name !== STAGE);
  if (!singles.length) return null;
  return html`<details class="singles">
    <summary>${t("host.singles_title", { count: singles.length })}</summary>
    <p class="hint">
      ${t("host.singles_note")}${" "}
      <a href="/overlay/_editor" target="_blank" rel="noopener">${t("host.singles_editor")}</a>
    </p>
    <div class="copy" data-copy="ograf">
      <span class="copy-label">${t("host.links_ograf_note")}</span>
      <a class="button" href=${PACKAGE} download>
        <${Icon} name="screen" size=${18} />
        <span>${t("host.links_ograf")}</span>
      </a>
    </div>
    ${singles.map((one) => html`<${Single} key=${one.name} one=${one} host=${host} address=${address} />`)}
  </details>`;
}

/** @param {{ one: Manifest, host: string, address: (name: string, layout: string) => Promise<string> }} props */
function Single({ one, host, address }) {
  const shown = `/overlay/${one.name}?demo=${one.demo}&bg=camera`;
  return html`<div class="single" data-overlay=${one.name}>
    <h4>${one.title[lang()]}</h4>
    <p class="hint">
      ${one.description[lang()]}${" "}
      ${one.demo && html`<a href=${shown} target="_blank" rel="noopener">${t("host.singles_demo")}</a>`}
    </p>
    ${one.layouts.map(
      (layout) => html`<${CopyLine}
        key=${layout}
        name=${`${one.name}-${layout}`}
        label=${layout.replace("x", ":")}
        shown=${`${host}/overlay/${one.name}?layout=${layout}&name=…#k=••••••••`}
        value=${() => address(one.name, layout)}
      />`,
    )}
  </div>`;
}
