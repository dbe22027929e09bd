// @ts-check
// What is open in the editor and what may be done to it. A draft remembers the version
// it began with; the server refuses it when somebody else was quicker, and then the
// person decides which of the two stays. Nothing is sent but by a press.

import { useEffect, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { call, packPath } from "./calls.js";

export const NEW = "+";
const FIELDS = ["text", "options", "key", "explanation", "source", "as_of", "image", "duration_ms", "reserve"];
const FEWEST_LINES = 4;

/** @typedef {Record<string, any>} Question as /api/packs/{pack} tells it */
/** @typedef {{ text: string, options: string[], key: string, explanation: string, source: string,
 *   as_of: string, image: string, duration_ms: number | "", reserve: boolean }} Draft */

/** @param {Question | null} question @returns {Draft} */
export function draftOf(question) {
  const from = question || {};
  const options = [...(from.options || [])];
  while (options.length < FEWEST_LINES) options.push("");
  return /** @type {Draft} */ ({
    ...Object.fromEntries(FIELDS.map((name) => [name, from[name] || ""])),
    options,
    reserve: Boolean(from.reserve),
  });
}

/** @param {Draft} one @param {Draft} other */
export const differing = (one, other) =>
  FIELDS.filter((name) => JSON.stringify(trimmed(one, name)) !== JSON.stringify(trimmed(other, name)));

/** @param {any} draft @param {string} name */
function trimmed(draft, name) {
  if (name !== "options") return draft[name];
  const options = [...draft.options];
  while (options.length && !options[options.length - 1].trim()) options.pop();
  return options;
}

/** The pack, the open question and what can be done. @param {string} id */
export function useWork(id) {
  const [pack, setPack] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(/** @type {{ at: string, base: Question | null, draft: Draft } | null} */ (null));
  const [refused, setRefused] = useState(/** @type {import("./calls.js").Said | null} */ (null));
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(/** @type {any} */ (null));

  const dirty = Boolean(open && differing(open.draft, draftOf(open.base)).length);

  /**
   * Open a question of a newer pack. What was typed while it was on its way stays.
   * @param {any} next @param {string} at @param {{ at: string, draft: Draft }} [sent]
   */
  function show(next, at, sent) {
    const base = next.questions.find((/** @type {Question} */ one) => one.id === at) || null;
    setPack(next);
    setOpen((/** @type {any} */ now) => {
      if (sent && now && now.at !== sent.at) return now;
      const typed = sent && now && now.draft !== sent.draft;
      return base && { at, base, draft: typed ? now.draft : draftOf(base) };
    });
  }

  /** Ask the server, and keep what it refused for the page to show. */
  async function ask(/** @type {string[]} */ parts, /** @type {any} */ json = undefined) {
    setBusy(true);
    setNote("");
    setRefused(null);
    const said = await call(packPath(id, ...parts), { json });
    setBusy(false);
    if (!said.ok && said.code !== "changed") setRefused(said);
    return said;
  }

  async function load(/** @type {string} */ at = "") {
    const said = await ask([]);
    if (said.ok) show(said.data, at || ((said.data.questions[0] || {}).id ?? ""));
  }

  /** @param {{ at: string, base: Question | null, draft: Draft }} [wanted] */
  async function save(wanted = open || undefined) {
    if (!wanted || busy) return false;
    const at = wanted.at === NEW ? "" : wanted.at;
    const said = await ask(["questions"], {
      at, version: wanted.base ? wanted.base.version : "", question: wanted.draft,
    });
    if (said.ok) {
      show(said.data, said.data.put, wanted);
      setNote(t("editor.note.saved"));
    } else if (said.code === "changed") {
      setAsking({ kind: "conflict", theirs: said.data.question });
    }
    return said.ok;
  }

  /** An act on the open question or the whole pack, told by what it says when done. */
  async function act(/** @type {string[]} */ parts, /** @type {any} */ json, /** @type {string} */ done, at = open ? open.at : "") {
    const said = await ask(parts, json);
    if (said.ok) {
      keepDraft(said.data, at);
      setNote(done);
    } else if (said.code === "changed") {
      await load(at);
      setNote("");
      setRefused({ ...said, message: t("editor.error.changed_reloaded"), flaws: [] });
    }
    return said.ok;
  }

  /** Take a newer pack without losing what is being written. @param {any} next @param {string} at */
  function keepDraft(next, at) {
    if (dirty && open && open.at === at) setPack(next);
    else if (at === NEW) setPack(next);
    else show(next, at);
  }

  useEffect(() => {
    load(decodeURIComponent(location.hash.slice(1)));
  }, [id]);
  useEffect(() => {
    if (open && open.at !== NEW) history.replaceState(null, "", `#${encodeURIComponent(open.at)}`);
  }, [open && open.at]);
  useEffect(() => {
    /** @param {BeforeUnloadEvent} event */
    const stay = (event) => dirty && event.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [dirty]);

  return {
    pack, open, dirty, busy, note, refused, asking, setAsking, setNote, setRefused, save, act, load,
    /** @param {Partial<Draft>} change */
    write: (change) =>
      setOpen((/** @type {any} */ now) => now && { ...now, draft: { ...now.draft, ...change } }),
    /** Open a question, now. @param {string} at */
    turn(at) {
      setRefused(null);
      setNote("");
      if (at === NEW) setOpen({ at, base: null, draft: draftOf(null) });
      else show(pack, at);
    },
    /** Their version becomes what this draft began with. @param {Question | null} theirs @param {boolean} takes whether theirs is taken */
    settle(theirs, takes) {
      if (!open) return;
      setAsking(null);
      if (takes) {
        load(theirs ? open.at : "");
        return;
      }
      const wanted = { ...open, at: theirs ? open.at : NEW, base: theirs };
      setOpen(wanted);
      save(wanted);
    },
  };
}

/** @typedef {ReturnType<typeof useWork>} Work */
