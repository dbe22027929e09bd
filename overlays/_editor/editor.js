// @ts-check
// The theme editor: a form of the colours beside overlays that wear them. It keeps
// nothing; what it makes is a file for the server's folder of themes, and it makes
// none as long as something could not be read on air.

import { html, render, useEffect, useMemo, useRef, useState } from "../../kit/html.js";
import { lang, loadTexts, t } from "../../kit/texts.js";
import { judged, parse } from "./contrast.js";
import { COLOURS, GROUPS, hex, NAME, rule, withAlpha } from "./themefile.js";

const INDEX = new URL("../index.json", import.meta.url).href;
/** Scenes worth a look: scenario and frame. @type {Record<string, [demo: string, at: number]>} */
const SCENES = {
  question: ["show", 5], revealed: ["show", 10], lobby: ["show", 2], standings: ["ties", 3],
  winner: ["show", 19], long: ["long", 2], pause: ["pause", 2],
};
const LAYOUTS = ["16x9", "9x16"];
/** Stays away from the overlay's own sheets: a theme comes behind them. */
const DRAFT = "theme-draft";

/** The colour itself, without its alpha. @param {string} colour */
const plain = (colour) => hex((parse(colour) || [0, 0, 0]).slice(0, 3));
/** @param {string} colour */
const alphaOf = (colour) => (parse(colour) || [0, 0, 0, 1])[3];

/** @param {Document | null} page @param {string} css */
function wear(page, css) {
  if (!page || !page.head) return;
  const style = page.getElementById(DRAFT) || Object.assign(page.createElement("style"), { id: DRAFT });
  style.textContent = css;
  page.head.append(style);
}

/** What an overlay wears now. @param {Document} page */
function worn(page) {
  const { defaultView } = page;
  const said = defaultView && defaultView.getComputedStyle(page.documentElement);
  return Object.fromEntries(COLOURS.map((name) => [name, said ? said.getPropertyValue(name).trim() : ""]));
}

/** @param {string} name @param {string} text */
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/css" }));
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function Editor() {
  const [themes, list] = useState(["bien"]);
  const [base, start] = useState("bien");
  const [scene, look] = useState("question");
  const [name, call] = useState("");
  const [theme, change] = useState(/** @type {Record<string, string>} */ ({}));
  const known = Object.keys(theme).length > 0;
  const css = known ? rule(theme, plain) : "";
  const pairs = useMemo(() => judged(theme), [theme]);
  useEffect(() => {
    fetch(INDEX).then((answer) => answer.json()).then((index) => list(index.themes));
  }, []);
  const good = known && pairs.every((one) => one.good);
  const named = new RegExp(`^${NAME}$`).test(name);
  const begin = (/** @type {string} */ from) => {
    if (from !== base) change({});
    start(from);
  };
  return html`<main>
    <form onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <h1>${t("theme.title")}</h1>
      <label>${t("theme.base")} <${Choice} name="base" all=${themes} value=${base} onPick=${begin} /></label>
      ${known && Object.entries(GROUPS).map(([group, names]) => html`<fieldset key=${group}>
        <legend>${t(`theme.group.${group}`)}</legend>
        ${names.map((one) => html`<${Colour} key=${one} name=${one} value=${theme[`--q-${one}`]}
          onPick=${(/** @type {string} */ value) => change({ ...theme, [`--q-${one}`]: value })} />`)}
      </fieldset>`)}
    </form>
    <section class="views">
      <label>${t("theme.scene")} <${Choice} name="scene" all=${Object.keys(SCENES)} value=${scene} onPick=${look}
        words=${(/** @type {string} */ one) => t(`theme.scene.${one}`)} /></label>
      <div class="frames">${LAYOUTS.map((layout) => html`<${View} key=${`${layout}${base}${scene}`} layout=${layout}
        base=${base} scene=${scene} css=${css}
        onWorn=${known ? undefined : change} />`)}</div>
      <div class="result">
        <${Guard} pairs=${pairs} />
        <label>${t("theme.name")} <input name="name" required pattern=${NAME} value=${name} autocomplete="off"
          onInput=${(/** @type {any} */ event) => call(event.target.value)} /></label>
        <p class="hint">${t("theme.name.note")}</p>
        <button type="button" disabled=${!good || !named}
          onClick=${() => save("theme.css", `/* Theme "${name}": themes/${name}/theme.css */\n\n${css}`)}>
          ${t(good ? "theme.save" : "theme.refused")}</button>
      </div>
    </section>
  </main>`;
}

/** @param {{ name: string, all: string[], value: string, onPick: (value: string) => void, words?: (one: string) => string }} props */
const Choice = ({ name, all, value, onPick, words = (one) => one }) => html`<select name=${name} value=${value}
  onChange=${(/** @type {any} */ event) => onPick(event.target.value)}>
  ${all.map((one) => html`<option value=${one} selected=${one === value}>${words(one)}</option>`)}</select>`;

/** @param {{ name: string, value: string, onPick: (value: string) => void }} props */
function Colour({ name, value, onPick }) {
  const alpha = alphaOf(value);
  return html`<label class="colour">
    <input type="color" name=${name} value=${plain(value)}
      onInput=${(/** @type {any} */ event) => onPick(withAlpha(event.target.value, alpha))} />
    <span>${t(`theme.colour.${name}`)}</span>
  </label>`;
}

/** @param {number} n @param {number} places */
const figure = (n, places) => n.toFixed(places).replace(".", lang() === "vi" ? "," : ".");

/** What could not be read on air. @param {{ pairs: ReturnType<typeof judged> }} props */
const Guard = ({ pairs }) => html`<ul class="guard" role="status">${pairs.filter((one) => !one.good).map((one) => html`<li
  data-front=${one.front} data-back=${one.back}>${t("theme.low", {
    front: t(`theme.colour.${one.front.slice(4)}`), back: t(`theme.colour.${one.back.slice(4)}`),
    ratio: figure(one.ratio, 2), least: figure(one.least, 1),
  })}</li>`)}</ul>`;

/** @param {{ layout: string, base: string, scene: string, css: string, onWorn?: (theme: Record<string, string>) => void }} props */
function View({ layout, base, scene, css, onWorn }) {
  const frame = useRef(/** @type {HTMLIFrameElement | null} */ (null));
  const dress = () => css && wear(frame.current && frame.current.contentDocument, css);
  useEffect(() => { dress(); }, [css]);
  const [demo, at] = SCENES[scene];
  const loaded = async () => {
    const page = frame.current && frame.current.contentDocument;
    if (!page) return;
    while (!page.querySelector("main *")) await new Promise((next) => window.setTimeout(next, 100));
    if (onWorn) onWorn(worn(page));
    dress();
  };
  const src = `/overlay/stage?layout=${layout}&theme=${base}&demo=${demo}&at=${at}&bg=camera`;
  return html`<iframe ref=${frame} data-layout=${layout} title=${layout} src=${src} onLoad=${loaded}></iframe>`;
}

await loadTexts("theme", document.documentElement.dataset.lang || "vi");
document.title = t("theme.title");
render(html`<${Editor} />`, /** @type {HTMLElement} */ (document.getElementById("editor")));
