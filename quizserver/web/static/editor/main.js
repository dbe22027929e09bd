// @ts-check
// Start of the question editor: texts, theme, and the page that the address names.

import { html, render } from "../kit/html.js";
import { loadTexts } from "../kit/texts.js";
import { keepPrefs, readPrefs } from "../host/prefs.js";
import { Pack } from "./pack.js";
import { Packs } from "./packs.js";

const root = document.getElementById("editor");
const page = document.documentElement.dataset;

async function start() {
  if (!root) return;
  const prefs = readPrefs();
  keepPrefs(prefs);
  await loadTexts("editor", prefs.lang);
  root.textContent = "";
  const View = page.pack ? Pack : Packs;
  render(html`<${View} id=${page.pack || ""} actor=${page.actor || ""} />`, root);
}

start();
