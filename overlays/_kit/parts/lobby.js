// @ts-check
// Before the show: how to join, and how many already have. The address comes
// first, because who watches on a phone cannot scan the own screen.

import { html, useRef } from "../../../kit/html.js";
import { integer, t } from "../../../kit/texts.js";
import { useFit } from "../fit.js";
import { useFresh } from "../motion.js";
import { Loaded, useLoaded } from "./picture.js";
import { Digits, mark, Tab } from "./text.js";

/** Keeps the code's room until it is there, so that the address does not jump. */
const EMPTY = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

/** @param {number} size */
const one = (size) => ({ sizes: { "--address-size": size }, room: "--room-address", wide: true });
const TRIES = [84, 76, 68, 60, 54, 48, 44, 40].map(one);
const WHOLE = [{ sizes: {}, room: "--room-most" }];

/** @param {{ look: import("../state.js").Look, params: import("../params.js").Params }} props */
export function Lobby({ look, params }) {
  const { show, online } = look;
  const fresh = useFresh("lobby", look.live);
  const plate = useRef(/** @type {HTMLElement | null} */ (null));
  const address = useRef(/** @type {HTMLElement | null} */ (null));
  const url = addressOf(show);
  const counted = online !== null && look.conn !== "offline";
  useFit(address, TRIES, [url]);
  useFit(plate, WHOLE, [url, look.notice, counted]);
  return html`<section class="plate lobby" ref=${plate} data-part="lobby" data-fresh=${mark(fresh)}>
    <div class="tabs">${show ? html`<${Tab} part="title">${show.title}<//>` : null}</div>
    <div class="lobby-words">
      <h1 class="card-title">${t("overlay.lobby.title")}</h1>
      <p class="card-text">${t("overlay.lobby.how")}</p>
      <p class="address" ref=${address} data-part="address">${breakable(url)}</p>
      ${counted ? html`<p class="count" data-part="online">
        <${Digits} text=${t("overlay.lobby.count", { count: integer(online) })} />
      </p>` : null}
    </div>
    ${show ? html`<${Code} src=${codeOf(show.code, params.demo)} />` : null}
  </section>`;
}

/** Where people join, as one reads it out. @param {any} show wire ShowPart, or null */
export const addressOf = (show) =>
  ((show && show.join_url) || "").replace(/^https?:\/\//, "").replace(/\/$/, "");

/** A long address breaks before a slash, in little room before a dot (CSS), never in a word. @param {string} url */
const breakable = (url) =>
  url.split(/(?=\/)/).map((part) => html`<span class="address-part">${
    part.split(/(?=\.)/).map((piece) => html`<span class="address-piece">${piece}</span><wbr />`)
  }</span><wbr />`);

/** @param {string} code @param {string} demo */
const codeOf = (code, demo) =>
  demo ? new URL("../scenarios/qr.svg", import.meta.url).href : `/${encodeURIComponent(code)}/qr.svg`;

/** The QR code on its white plate; a picture that does not come is not shown. @param {{ src: string }} props */
function Code({ src }) {
  const picture = useLoaded(src);
  return html`<div class="code" data-part="qr" data-wait=${mark(!picture)}>
    ${picture ? html`<${Loaded} picture=${picture} />` : html`<img src=${EMPTY} alt="" />`}
  </div>`;
}
