// @ts-check
// The middle of the panel: what the show is at now. One view per phase; the
// banners above it say what makes the phase not what it seems.

import { html } from "../kit/html.js";
import { seconds, t } from "../kit/texts.js";
import { Lobby } from "./lobby.js";
import { isOver } from "./model.js";
import { Question } from "./question.js";
import { Standings } from "./standings.js";
import { Winners } from "./winners.js";

/** @param {import("./topbar.js").Parts} props */
export function Centre(props) {
  const { host, model, prefs } = props;
  // A list that scrolls must be reached by keyboard, also where it has no button.
  const scrolls = isOver(host) ? 0 : undefined;
  return html`<main class="centre card" data-view=${viewOf(host)} tabindex=${scrolls}>
    ${
      model.link !== "live" &&
      html`<p class="banner banner-bad" role="alert">${t("host.offline_banner")}</p>`
    }
    ${host.paused && html`<p class="banner banner-time">${t("host.paused_banner")}</p>`}
    ${prefs.shy && html`<p class="banner banner-time">${t("host.privacy_banner")}</p>`}
    ${
      host.notice &&
      html`<p class="banner banner-info">${t("host.notice_now", { text: host.notice })}</p>`
    }
    ${viewOf(host) === "question" && html`<${Interrupted} ...${props} />`}
    <${VIEWS[viewOf(host)]} ...${props} />
  </main>`;
}

/**
 * The server was away while the question was open: how long, and the way out.
 * @param {import("./topbar.js").Parts} props
 */
function Interrupted({ host, act }) {
  const question = host.question;
  if (!question || !question.lost_ms || question.state === "void") return null;
  return html`<div class="banner banner-bad interrupted" role="alert">
    <p>${t("host.interrupted", { s: seconds(question.lost_ms) })}</p>
    <button type="button" class="button button-grave" onClick=${() => act("void")}>
      ${t("host.act.void")}…
    </button>
  </div>`;
}

/** @type {Record<string, any>} */
const VIEWS = { lobby: Lobby, question: Question, standings: Standings, winners: Winners };

/** @param {import("./types.js").HostState} host */
function viewOf(host) {
  if (isOver(host)) return "winners";
  if (["draft", "lobby"].includes(host.phase)) return "lobby";
  if (host.phase === "standings") return "standings";
  return host.question ? "question" : "lobby";
}
