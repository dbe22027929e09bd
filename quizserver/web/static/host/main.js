// @ts-check
// Start of the host panel: texts, line, page. Everything shown is drawn from the
// host state, so a reload in the middle of a question is always safe.

import { html, render } from "../kit/html.js";
import { createStore } from "../kit/store.js";
import { loadTexts } from "../kit/texts.js";
import { EMPTY, reduce } from "./model.js";
import { Panel } from "./panel.js";
import { keepPrefs, readPrefs } from "./prefs.js";
import { openSession } from "./session.js";

const root = document.getElementById("panel");
const show = document.documentElement.dataset.show || "";
const prefs = readPrefs();

async function start() {
  if (!root) return;
  keepPrefs(prefs);
  await loadTexts("host", prefs.lang);
  const store = createStore(reduce, EMPTY);
  const session = openSession(show, store);
  root.textContent = "";
  render(html`<${Panel} show=${show} store=${store} session=${session} first=${prefs} />`, root);
}

start();
