// @ts-check
// The theme editor: a form of the colours, logo and font beside overlays that wear
// them. It keeps nothing; what it makes is a zip for the server's folder of themes, and
// it makes none as long as something could not be read on air.

import { html, render, useEffect, useMemo, useState } from "../../kit/html.js";
import { loadTexts, t } from "../../kit/texts.js";
import { judged } from "./contrast.js";
import { Choice, Colour, FromDisk, Guard, plain } from "./fields.js";
import { Fault, fontOf, logoOf } from "./files.js";
import { DRAFT, SCENES, View } from "./preview.js";
import { saved, themeOf } from "./saved.js";
import { GROUPS, NAME, rule } from "./themefile.js";

const INDEX = new URL("../index.json", import.meta.url).href;
const LAYOUTS = ["16x9", "9x16"];
const NONE = /** @type {Record<string, string>} */ ({});

/** @param {string} name @param {Blob} blob */
function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** What is made by hand, and how each part of it changes. */
function useTheme() {
  const [base, start] = useState("bien");
  const [worn, wears] = useState(NONE);
  const [chosen, choose] = useState(NONE);
  const [name, call] = useState("");
  const [logo, mark] = useState(/** @type {import("./files.js").Logo | null} */ (null));
  const [font, write] = useState(/** @type {import("./files.js").Font | null} */ (null));
  const begin = (/** @type {string} */ from, colours = NONE) => {
    if (from !== base) wears(NONE);
    choose(colours);
    start(from);
  };
  /** @param {import("./saved.js").Theme} one @param {string[]} themes that there are here */
  const take = (one, themes) => {
    begin(themes.includes(one.base) ? one.base : "bien", one.colours);
    call(one.name);
    mark(one.logo);
    write(one.font);
  };
  const known = Object.keys(worn).length > 0;
  return { base, name, logo, font, known, all: known ? { ...worn, ...chosen } : NONE,
    begin, wears, call, mark, write, take,
    choose: (/** @type {string} */ one, /** @type {string} */ value) => choose({ ...chosen, [one]: value }) };
}

function Editor() {
  const [themes, list] = useState(["bien"]);
  const [scene, look] = useState("question");
  const [fault, blame] = useState(NONE);
  const theme = useTheme();
  const { base, name, logo, font, known, all } = theme;
  const css = known ? rule(all, plain, { logo: logo ? `url("${logo.url}")` : "none", family: font ? DRAFT : "" }) : "";
  const pairs = useMemo(() => judged(all), [all]);
  useEffect(() => {
    fetch(INDEX).then((answer) => answer.json()).then((index) => list(index.themes));
  }, []);
  const good = known && pairs.every((one) => one.good);
  const named = new RegExp(`^${NAME}$`).test(name);
  /** Read a file, or say beside its field what is wrong with it. */
  const from = (/** @type {string} */ of, /** @type {(name: string, bytes: Uint8Array) => Promise<void>} */ read) =>
    async (/** @type {File} */ file) => {
      blame(NONE);
      try {
        await read(file.name, new Uint8Array(await file.arrayBuffer()));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        blame({ [of]: t(error.message, error.vars) });
      }
    };
  return html`<main>
    <form onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <h1>${t("theme.title")}</h1>
      <label>${t("theme.base")} <${Choice} name="base" all=${themes} value=${base} onPick=${(/** @type {string} */ one) => theme.begin(one)} /></label>
      <${FromDisk} name="theme" label=${t("theme.open")} note=${t("theme.open.note")} accept=".zip,application/zip"
        fault=${fault.theme} onFile=${from("theme", async (file, bytes) => theme.take(await themeOf(file, bytes), themes))} />
      <fieldset><legend>${t("theme.group.own")}</legend>
        <${FromDisk} name="logo" label=${t("theme.logo")} note=${t("theme.logo.note")} accept=".svg,.png,.webp"
          fault=${fault.logo} onFile=${from("logo", async (file, bytes) => theme.mark(await logoOf(file, bytes)))}
          has=${logo && html`<img src=${logo.url} alt="" />`} onRemove=${() => theme.mark(null)} />
        <${FromDisk} name="font" label=${t("theme.font")} note=${t("theme.font.note")} accept=".woff2"
          fault=${fault.font} onFile=${from("font", async (file, bytes) => theme.write(await fontOf(file, bytes)))}
          has=${font && html`<span>${t("theme.font.has")}</span>`} onRemove=${() => theme.write(null)} />
      </fieldset>
      ${known && Object.entries(GROUPS).map(([group, names]) => html`<fieldset key=${group}>
        <legend>${t(`theme.group.${group}`)}</legend>
        ${names.map((one) => html`<${Colour} key=${one} name=${one} value=${all[`--q-${one}`]}
          onPick=${(/** @type {string} */ value) => theme.choose(`--q-${one}`, value)} />`)}
      </fieldset>`)}
    </form>
    <section class="views">
      <label>${t("theme.scene")} <${Choice} name="scene" all=${Object.keys(SCENES)} value=${scene} onPick=${look}
        words=${(/** @type {string} */ one) => t(`theme.scene.${one}`)} /></label>
      <div class="frames">${LAYOUTS.map((layout) => html`<${View} key=${[layout, base, scene, font && font.turn].join()} layout=${layout}
        base=${base} scene=${scene} css=${css} font=${font} onWorn=${theme.wears} />`)}</div>
      <div class="result">
        <${Guard} pairs=${pairs} />
        <label>${t("theme.name")} <input name="name" required pattern=${NAME} value=${name} autocomplete="off"
          onInput=${(/** @type {any} */ event) => theme.call(event.target.value)} /></label>
        <p class="hint">${t("theme.name.note")}</p>
        <button type="button" name="save" disabled=${!good || !named}
          onClick=${() => save(`${name}.zip`, saved({ name, base, colours: all, logo, font }, plain))}>
          ${t(good ? "theme.save" : "theme.refused")}</button>
      </div>
    </section>
  </main>`;
}

await loadTexts("theme", document.documentElement.dataset.lang || "vi");
document.title = t("theme.title");
render(html`<${Editor} />`, /** @type {HTMLElement} */ (document.getElementById("editor")));
