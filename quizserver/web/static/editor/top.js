// @ts-check
// The bar over both pages: where one is, the way back, theme and language.

import { html, useState } from "../kit/html.js";
import { lang, t } from "../kit/texts.js";
import { keepPrefs, readPrefs } from "../host/prefs.js";
import { Mark } from "./marks.js";

/** @param {{ title: string, note: string, back: string, backName: string, children?: any }} props */
export function Top({ title, note, back, backName, children }) {
  return html`<header class="top editor-top">
    <a class="tool" href=${back} aria-label=${backName} title=${backName}><${Mark} name="back" size=${22} /></a>
    <div class="top-show">
      <h1 class="top-title" title=${title}>${title}</h1>
      <p class="top-code">${note}</p>
    </div>
    ${children}
    <nav class="tools" aria-label=${t("editor.tools")}>
      <${Theme} />
      <${Language} />
    </nav>
  </header>`;
}

function Theme() {
  const [theme, setTheme] = useState(readPrefs().theme);
  const dark = theme === "dark";
  const name = t(dark ? "editor.theme_light" : "editor.theme_dark");
  const turn = () => {
    const next = dark ? "light" : "dark";
    keepPrefs({ ...readPrefs(), theme: next });
    setTheme(next);
  };
  return html`<button type="button" class="tool" id="theme" title=${name} aria-label=${name} onClick=${turn}>
    <${Mark} name=${dark ? "sun" : "moon"} size=${22} />
  </button>`;
}

/** The other language, on a fresh page: the server writes some of its sentences. */
function Language() {
  const other = lang() === "vi" ? "en" : "vi";
  const turn = () => {
    keepPrefs({ ...readPrefs(), lang: other });
    location.search = `?lang=${other}`;
  };
  return html`<button
    type="button"
    class="tool"
    id="lang"
    lang=${other}
    title=${t("editor.other_language")}
    aria-label=${t("editor.other_language")}
    onClick=${turn}
  >
    ${other.toUpperCase()}
  </button>`;
}
