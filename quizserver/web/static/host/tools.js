// @ts-check
// The light switch of the pages around the panel: sign-in, first account, list of
// shows. The language beside it is a link, since the server writes those pages.

import { html, render } from "../kit/html.js";
import { Icon } from "./icons.js";
import { keepPrefs, readPrefs } from "./prefs.js";

const button = document.getElementById("theme");

/** @param {HTMLElement} button */
function draw(button) {
  const dark = document.documentElement.dataset.theme === "dark";
  const name = (dark ? button.dataset.light : button.dataset.dark) || "";
  button.title = name;
  button.setAttribute("aria-label", name);
  render(html`<${Icon} name=${dark ? "sun" : "moon"} />`, button);
  button.hidden = false;
}

if (button) {
  draw(button);
  button.addEventListener("click", () => {
    const prefs = readPrefs();
    keepPrefs({ ...prefs, theme: prefs.theme === "dark" ? "light" : "dark" });
    draw(button);
  });
}
