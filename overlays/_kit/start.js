// @ts-check
// How every overlay begins: address, styles, fonts, texts, then the show or a
// scenario. Nothing is painted before all of them are there, and nothing that
// fails on the way is shown: an overlay that cannot work is transparent.

import { html, render } from "../../kit/html.js";
import { createStore } from "../../kit/store.js";
import { lang, loadTexts } from "../../kit/texts.js";
import { playDemo } from "./demo.js";
import { Debug } from "./debug.js";
import { sampleFrames } from "./frames.js";
import { openLink } from "./link.js";
import { meetLoader, tellWhole } from "./loader.js";
import { finishWhenSeen } from "./motion.js";
import { readParams } from "./params.js";
import { dressRoot, markRoot } from "./root.js";
import { fold, NOTHING } from "./state.js";
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
  const store = createStore(fold, NOTHING);
  const mount = document.getElementById("overlay") || document.body;
  const page = document.documentElement;
  let loaded = "";

  const draw = async () => {
    const { show } = store.snapshot();
    const wanted = params.lang || (show && show.lang) || page.dataset.lang || "vi";
    if (wanted !== loaded) loaded = await texts(wanted);
    page.dataset.lang = loaded;
    const look = store.snapshot();
    page.dataset.look = look.look;
    // Held: the picture stays, and who comes now has none. Without a key it goes.
    if (look.look === "hold" && look.conn !== "none") return;
    render(html`<${Overlay} look=${look} params=${params} />
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
  else openLink(params, store);
}
