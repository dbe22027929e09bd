// @ts-check
// A question's picture. It appears when it is there and never as a broken one.

import { html, useState } from "../../../kit/html.js";

/** @param {{ src: string }} props "" = no picture */
export function Picture({ src }) {
  const [loaded, settle] = useState("");
  if (!src) return null;
  return html`<div class="picture" data-part="picture" hidden=${loaded !== src}>
    <img src=${src} alt="" onLoad=${() => settle(src)} onError=${() => settle("")} />
  </div>`;
}
