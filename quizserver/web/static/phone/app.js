// @ts-check
// The frame of every screen: header, link banner, notice, and the screen that
// `screenOf` names. When the screen changes the focus goes to its heading, so
// that a screen reader is where everybody else is (WCAG 2.4.3).

import { Fragment, html, useEffect, useRef } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Ended, Standings } from "./board.js";
import { Cheering, mayCheer } from "./cheering.js";
import { screenOf } from "./fold.js";
import { Join } from "./join.js";
import { Question } from "./question.js";
import { Result } from "./result.js";
import { Sync } from "./sync.js";
import { Connecting, Gone, Lobby, Paused, Void } from "./waiting.js";

/** @typedef {import("./state.js").State} State */

const GONE = ["replaced", "no_show", "forbidden", "outdated"];
const PLAYING = ["asked", "roll", "open", "locked", "revealed", "void"];

/** @param {string} screen @param {any} props */
function content(screen, props) {
  if (GONE.includes(screen)) return html`<${Gone} why=${screen} ...${props} />`;
  switch (screen) {
    case "join":
      return html`<${Join} ...${props} />`;
    case "draft":
    case "lobby":
      return html`<${Lobby} ...${props} />`;
    case "asked":
    case "roll":
    case "open":
    case "locked":
      return html`<${Question} screen=${screen} ...${props} />`;
    case "void":
      return html`<${Void} ...${props} />`;
    case "revealed":
      return html`<${Result} ...${props} />`;
    case "standings":
      return html`<${Standings} ...${props} />`;
    case "paused":
      return html`<${Paused} ...${props} />`;
    case "ended":
      return html`<${Ended} ...${props} />`;
    default:
      return html`<${Connecting} />`;
  }
}

/** @param {{ language: string, act: any }} props */
const Languages = ({ language, act }) =>
  html`<div class="languages" role="group" aria-label=${t("phone.language")}>
    ${["vi", "en"].map(
      (code) => html`<button
        key=${code}
        type="button"
        lang=${code}
        aria-pressed=${code === language ? "true" : "false"}
        onClick=${() => act.language(code)}
      >
        ${t(`common.language.${code}`)}
      </button>`,
    )}
  </div>`;

/** @param {{ s: State }} props */
const Banner = ({ s }) =>
  s.seat === "held" && !s.gone && (s.link === "offline" || (s.link === "connecting" && s.phase))
    ? html`<p class="offline" role="status">${t("phone.offline")}</p>`
    : null;

/** @param {{ s: State }} props */
const Notices = ({ s }) => {
  const before = s.voidBefore ? t("phone.void.before", { reason: s.voidBefore }) : "";
  return html`<${Fragment}>
    ${[before, s.notice].map(
      (text, place) => text && html`<p class="notice" role="status" key=${place}>${text}</p>`,
    )}
  <//>`;
};

/**
 * @param {object} props
 * @param {State} props.s @param {any} props.act what the page can do
 * @param {any} props.page the template's data attributes @param {string} props.language
 */
export function App({ s, act, page, language }) {
  const screen = screenOf(s);
  const question = PLAYING.includes(screen) && s.question ? s.question.id : "";
  const place = `${screen} ${question}`;
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    const heading = /** @type {HTMLElement | null} */ (document.querySelector("[data-heading]"));
    if (heading) heading.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [place]);

  const title = (s.show && s.show.title) || page.title;
  return html`<header class="bar" data-playing=${PLAYING.includes(screen) ? "1" : "0"}>
      <p class="bar-title" lang=${(s.show || {}).lang}>${title}</p>
      ${!PLAYING.includes(screen) && html`<${Languages} language=${language} act=${act} />`}
    </header>
    <${Banner} s=${s} />
    <${Notices} s=${s} />
    <main class="screen" data-screen=${screen} data-seen=${s.seen ? "1" : "0"}>
      ${s.counting && s.seat === "held" && !s.gone && html`<${Sync} act=${act} />`}
      ${mayCheer(s) && html`<${Cheering} act=${act} />`}
      ${content(screen, { s, act, page })}
    </main>`;
}
