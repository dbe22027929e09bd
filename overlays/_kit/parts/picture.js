// @ts-check
// Pictures on air: drawn once they are there, never as broken ones, and asked for
// again while they do not come.

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../../kit/html.js";

const AGAIN_MS = 2000;

/**
 * The picture at an address, once it is there.
 * @param {string} src "" = no picture
 * @returns {HTMLImageElement | null}
 */
export function useLoaded(src) {
  const [loaded, settle] = useState(/** @type {{ src: string, picture: HTMLImageElement } | null} */ (null));
  useEffect(() => {
    if (!src) return undefined;
    let picture = new Image();
    let timer = 0;
    const ask = () => {
      picture = new Image();
      picture.onload = () => settle({ src, picture });
      picture.onerror = () => {
        timer = window.setTimeout(ask, AGAIN_MS);
      };
      picture.alt = "";
      picture.src = src;
    };
    ask();
    return () => {
      picture.onload = picture.onerror = null;
      window.clearTimeout(timer);
    };
  }, [src]);
  return loaded && loaded.src === src ? loaded.picture : null;
}

/** A picture that was loaded, itself: another element would ask the server again. @param {{ picture: HTMLImageElement }} props */
export function Loaded({ picture }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (place.current) place.current.replaceChildren(picture);
  }, [picture]);
  return html`<span ref=${place}></span>`;
}

/** A question's picture. @param {{ src: string }} props "" = no picture */
export function Picture({ src }) {
  const picture = useLoaded(src);
  if (!src) return null;
  return html`<div class="picture" data-part="picture" hidden=${!picture}>
    ${picture ? html`<${Loaded} picture=${picture} />` : null}
  </div>`;
}
