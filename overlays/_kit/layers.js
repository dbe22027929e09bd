// @ts-check
// One picture after another: the old one leaves for a moment while the new one
// comes. A change nobody saw (reload, hidden source) is a plain cut.

import { html, useEffect, useRef, useState } from "../../kit/html.js";
import { mark } from "./parts/text.js";

const LEAVE_MS = 240;

/**
 * A picture is kept as the function that draws it: a virtual node knows the tree it was
 * drawn in, and with it the picture that left before, and so all there ever were.
 * @typedef {(() => any) | null} Draw null = nothing is on
 * @typedef {{ name: string, draw: Draw, gone?: boolean }} Layer
 */

/** @param {{ name: string, live: boolean, draw: Draw }} props `name` tells pictures apart */
export function Layers({ name, live, draw }) {
  const last = useRef(/** @type {Layer | null} */ (null));
  const leaving = useRef(/** @type {Layer | null} */ (null));
  const [, redraw] = useState(0);
  // What has left goes with a change that is laid out anyway.
  if (leaving.current && leaving.current.gone && last.current && last.current.draw !== draw) {
    leaving.current = null;
  }
  if (last.current && last.current.name !== name) {
    leaving.current = live && last.current.draw ? last.current : null;
  }
  last.current = { name, draw };
  const old = leaving.current;
  useEffect(() => {
    if (!old) return undefined;
    const timer = window.setTimeout(() => {
      old.gone = true;
      redraw((n) => n + 1);
    }, LEAVE_MS);
    return () => window.clearTimeout(timer);
  }, [old]);
  return html`<div class="layers" data-flip="layers">
    ${[old, last.current].map((layer) => layer && layer.draw ? html`<div class="layer"
      key=${layer.name} data-layer=${layer.name} data-leaving=${mark(layer === old && !old.gone)}
      data-gone=${mark(layer === old && old.gone)}>
      ${layer.draw()}
    </div>` : null)}
  </div>`;
}
