// @ts-check
// The phone page. It is a pure function of what the server said and of the time
// since: `fold` makes the state, `App` draws it, and this file plugs storage,
// the line and the answering together. Flow: message → fold → draw.
//
// What the page (templates/phone.html) has to bring:
//   <html lang="vi" data-lang="vi" data-show="CODE" data-title="Title of the show"
//         data-organiser="…"   who keeps the data; empty: "Ban Tổ chức"
//         data-contact="…"     whom to ask about it; empty: the organiser
//         data-keep-days="90"  for how long after the show names are kept
//         data-joined="1">     when the request carried a valid phone cookie
//   <meta name="build">, <meta name="viewport" content="width=device-width,
//   initial-scale=1, viewport-fit=cover">, <meta name="color-scheme"
//   content="light dark">, <meta name="referrer" content="same-origin">,
//   <link rel="icon" href="data:,">, phone/bundle.css
//   <link rel="modulepreload"> of the script below, and the texts preloaded:
//     <link rel="preload" href="…/texts/phone.vi.json" as="fetch" crossorigin>
//   <div id="app" class="app"> with what is readable without JavaScript:
//     <header class="bar"><p class="bar-title">title</p></header>
//     <main class="screen"><h1 data-heading tabindex="-1">…</h1>
//     <noscript><p>needs JavaScript</p></noscript>
//     <p class="boot-help">…open in Chrome or Safari…</p></main></div>
//     (`boot-help` shows itself after six seconds without this module)
//   <p id="speak" class="unseen" role="status" aria-live="polite"></p>
//   <script type="module" src="…/phone/bundle.js">: this module and all it imports,
//     joined by web/bundle.py (this file itself works too, in thirty requests)
//   <script nomodule src="…/phone/old.js">

import { html, render } from "../kit/html.js";
import { createStore } from "../kit/store.js";
import { lang, loadTexts } from "../kit/texts.js";
import { createAnswering } from "./answering.js";
import { App } from "./app.js";
import { createCheering } from "./cheering.js";
import { fold } from "./fold.js";
import { createLink } from "./link.js";
import { broughtCode } from "./outside.js";
import { createSeat } from "./seat.js";
import { INITIAL } from "./state.js";
import { keysOf, load, rememberVia, save } from "./storage.js";
import { keepAwake } from "./wake.js";

const page = document.documentElement.dataset;
const code = page.show || location.pathname.split("/")[1] || "";
const keys = keysOf(code);
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const store = createStore(fold, INITIAL);

/** @type {ReturnType<typeof createLink> | null} */
let line = null;

const seat = createSeat({
  code,
  key: keys.seat,
  cookie: page.joined === "1",
  onTaken(joined) {
    store.dispatch({
      type: "joined", you: { id: joined.participant, name: joined.name },
    });
    open();
  },
  onLost: () => store.dispatch({ type: "left" }),
});

const answering = createAnswering({
  store,
  send: (message) => Boolean(line && line.send(message)),
  token: seat.token,
  key: keys.answer,
  onRefused: () => closed("token"),
  onShown: draw,
});

/** Show these texts from now on. @param {string} wanted */
async function language(wanted) {
  await loadTexts("phone", wanted);
  save(keys.language, wanted);
  document.cookie = `quiz-lang=${wanted}; path=/; max-age=31536000; samesite=lax`;
  draw();
}

function open() {
  if (line) line.close();
  const { token } = seat;
  const via = () => load(keys.via) || "";
  line = createLink({ store, code, token, via, onSnapshot: answering.resume, onClosed: closed });
}

/** @param {string} why a word of link.js's CLOSED */
function closed(why) {
  if (line) line.close();
  line = null;
  if (why === "token") seat.refused();
  else store.dispatch({ type: "gone", why });
}

const act = {
  language,
  painted: answering.painted,
  tap: answering.tap,
  /** @param {{name: string, unit: string, consent: object}} form */
  join(form) {
    save(keys.person, { name: form.name, unit: form.unit });
    const via = load(keys.via);
    return seat.join(via ? { ...form, via } : form);
  },
  recover: seat.recover,
  recovery: seat.recovery,
  /** @param {number} number what the viewer sees in the stream */
  seen: (number) => Boolean(line && line.send({ type: "seen", number })),
  cheer: createCheering({
    snapshot: store.snapshot, send: (message) => Boolean(line && line.send(message)),
  }),
  again() {
    store.dispatch({ type: "gone", why: "" });
    open();
  },
  reload: () => location.reload(),
  person: () => load(keys.person) || {},
};

function draw() {
  const s = store.snapshot();
  render(html`<${App} s=${s} act=${act} page=${page} language=${lang()} />`, root);
}

/** Take over a code in the address; a link to a page that is open loads nothing. */
function bring() {
  const brought = broughtCode();
  if (!brought || seat.isHeld()) return;
  store.dispatch({ type: "joined", you: null });
  seat.bring(brought);
}

async function start() {
  rememberVia(keys.via);
  await loadTexts("phone", load(keys.language) || lang());
  root.textContent = "";
  if (seat.isHeld()) store.dispatch({ type: "joined", you: null });
  // On a quick line the receipt comes before the tap's own frame: the finger first.
  store.subscribe(() => answering.isShowing() || draw());
  bring();
  window.addEventListener("hashchange", bring);
  draw();
  if (seat.isHeld()) open();
  keepAwake(seat.isHeld);
}

start();
