// @ts-check
// The questions of a pack in the order of the broadcast. They are moved by dragging the
// grip with mouse or finger, by the two buttons, or with the arrow keys on the grip
// (WCAG 2.5.7); every move is told. While a search hides some, nothing can be moved.

import { html, useRef, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Mark } from "./marks.js";
import { paceOf } from "./pace.js";
import { NEW } from "./work.js";

/** @param {string} text */
export const plain = (text) =>
  text.toLowerCase().replace(/đ/gu, "d").normalize("NFD").replace(/[\u0300-\u036f]/gu, "");

/** @param {any} question */
const said = (question) =>
  plain([question.id, question.text, ...question.options, question.source, question.explanation].join("\n"));

/** "3" for a question of the run-down, "+" for a reserve. @param {any[]} questions @param {number} at */
export const numberOf = (questions, at) =>
  questions[at].reserve ? "+" : String(questions.slice(0, at + 1).filter((one) => !one.reserve).length);

/** @param {{ work: import("./work.js").Work, choose: (at: string) => void }} props */
export function Order({ work, choose }) {
  const { pack, open } = work;
  const [words, setWords] = useState("");
  const [state, setState] = useState("");
  const [told, setTold] = useState("");
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const wanted = plain(words.trim());
  const all = pack.questions;
  const shown = all.filter(
    (/** @type {any} */ one) => (!wanted || said(one).includes(wanted)) && (!state || one.state === state),
  );
  const whole = shown.length === all.length;

  /** Put the question that stands at `from` to `to`. @param {number} from @param {number} to */
  async function move(from, to) {
    if (work.busy || from === to || to < 0 || to >= all.length) return;
    const order = all.map((/** @type {any} */ one) => one.id);
    const [moved] = order.splice(from, 1);
    order.splice(to, 0, moved);
    const done = await work.act(
      ["frame"], { version: pack.version, title: pack.title, order }, t("editor.note.moved"),
    );
    if (!done) return;
    setTold(t("editor.moved", { id: moved, n: to + 1, total: all.length }));
    requestAnimationFrame(() => {
      const grip = list.current && list.current.querySelector(`[data-grip="${moved}"]`);
      if (grip instanceof HTMLElement) grip.focus();
    });
  }

  return html`<aside class="order card" aria-label=${t("editor.questions")}>
    <div class="order-head">
      <label class="search">
        <${Mark} name="find" size=${18} /><span class="unseen">${t("editor.search")}</span>
        <input
          class="input"
          type="search"
          placeholder=${t("editor.search")}
          value=${words}
          onInput=${(/** @type {any} */ event) => setWords(event.target.value)}
        />
      </label>
      <label>
        <span class="unseen">${t("editor.filter")}</span>
        <select class="input" value=${state} onChange=${(/** @type {any} */ event) => setState(event.target.value)}>
          <option value="">${t("editor.filter.all")}</option>
          ${["unfinished", "written", "reviewed"].map(
            (name) => html`<option value=${name}>${t(`editor.state.${name}`)}</option>`,
          )}
        </select>
      </label>
    </div>
    <ol class="rows" ref=${list} tabindex="0" aria-label=${t("editor.questions")}>
      ${shown.map(
        (/** @type {any} */ one) =>
          html`<${Line}
            key=${one.id}
            one=${one}
            at=${all.indexOf(one)}
            all=${all}
            lang=${pack.lang}
            current=${Boolean(open && open.at === one.id)}
            movable=${whole}
            choose=${choose}
            move=${move}
            list=${list}
          />`,
      )}
      ${open && open.at === NEW && html`<li class="row-item" data-current="true"><p class="row" aria-current="true">
        <span class="row-number">+</span><span class="row-text">${t("editor.new_question")}</span></p></li>`}
      ${!shown.length && html`<li class="nothing">${t(all.length ? "editor.nothing_found" : "editor.no_questions")}</li>`}
    </ol>
    <p class="unseen" role="status">${told}</p>
    <div class="order-foot">
      <${Keys} questions=${all} />
      <button type="button" class="button" id="new" onClick=${() => choose(NEW)}>
        <${Mark} name="plus" size=${18} />${t("editor.new_question")}
      </button>
    </div>
  </aside>`;
}

/**
 * @param {{ one: any, at: number, all: any[], lang: string, current: boolean, movable: boolean,
 *   choose: (at: string) => void, move: (from: number, to: number) => void,
 *   list: { current: HTMLElement | null } }} props
 */
function Line({ one, at, all, lang, current, movable, choose, move, list }) {
  const number = numberOf(all, at);
  const long = paceOf(one, lang).verdict === "long";
  return html`<li class="row-item" data-at=${at} data-current=${String(current)}>
    <button
      type="button"
      class="row"
      data-question=${one.id}
      aria-current=${current ? "true" : undefined}
      onClick=${() => choose(one.id)}
    >
      <span class="row-number">${number}</span>
      <span class="row-words">
        <span class="row-text">${one.text || t("editor.no_text")}</span>
        <span class="row-facts">
          <span class="state" data-state=${one.state}>${t(`editor.state.${one.state}`)}</span>
          ${one.reserve && html`<span>${t("editor.reserve_short")}</span>`}
          ${long && html`<span class="row-long">${t("editor.long")}</span>`}
          ${one.shows.some((/** @type {any} */ show) => show.asked) && html`<span>${t("editor.asked")}</span>`}
        </span>
      </span>
    </button>
    <span class="row-moves">
      <button type="button" class="move" aria-label=${t("editor.up", { n: number })} title=${t("editor.up", { n: number })}
        disabled=${!movable || at === 0} onClick=${() => move(at, at - 1)}>
        <${Mark} name="up" size=${16} />
      </button>
      <button type="button" class="move" aria-label=${t("editor.down", { n: number })} title=${t("editor.down", { n: number })}
        disabled=${!movable || at === all.length - 1} onClick=${() => move(at, at + 1)}>
        <${Mark} name="down" size=${16} />
      </button>
    </span>
    <${Grip} id=${one.id} at=${at} name=${t("editor.grip", { n: number })} movable=${movable} move=${move} list=${list} />
  </li>`;
}

/** @param {{ id: string, at: number, name: string, movable: boolean, move: (from: number, to: number) => void, list: { current: HTMLElement | null } }} props */
function Grip({ id, at, name, movable, move, list }) {
  const drag = useRef({ on: false, to: at });
  const lines = () =>
    list.current ? /** @type {HTMLElement[]} */ ([...list.current.querySelectorAll("li[data-at]")]) : [];
  /** @param {number} to */
  const mark = (to) => {
    drag.current.to = to;
    lines().forEach((line, place) => {
      line.dataset.drop = place === to && to !== at ? (to > at ? "below" : "above") : "";
      line.dataset.dragged = String(place === at && drag.current.on);
    });
  };
  /** @param {PointerEvent} event */
  const start = (event) => {
    if (!movable || event.button !== 0) return;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    drag.current.on = true;
    mark(at);
  };
  /** @param {PointerEvent} event */
  const over = (event) => {
    if (!drag.current.on || !list.current) return;
    const edge = list.current.getBoundingClientRect();
    if (event.clientY < edge.top + 40) list.current.scrollTop -= 12;
    if (event.clientY > edge.bottom - 40) list.current.scrollTop += 12;
    const middles = lines().map((line) => {
      const box = line.getBoundingClientRect();
      return box.top + box.height / 2;
    });
    const above = middles.filter((middle, place) => place !== at && middle < event.clientY).length;
    mark(above);
  };
  const stop = (/** @type {boolean} */ drops) => {
    if (!drag.current.on) return;
    const { to } = drag.current;
    drag.current.on = false;
    mark(at);
    if (drops) move(at, to);
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Escape") stop(false);
    if (!by || !movable) return;
    event.preventDefault();
    move(at, at + by);
  };
  return html`<button
    type="button"
    class="grip"
    data-grip=${id}
    aria-label=${name}
    title=${name}
    aria-disabled=${String(!movable)}
    onPointerDown=${start}
    onPointerMove=${over}
    onPointerUp=${() => stop(true)}
    onPointerCancel=${() => stop(false)}
    onKeyDown=${key}
  >
    <${Mark} name="grip" size=${18} />
  </button>`;
}

/** How often each letter is right, so that nobody can live on always B. @param {{ questions: any[] }} props */
function Keys({ questions }) {
  const played = questions.filter((one) => !one.reserve && one.key);
  const letters = [...new Set(["A", "B", "C", "D", ...played.map((one) => one.key)])].sort();
  const counts = letters.map((letter) => played.filter((one) => one.key === letter).length);
  const uneven = played.length >= 8 && Math.max(...counts) > Math.ceil(played.length * 0.4);
  return html`<p class="keys" data-uneven=${String(uneven)}>
    <span>${t("editor.keys")}</span>
    ${letters.map((letter, place) => html`<b>${letter} ${counts[place]}</b>`)}
    ${uneven && html`<span>${t("editor.keys_uneven")}</span>`}
  </p>`;
}
