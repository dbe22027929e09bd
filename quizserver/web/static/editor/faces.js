// @ts-check
// The preview beside the form: the same question as a phone and as an overlay draw it,
// each in a frame of its own with its own styles, made as small as the column.

import { html, useEffect, useLayoutEffect, useRef, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { packPath } from "./calls.js";
import { Mark } from "./marks.js";

/** @type {Record<string, { path: string, width: number, height: number }>} */
const FACES = {
  phone: { path: "/host/preview/phone", width: 390, height: 760 },
  wide: { path: "/host/preview/overlay?layout=16x9", width: 1920, height: 1080 },
  tall: { path: "/host/preview/overlay?layout=9x16", width: 1080, height: 1920 },
};
const LETTERS = "ABCDEF";
const SHOW_MS = 15000;

/**
 * What the frames are sent.
 * @param {any} pack @param {any} draft @param {{ number: number, total: number }} place
 */
export function shownOf(pack, draft, place) {
  const options = draft.options
    .map((/** @type {string} */ text, /** @type {number} */ at) => ({ id: LETTERS[at], text }))
    .filter((/** @type {{ text: string }} */ one) => one.text.trim());
  return {
    question: {
      id: "preview",
      ...place,
      text: draft.text.trim() || "…",
      options,
      ...(draft.image ? { image: packPath(pack.id, "pictures", draft.image) } : {}),
    },
    key: draft.key,
    explanation: draft.explanation,
    source: draft.source,
    title: pack.title,
    lang: pack.lang,
    duration_ms: Number(draft.duration_ms) || SHOW_MS,
  };
}

/** @param {{ shown: any }} props */
export function Faces({ shown }) {
  const [face, setFace] = useState("phone");
  const [revealed, setRevealed] = useState(false);
  const [run, setRun] = useState(0);
  const says = JSON.stringify(shown);
  useEffect(() => setRun(0), [says, face, revealed]);
  return html`<section class="faces" aria-label=${t("editor.preview")}>
    <div class="segments" role="group" aria-label=${t("editor.preview")}>
      ${Object.keys(FACES).map(
        (name) =>
          html`<button type="button" class="segment" aria-pressed=${String(name === face)} onClick=${() => setFace(name)}>
            ${t(`editor.face.${name}`)}
          </button>`,
      )}
    </div>
    <${Face} key=${face} face=${face} says=${says} message=${{ ...shown, revealed, runs: run > 0 }} run=${run} />
    <div class="faces-tools">
      <label class="switch">
        <input type="checkbox" checked=${revealed} onChange=${() => setRevealed(!revealed)} />
        <span>${t("editor.face.revealed")}</span>
      </label>
      <button type="button" class="button" disabled=${revealed} onClick=${() => setRun(run + 1)}>
        <${Mark} name="play" size=${18} />${t("editor.face.run", { s: shown.duration_ms / 1000 })}
      </button>
    </div>
  </section>`;
}

/** @param {{ face: string, says: string, message: any, run: number }} props */
function Face({ face, says, message, run }) {
  const { path, width, height } = FACES[face];
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const frame = useRef(/** @type {HTMLIFrameElement | null} */ (null));
  const [ready, setReady] = useState(false);
  useEffect(() => {
    /** @param {MessageEvent} event */
    const heard = (event) => {
      const own = frame.current && event.source === frame.current.contentWindow;
      if (own && event.origin === location.origin && event.data.face) setReady(true);
    };
    window.addEventListener("message", heard);
    return () => window.removeEventListener("message", heard);
  }, []);
  useEffect(() => {
    const inside = frame.current && frame.current.contentWindow;
    if (ready && inside) inside.postMessage(message, location.origin);
  }, [ready, says, message.revealed, run]);
  useLayoutEffect(() => {
    const fit = () => {
      if (!box.current || !frame.current) return;
      const room = box.current.getBoundingClientRect();
      const scale = Math.min(room.width / width, room.height / height);
      frame.current.style.transform = `scale(${scale})`;
      frame.current.style.left = `${(room.width - width * scale) / 2}px`;
    };
    const watch = new ResizeObserver(fit);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return html`<div class="face" data-face=${face} ref=${box}>
    <iframe ref=${frame} src=${path} title=${t(`editor.face.${face}`)} width=${width} height=${height} tabindex="-1"></iframe>
  </div>`;
}
