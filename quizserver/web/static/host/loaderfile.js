// @ts-check
// The file that OBS opens instead of an address (overlays/_kit/loader.html): it
// shows the overlay as soon as there is a server. It is put together here, so that
// the key in it goes no other way than a copied address would.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Icon } from "./icons.js";

const TEMPLATE = new URL("../overlays/_kit/loader.html", import.meta.url).href;

/** @param {{ code: string, address: () => Promise<string> }} props */
export function LoaderFile({ code, address }) {
  const [result, setResult] = useState("");
  const download = async () => {
    try {
      save(`overlay-${code}.html`, filled(await template(), await address()));
      setResult("saved");
    } catch {
      setResult("failed");
    }
  };
  return html`<div class="copy" data-copy="loader" data-result=${result}>
    <span class="copy-label">${t("host.links_file_note")}</span>
    <button type="button" class="button" onClick=${download}>
      <${Icon} name=${result === "saved" ? "check" : "screen"} size=${18} />
      <span>${t("host.links_file")}</span>
    </button>
    <p class="copy-note" role="status">${result === "failed" && t("host.copy_failed")}</p>
  </div>`;
}

async function template() {
  const answer = await fetch(TEMPLATE);
  if (!answer.ok) throw new Error(`loader: ${answer.status}`);
  return answer.text();
}

/** An address as JavaScript text that cannot end the script. @param {string} file @param {string} url */
const filled = (file, url) =>
  file.replace('"{{address}}"', () => JSON.stringify(url).replaceAll("<", "\\u003c"));

/** @param {string} name @param {string} text */
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/html" }));
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
