// @ts-check
// Overlays in frames that wear what the form says.

import { html, useEffect, useRef } from "../../kit/html.js";
import { COLOURS, KEPT } from "./themefile.js";

/** Scenes worth a look: scenario and frame. @type {Record<string, [demo: string, at: number]>} */
export const SCENES = {
  question: ["show", 5], revealed: ["show", 10], lobby: ["show", 2], standings: ["ties", 3],
  winner: ["show", 19], long: ["long", 2], pause: ["pause", 2],
};
/** Stays away from the overlay's own sheets and fonts: a theme comes behind them. */
export const DRAFT = "theme-draft";

/** @param {Document} page @param {string} css */
function wear(page, css) {
  const style = page.getElementById(DRAFT) || Object.assign(page.createElement("style"), { id: DRAFT });
  style.textContent = css;
  page.head.append(style);
}

/** What an overlay wears now. @param {Document} page */
function worn(page) {
  const { defaultView } = page;
  const said = defaultView && defaultView.getComputedStyle(page.documentElement);
  return Object.fromEntries([...COLOURS, ...KEPT].map((name) => [name, said ? said.getPropertyValue(name).trim() : ""]));
}

/** @param {Document} page @param {import("./files.js").Font} font */
async function write(page, { bytes, weight }) {
  const { FontFace } = /** @type {Window & typeof globalThis} */ (page.defaultView);
  const face = new FontFace(DRAFT, bytes.slice().buffer, { weight });
  await face.load();
  page.fonts.add(face);
}

/**
 * The overlay calls `dress` before it draws (theme.js), as its texts find their size by
 * the font; colours and logo may come later.
 * @param {{ layout: string, base: string, scene: string, css: string,
 *   font: import("./files.js").Font | null, onWorn: (theme: Record<string, string>) => void }} props
 */
export function View({ layout, base, scene, css, font, onWorn }) {
  const ready = useRef(/** @type {Document | null} */ (null));
  useEffect(() => {
    if (ready.current && css) wear(ready.current, css);
  }, [css]);
  const dress = async (/** @type {Document} */ page) => {
    ready.current = page;
    if (font) await write(page, font);
    if (css) wear(page, css);
    else onWorn(worn(page));
  };
  const [demo, at] = SCENES[scene];
  const src = `/overlay/stage?layout=${layout}&theme=${base}&demo=${demo}&at=${at}&bg=camera`;
  return html`<iframe ref=${(/** @type {any} */ frame) => frame && Object.assign(frame, { dress })}
    data-layout=${layout} title=${layout} src=${src}></iframe>`;
}
