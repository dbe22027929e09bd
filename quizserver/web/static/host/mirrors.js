// @ts-check
// What the audience sees, small beside the controls: the stage in both shapes, live.
// They are pages like those in OBS, with a key of their own, and no output: the list
// of overlays leaves them out (tally.js).

import { html, useEffect, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { overlayUrl } from "./links.js";
import { MIRROR } from "./tally.js";

const LAYOUTS = ["16x9", "9x16"];

/** @param {import("./topbar.js").Parts} props */
export function Mirrors({ host }) {
  const [url, setUrl] = useState("");
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    overlayUrl(host.code).then(setUrl, () => setFailed(true));
  }, [host.code]);
  return html`<section class="mirrors card" aria-label=${t("host.mirrors")}>
    ${failed && html`<p class="empty">${t("host.copy_failed")}</p>`}
    ${
      url &&
      LAYOUTS.map(
        (layout) =>
          html`<iframe
            class="mirror"
            data-layout=${layout}
            title=${t("host.mirror", { layout })}
            src=${mirrored(url, layout)}
            tabindex="-1"
          />`,
      )
    }
  </section>`;
}

/** On this server's own address, whatever the public one is. @param {string} address @param {string} layout */
function mirrored(address, layout) {
  const url = new URL(address);
  url.searchParams.set("layout", layout);
  url.searchParams.set("view", MIRROR);
  url.searchParams.set("bg", "camera");
  return url.pathname + url.search + url.hash;
}
