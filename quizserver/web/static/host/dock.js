// @ts-check
// The controls: one very large button that says what comes next, and the other
// actions in places that never move. A refusal is one plain sentence above them.

import { html, useEffect, useReducer } from "../kit/html.js";
import { lang, t } from "../kit/texts.js";
import { LookBack } from "./again.js";
import { DriverLine } from "./driver.js";
import { Icon } from "./icons.js";
import { LETTERS } from "./keys.js";
import { isBusy, isOver, isRolling, stepOf } from "./model.js";
import { unsettled } from "./prizes.js";

/** @typedef {import("./types.js").HostState} HostState */

const FIRM = ["lock", "extend", "pause", "standings", "reserve", "notice"];
const GRAVE = ["void", "end"];

/** @param {import("./topbar.js").Parts & { pilot?: number | null,
 *   guard: { left: (changedAt: number) => number } }} props */
export function Dock({ host, model, prefs, act, guard, pilot }) {
  const [, again] = useReducer((/** @type {number} */ n) => n + 1, 0);
  const wait = guard.left(model.changedAt);
  const busy = isBusy(model);
  useEffect(() => {
    if (!wait) return undefined;
    const timer = window.setTimeout(() => again(undefined), wait + 1);
    return () => window.clearTimeout(timer);
  });
  const { ready, label } = nextOf(host, model.link);
  const action = (/** @type {string} */ name) =>
    html`<${Action}
      key=${name}
      name=${name}
      host=${host}
      live=${model.link === "live"}
      letters=${prefs.letters}
      act=${act}
    />`;
  return html`<section class="dock card" aria-label=${t("host.dock")}>
    <${Line} host=${host} model=${model} prefs=${prefs} act=${act} />
    <button
      type="button"
      class="next"
      id="next"
      data-command=${stepOf(host)}
      data-ready=${String(ready)}
      data-busy=${String(busy)}
      aria-disabled=${String(!ready || busy || wait > 0)}
      aria-keyshortcuts="Space"
      onClick=${() => act("next")}
    >
      <span class="next-label">${label}</span>
      ${ready && html`<kbd data-auto=${String(pilot != null)}>${keyOf(busy, pilot)}</kbd>`}
    </button>
    <div class="actions">
      ${FIRM.map(action)}
      <span class="actions-gap" aria-hidden="true" />
      ${GRAVE.map(action)}
    </div>
  </section>`;
}

/** Beside the label: that it was sent, or who presses and when. @param {boolean} busy @param {number | null | undefined} pilot */
function keyOf(busy, pilot) {
  if (busy) return t("host.next_sending");
  return pilot == null ? t("host.key_space") : t("host.auto_in", { s: pilot });
}

/**
 * What the big button says. The server's label is in the show's language; when
 * the panel speaks another, the same step is said from the catalogue.
 * @param {HostState} host @param {string} link
 */
export function nextOf(host, link) {
  if (link !== "live") return { ready: false, label: t("host.next_offline") };
  if (host.held) return { ready: false, label: t(`host.next_held.${host.held}`, { name: host.driver || "" }) };
  if (host.next) return { ready: true, label: labelOf(host, host.next) };
  if (isRolling(host)) return { ready: false, label: t("host.next_rolling") };
  return { ready: false, label: isOver(host) ? t("host.next_done") : t("host.next_none") };
}

/** @param {HostState} host @param {import("./types.js").Next} next */
function labelOf(host, next) {
  if (stepOf(host) === "winners") return t("host.next.winners", { n: unsettled(host).length });
  if (lang() === host.lang) return next.label;
  const key = `host.next.${next.command}`;
  const text = t(key, { number: next.number || "", seconds: next.seconds || "" });
  return text === key ? next.label : text;
}

/**
 * One line, always there: the last refusal, else the question that comes next.
 * @param {import("./topbar.js").Parts} props
 */
function Line(props) {
  const { host, model, prefs } = props;
  const { note } = model;
  const number = host.next && host.next.number;
  const row = number && host.questions.find((one) => one.number === number);
  const coming = !prefs.shy && row && (!host.question || row.id !== host.question.id);
  return html`<div class="dock-line">
    <p class="note" role="alert" data-kind=${note ? note.kind : ""}>
      ${note && html`<${Icon} name="alert" size=${18} /><span>${note.text}</span>`}
    </p>
    ${!note && host.phase === "open" && html`<p class="coming">${t("host.locks_itself")}</p>`}
    ${!note && coming && html`<p class="coming"><b>${t("host.next_up")}:</b> <span lang=${host.lang}>${row.text}</span></p>`}
    <${LookBack} ...${props} />
    <${DriverLine} ...${props} />
  </div>`;
}

/** @param {{ name: string, host: HostState, live: boolean, letters: boolean, act: import("./types.js").Act }} props */
function Action({ name, host, live, letters, act }) {
  const command = name === "pause" && host.paused ? "resume" : name;
  const letter = /** @type {Record<string, string>} */ (LETTERS)[name];
  return html`<button
    type="button"
    class="action"
    data-action=${command}
    data-on=${name === "notice" ? String(Boolean(host.notice)) : undefined}
    disabled=${!live || !host.allowed.includes(command)}
    aria-keyshortcuts=${letters ? letter : undefined}
    onClick=${() => act(name)}
  >
    <span>${t(`host.act.${command}`)}</span>
    ${letters && html`<kbd>${letter}</kbd>`}
  </button>`;
}
