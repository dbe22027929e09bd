// @ts-check
// The whole panel: holds the open dialog and the host's choices, turns named
// actions (a key, a button) into commands. What may be done is the server's
// `allowed`; this file never guesses it.

import { html, useCallback, useEffect, useMemo, useRef, useState } from "../kit/html.js";
import { loadTexts, t } from "../kit/texts.js";
import { useAutopilot } from "./autopilot.js";
import { Centre } from "./centre.js";
import { turned } from "./cheering.js";
import { Dialogs } from "./dialogs.js";
import { Dock } from "./dock.js";
import { Fatal } from "./fatal.js";
import { createGuard } from "./guard.js";
import { bindKeys } from "./keys.js";
import { isBehind, isBusy, mine, shownPhase, stepOf } from "./model.js";
import { keepLanguage, keepPrefs } from "./prefs.js";
import { Rundown } from "./rundown.js";
import { Side } from "./side.js";
import { TopBar } from "./topbar.js";
import { showUnsettled } from "./winners.js";

const EXTEND_MS = 5000;
/** What all overlays can be told; each is its own way back. */
const LOOKS = ["clear", "hold", "take"];
/** A note stands this long, or until the next command. */
const NOTE_MS = 12000;
/** Actions that ask something first. */
const ASKING = ["void", "reserve", "notice", "end", "undo", "reshow", "reorder", "prize_rules"];
/** The same, and they need no leave of the server to open. */
const ALWAYS = ["links", "rekey", "outputs", "driver", "rehearsal", "names", "stream", "settings", "keys", "question", "hide", "skip", "bar", "notes", "recount", "erase"];

/**
 * @param {{ show: string, first: import("./types.js").Prefs,
 *   store: { snapshot: () => import("./types.js").Model, subscribe: (f: (m: import("./types.js").Model) => void) => () => void, dispatch: (a: import("./model.js").Action) => void },
 *   session: { ask: (command: string, fields?: Record<string, unknown>) => boolean, order: (fields: Record<string, unknown>) => boolean } }} props
 */
export function Panel({ show, store, session, first }) {
  const [model, setModel] = useState(store.snapshot());
  const [prefs, setPrefs] = useState(first);
  const [dialog, setDialog] = useState(/** @type {{ kind: string } | null} */ (null));
  const [auto, setAuto] = useState(false);
  const [mirrors, setMirrors] = useState(false);
  const guard = useMemo(() => createGuard(), []);
  useEffect(() => {
    const leave = store.subscribe(setModel);
    // The first state may have come between the first drawing and this moment.
    setModel(store.snapshot());
    return leave;
  }, [store]);

  const change = async (/** @type {Partial<import("./types.js").Prefs>} */ part) => {
    const next = { ...prefs, ...part };
    if (part.lang) await loadTexts("host", part.lang);
    if (part.lang) keepLanguage(part.lang);
    keepPrefs(next);
    setPrefs(next);
  };

  /** @type {import("./types.js").Act} */
  const act = (action, fields = {}) => {
    const model = store.snapshot();
    const { changedAt, pending } = model;
    const host = mine(model);
    if (action === "close") setDialog(null);
    else if (action === "theme") change({ theme: prefs.theme === "dark" ? "light" : "dark" });
    else if (action === "privacy") change({ shy: !prefs.shy });
    else if (action === "lang") change({ lang: prefs.lang === "vi" ? "en" : "vi" });
    else if (action === "letters") change({ letters: !prefs.letters });
    else if (action === "auto") setAuto(!auto);
    else if (action === "mirrors") setMirrors(!mirrors);
    else if (action === "send") {
      // One of many that run by themselves leaves the host's dialog alone.
      if (!fields.behind) setDialog(null);
      // Who goes back decides; nobody presses on for them.
      if (fields.command === "undo") setAuto(false);
      session.ask(String(fields.command), /** @type {any} */ (fields.with));
    } else if (action === "output") session.order(fields);
    else if (ALWAYS.includes(action)) setDialog({ kind: action, ...fields });
    else if (LOOKS.includes(action)) setLook(host, action);
    else if (action === "cheer") {
      // Twice is off again: the second waits until the first has come round.
      const waits = Object.values(pending).includes("cheer") || isBehind(model);
      if (host && host.allowed.includes("cheer") && !waits) session.ask("cheer", turned(host));
    }
    else if (ASKING.includes(action)) {
      if (host && host.allowed.includes(action)) setDialog(asking(host, action));
    } else if (action === "next" && host && host.held === "driver") {
      setDialog({ kind: "driver" });
    } else if (action === "next") {
      if (!host || !host.next || isBusy(model)) return;
      const verdict = guard.press(changedAt);
      if (verdict === "ok" && stepOf(host) === "winners") showUnsettled();
      else if (verdict === "ok") session.ask("advance");
      if (verdict === "changed")
        store.dispatch({ type: "note", note: { kind: "info", text: t("host.note_changed") } });
    } else if (host && !isBusy(model)) {
      direct(host, action);
    }
  };

  /** Never stale: it must work whatever the show does. @param {import("./types.js").HostState | null} host @param {string} look */
  function setLook(host, look) {
    const command = look === "take" ? "take" : "look";
    if (!host || !host.allowed.includes(command) || guard.press(-Infinity) !== "ok") return;
    const fields = command === "look" ? { look: host.look === look ? "live" : look } : {};
    session.ask(command, { ...fields, step: undefined });
  }

  /** @param {import("./types.js").HostState} host @param {string} action */
  function direct(host, action) {
    const command = action === "pause" && host.paused ? "resume" : action;
    if (!host.allowed.includes(command) || guard.press(-Infinity) !== "ok") return;
    session.ask(command, command === "extend" ? { ms: EXTEND_MS } : {});
  }

  useEffect(() => {
    if (!model.note) return undefined;
    const timer = window.setTimeout(() => store.dispatch({ type: "note", note: null }), NOTE_MS);
    return () => window.clearTimeout(timer);
  }, [model.note]);

  const latest = useRef(act);
  latest.current = act;
  const letters = useRef(prefs.letters);
  letters.current = prefs.letters;
  const run = useCallback((/** @type {string} */ action) => latest.current(action), []);
  useEffect(() => bindKeys(run, () => letters.current), [run]);

  // Who has a dialog open is deciding something.
  const flies = { host: mine(model), link: model.link, on: auto && !dialog };
  const pilot = useAutopilot({ ...flies, press: () => run("next") });

  if (model.fatal) return html`<${Fatal} code=${model.fatal} show=${show} />`;
  const host = mine(model);
  if (!host) return html`<${Waiting} link=${model.link} />`;
  const parts = { host, model, prefs, act, auto, pilot };
  return html`<div
    class="panel"
    data-phase=${shownPhase(host)}
    data-step=${host.step}
    data-link=${model.link}
    data-shy=${String(prefs.shy)}
    data-look=${host.look || "live"}
  >
    <${TopBar} ...${parts} />
    <${Rundown} ...${parts} />
    <${Centre} ...${parts} />
    <${Side} ...${parts} mirrors=${mirrors} />
    <${Dock} ...${parts} guard=${guard} />
    ${dialog && html`<${Dialogs} ...${parts} dialog=${dialog} />`}
  </div>`;
}

/**
 * The dialog of an action. What has a result already is not voided without a look
 * at what that changes (Source: R1.6).
 * @param {import("./types.js").HostState} host @param {string} action
 */
function asking(host, action) {
  const { question } = host;
  const counted = action === "void" && question && question.state === "revealed";
  return counted ? { kind: "recount", id: question.id } : { kind: action };
}

/** Before the first state. @param {{ link: string }} props */
function Waiting({ link }) {
  return html`<main class="blank" data-link=${link}>
    <p class="blank-text" role="status">
      ${link === "offline" ? t("host.offline_banner") : t("host.loading")}
    </p>
  </main>`;
}
