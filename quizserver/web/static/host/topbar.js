// @ts-check
// Always in view: which show, where it is, the server's clock, how many are
// here, whether the lines hold. Nothing here moves when its numbers change.

import { html } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { Clock } from "./clock.js";
import { Icon } from "./icons.js";
import { LETTERS } from "./keys.js";
import { isSpare, shownPhase } from "./model.js";
import { questionName } from "./names.js";
import { rehearsing } from "./rehearsal.js";
import { countsOf, outputsOf } from "./tally.js";
import { Vitals } from "./vitals.js";

/** @typedef {{ host: import("./types.js").HostState, model: import("./types.js").Model, prefs: import("./types.js").Prefs, act: import("./types.js").Act }} Parts */

/** @param {Parts} props */
export function TopBar({ host, model, prefs, act }) {
  const { live, question } = host;
  return html`<header class="top" data-rehearsal=${String(rehearsing(host) > 0)}>
    <div class="top-show">
      <h1 class="top-title" title=${host.title}>${host.title}</h1>
      <p class="top-code">
        ${
          rehearsing(host)
            ? html`<span class="top-rehearsal">${t("host.rehearsal_chip")}</span>`
            : html`<span class="top-code-word">${t("host.join_code")}</span>`
        }
        <b class="code">${host.code}</b>
      </p>
    </div>
    <div class="top-phase">
      <b class="phase" role="status">${t(`host.phase.${shownPhase(host)}`)}</b>
      <span class="top-number">${place(host, question)}</span>
    </div>
    <${Clock} host=${host} receivedAt=${model.receivedAt} />
    <dl class="stats">
      <${Stat} name="online" value=${live.online} />
      <${Stat} name="joined" value=${live.joined} />
      <${Stat} name="answered" value=${live.answered || 0} />
    </dl>
    <${Lines} host=${host} link=${model.link} act=${act} />
    <${Tools} host=${host} prefs=${prefs} act=${act} />
  </header>
  <${Vitals} host=${host} model=${model} />`;
}

/** @param {import("./types.js").HostState} host @param {import("./types.js").Question | null | undefined} question */
function place(host, question) {
  if (question) return questionName(question);
  const total = host.questions.filter((row) => !isSpare(row)).length;
  return t("host.questions_total", { total });
}

/** @param {{ name: string, value: number }} props */
function Stat({ name, value }) {
  return html`<div class="stat" data-stat=${name}>
    <dt>${t(`host.${name}`)}</dt>
    <dd>${integer(value)}</dd>
  </div>`;
}

/**
 * The two lines that must hold: to the server, and to the overlays.
 * @param {{ host: import("./types.js").HostState, link: string, act: import("./types.js").Act }} props
 */
function Lines({ host, link, act }) {
  const n = countsOf(outputsOf(host.live)).here;
  const off = host.look && host.look !== "live";
  const word = n === 0 ? "none" : n === 1 ? "one" : "some";
  return html`<button type="button" class="lines" onClick=${() => act("outputs")}>
    <span class="line" data-line=${link}
      ><i class="light" aria-hidden="true" />${t(`host.link_${link}`)}</span
    >
    <span class="line outputs" data-line=${n && !off ? "live" : "offline"} data-outputs=${n}>
      <i class="light" aria-hidden="true" />${off ? t(`host.look_now.${host.look}`) : t(`host.outputs_${word}`, { n })}
    </span>
  </button>`;
}

/** @param {{ host: import("./types.js").HostState, prefs: import("./types.js").Prefs, act: import("./types.js").Act }} props */
function Tools({ host, prefs, act }) {
  const dark = prefs.theme === "dark";
  return html`<nav class="tools" aria-label=${t("host.tools")}>
    <${Tool}
      icon="links"
      name=${t("host.tool_links")}
      letter=${LETTERS.links}
      run=${() => act("links")}
    />
    <${Tool}
      icon=${prefs.shy ? "eyeOff" : "eye"}
      name=${prefs.shy ? t("host.tool_privacy_off") : t("host.tool_privacy_on")}
      letter=${LETTERS.privacy}
      pressed=${prefs.shy}
      run=${() => act("privacy")}
      id="privacy"
    />
    <${Tool}
      icon=${dark ? "sun" : "moon"}
      name=${dark ? t("host.tool_theme_light") : t("host.tool_theme_dark")}
      letter=${LETTERS.theme}
      run=${() => act("theme")}
      id="theme"
    />
    <button
      type="button"
      class="tool"
      id="lang"
      lang=${prefs.lang === "vi" ? "en" : "vi"}
      title=${t("host.tool_lang")}
      aria-label=${t("host.tool_lang")}
      onClick=${() => act("lang")}
    >
      ${prefs.lang === "vi" ? "EN" : "VI"}
    </button>
    <${Tool}
      icon="person"
      name=${t("host.driver_title")}
      letter=${LETTERS.driver}
      pressed=${Boolean(host.driver)}
      run=${() => act("driver")}
      id="driver"
    />
    <${Tool} icon="keyboard" name=${t("host.tool_keys")} letter="?" run=${() => act("keys")} />
    <a
      class="tool tool-results"
      href=${`/${host.code}/results`}
      target="_blank"
      rel="noopener"
      title=${t("host.tool_results")}
      aria-label=${t("host.tool_results")}
    >
      <${Icon} name="results" />
    </a>
  </nav>`;
}

/** @param {{ icon: string, name: string, letter: string, run: () => void, pressed?: boolean, id?: string }} props */
function Tool({ icon, name, letter, run, pressed, id }) {
  return html`<button
    type="button"
    class="tool"
    id=${id}
    title=${`${name} (${letter})`}
    aria-label=${name}
    aria-pressed=${pressed === undefined ? undefined : String(pressed)}
    onClick=${run}
  >
    <${Icon} name=${icon} />
  </button>`;
}
