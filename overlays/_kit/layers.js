// @ts-check
// One picture after another: the old one leaves for a moment while the new one
// comes. A change nobody saw (reload, hidden source) is a plain cut.

import { html, useEffect, useRef, useState } from "../../kit/html.js";
import { mark } from "./parts/text.js";

const LEAVE_MS = 240;

/**
 * @param {{ name: string, live: boolean, node: any }} props `name` tells pictures apart
 */
export function Layers({ name, live, node }) {
  const last = useRef(/** @type {{ name: string, node: any } | null} */ (null));
  const leaving = useRef(/** @type {{ name: string, node: any } | null} */ (null));
  const [, redraw] = useState(0);
  if (last.current && last.current.name !== name) {
    leaving.current = live && last.current.node ? last.current : null;
  }
  last.current = { name, node };
  const gone = leaving.current;
  useEffect(() => {
    if (!gone) return undefined;
    const timer = window.setTimeout(() => {
      leaving.current = null;
      redraw((n) => n + 1);
    }, LEAVE_MS);
    return () => window.clearTimeout(timer);
  }, [gone]);
  return html`<div class="layers" data-flip="layers">
    ${[gone, last.current].map((layer) => layer && layer.node ? html`<div class="layer"
      key=${layer.name} data-layer=${layer.name} data-leaving=${mark(layer === gone)}>
      ${layer.node}
    </div>` : null)}
  </div>`;
}
