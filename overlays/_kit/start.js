// @ts-check
// How every overlay begins: address, styles, fonts, texts, then the show or a
// scenario. Nothing is painted before all of them are there, and nothing that
// fails on the way is shown: an overlay that cannot work is transparent.

import { html, render } from "../../kit/html.js";
import { createStore } from "../../kit/store.js";
import { lang, loadTexts } from "../../kit/texts.js";
import { BLANK, drawn, foldBuses, hearPanel } from "./buses.js";
import { playDemo } from "./demo.js";
import { Debug } from "./debug.js";
import { sampleFrames } from "./frames.js";
import { openLink } from "./link.js";
import { meetLoader, tellWhole } from "./loader.js";
import { finishWhenSeen } from "./motion.js";
import { readParams } from "./params.js";
import { PreviewTag, Untold } from "./parts/cards.js";
import { dressRoot, markRoot } from "./root.js";
import { positionIn } from "./scene.js";
import { supplies } from "./supplies.js";
import { dressDraft, dressTheme } from "./theme.js";

const RETRY_MS = 2000;

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

/** Ask until they come. @param {string} wanted @returns {Promise<string>} their language */
async function texts(wanted) {
  for (;;) {
    try {
      await loadTexts("overlay", wanted);
      return lang();
    } catch {
      await wait(RETRY_MS);
    }
  }
}

/**
 * @param {(props: { look: import("./state.js").Look, params: import("./params.js").Params }) => any} Overlay
 */
export async function start(Overlay) {
  const params = readParams();
  const store = createStore(foldBuses, BLANK);
  const mount = document.getElementById("overlay") || document.body;
  const page = document.documentElement;
  let loaded = "";

  const wanted = () => {
    const { show } = store.snapshot().now;
    return params.lang || (show && show.lang) || page.dataset.lang || "vi";
  };

  const draw = async () => {
    // Another language may be wanted by the time that the one has come.
    while (wanted() !== loaded) loaded = await texts(wanted());
    page.dataset.lang = loaded;
    const { now, coming, dressed } = store.snapshot();
    const look = drawn(store.snapshot(), params);
    const preview = params.bus === "preview" && now.conn !== "none" ? coming : null;
    page.dataset.look = params.bus === "preview" ? "live" : now.look;
    page.dataset.position = positionIn(look, params);
    render(html`${preview && !preview.look ? html`<${Untold} label=${preview.label} />`
      : html`<${Overlay} key=${dressed} look=${look} params=${params} />`}
      ${preview ? html`<${PreviewTag} label=${preview.label} />` : null}
      ${params.debug ? html`<${Debug} look=${look} params=${params} />` : null}`, mount);
    markRoot(look);
    if (look.live) sampleFrames();
  };

  meetLoader();
  dressRoot(params);
  finishWhenSeen();
  await dressTheme(params.theme);
  await dressDraft();
  [loaded] = await Promise.all([texts(params.lang || page.dataset.lang || "vi"), supplies()]);
  store.subscribe(draw);
  await draw();
  tellWhole();
  if (params.demo) playDemo(params, store);
  else if (params.bus === "preview" && !params.key) hearPanel(store);
  else openLink(params, store);
}
