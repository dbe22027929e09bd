// @ts-check
// A viewer's phone in the panel: the phone page's own parts, drawn from the snapshot
// that a phone would get now. It is nobody's: it has no seat, and its buttons are dead.

import { html, render } from "../kit/html.js";
import { loadTexts } from "../kit/texts.js";
import { App } from "../phone/app.js";
import { fold } from "../phone/fold.js";
import { INITIAL } from "../phone/state.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const page = document.documentElement.dataset;
const act = new Proxy({}, { get: () => () => false });
/** What phones show only once the picture has reached their owner. */
const LATER = ["revealed", "standings", "ended"];
let state = { ...INITIAL, seat: "held", link: "live" };
// The phone page leads the focus from screen to screen; here it would take the panel's
// keys away from the host.
HTMLElement.prototype.focus = () => {};

let loaded = "";
let asked = 0;

/** @param {any} snapshot the phone's `state` */
async function draw(snapshot) {
  state = fold(state, { type: "message", message: snapshot, at: performance.now() });
  const { lang } = snapshot.show;
  if (loaded !== lang) await loadTexts("phone", lang);
  loaded = lang;
  document.documentElement.dataset.step = String(snapshot.step);
  render(html`<${App} s=${state} act=${act} page=${page} language=${lang} />`, root);
}

/** How much later phones show it than overlays. @param {any} snapshot */
function delayOf({ phase, stream }) {
  const aligned = stream && stream.aligned && LATER.includes(phase);
  return aligned ? (stream.delays || {})[""] || 0 : 0;
}

async function look() {
  asked += 1;
  const mine = asked;
  const answer = await fetch(`/api/shows/${page.show}/phone`, { cache: "no-store" }).catch(() => null);
  if (!answer || !answer.ok || mine !== asked) return;
  const snapshot = await answer.json();
  window.setTimeout(() => mine === asked && draw(snapshot), delayOf(snapshot));
}

window.addEventListener("message", ({ origin, source, data }) => {
  if (origin === location.origin && source === window.parent && data.step != null) look();
});
window.parent.postMessage({ face: "ready" }, location.origin);
