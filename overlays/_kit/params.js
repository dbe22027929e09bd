// @ts-check
// What the address of an overlay says. The key stands in the fragment, which no
// server, proxy or referrer ever sees; everything else is a look, not a secret.

/** @typedef {"16x9" | "9x16" | "1x1" | "4x5"} Layout */

/**
 * @typedef {object} Params
 * @property {string} view the overlay's folder name, "stage"
 * @property {Layout} layout the address's word, else the window's shape
 * @property {"lower" | "side" | "full"} position over a camera, beside the face, or in
 *   place of a camera; the stage alone
 * @property {string} lang "vi", "en" or "" = the show's own
 * @property {string} bg "transparent", "checker", "green", "camera" or "#rrggbb"
 * @property {string} theme name of a theme folder, "bien" = the built-in look
 * @property {string} out "fill" or "key" for mixers that take two signals, "" = alpha
 * @property {boolean} safe draw the safe area's guides
 * @property {boolean} seal show the seal code of a closed question
 * @property {boolean} sound play tones at the cues; the stage alone does
 * @property {boolean} debug draw a line of facts; never used on air
 * @property {string} demo name of a scenario, "" = the live show
 * @property {number} at frame of the scenario to stand still on, -1 = play
 * @property {number} speed of the scenario, 1 = as written
 * @property {number} delay ms that every message waits, to match a slow picture
 * @property {string} key the overlay's read-only token, "" = none
 * @property {"program" | "preview"} bus what there is, or what comes next
 * @property {string} name what the panel calls this output, "" = by view and shape
 * @property {string[]} hide layers that are left out (scene.js)
 * @property {string[]} fixed settings that stand in the address: they win over the panel's
 */
/**
 * @typedef {object} Settings what a host set in the panel (wire SettingsPart)
 * @property {string} [theme]
 * @property {string} [lang]
 * @property {string} [layout]
 * @property {string} [position]
 * @property {number} [delay_ms]
 * @property {boolean} [safe]
 * @property {boolean} [mute]
 * @property {string[]} [hide]
 */

const NAME = /^[a-z0-9-]{1,40}$/;

/** Each shape and how high a window may be for its width, half way to the next.
 * @type {[Layout, number][]} */
const LAYOUTS = [["16x9", 0.85], ["1x1", 1.12], ["4x5", 1.49], ["9x16", Infinity]];

/** Settings by the word that stands for each in an address. @param {Settings} s @returns {Record<string, any>} */
const words = (s) => ({
  ...s, delay: s.delay_ms, hide: (s.hide || []).join(","),
  safe: s.safe == null ? "" : Number(s.safe), mute: s.mute == null ? "" : Number(s.mute),
});

/** What a host may set. */
const SET = ["theme", "lang", "layout", "position", "delay", "safe", "mute", "hide"];

/**
 * Read the address; anything malformed falls back to its default, because an
 * overlay has nobody to complain to.
 * @param {{ search: string, hash: string, pathname: string }} address
 * @param {Settings} settings where the address says nothing
 * @returns {Params}
 */
export function readParams(address = location, settings = {}) {
  const query = new URLSearchParams(address.search);
  const hash = new URLSearchParams(address.hash.replace(/^#/, ""));
  const said = words(settings);
  const text = (/** @type {string} */ name) => query.get(name) || String(said[name] ?? "");
  const demo = text("demo");
  const layout = layoutOf(text("layout"));
  return {
    view: text("view") || lastPart(address.pathname) || "stage",
    layout,
    position: positionOf(text("position"), layout),
    lang: /^(vi|en)$/.test(text("lang")) ? text("lang") : "",
    theme: NAME.test(text("theme")) ? text("theme") : "bien",
    out: /^(fill|key)$/.test(text("out")) ? text("out") : "",
    bg: text("bg") || "transparent",
    safe: text("safe") === "1",
    seal: text("seal") === "1",
    sound: text("mute") ? text("mute") === "0" : text("sound") === "1",
    debug: text("debug") === "1",
    demo: NAME.test(demo) ? demo : "",
    at: number(text("at"), -1, -1, 999),
    speed: number(text("speed"), 1, 0.1, 20),
    delay: number(text("delay"), 0, 0, 60_000),
    key: hash.get("k") || "",
    bus: text("bus") === "preview" ? "preview" : "program",
    name: text("name").slice(0, 40),
    hide: text("hide").split(",").filter(Boolean),
    fixed: SET.filter((name) => query.get(name)),
  };
}

/** @param {string} wanted @returns {Layout} */
function layoutOf(wanted) {
  const tall = window.innerHeight / window.innerWidth;
  const found = LAYOUTS.find(([name]) => name === wanted) || LAYOUTS.find(([, most]) => tall <= most);
  return found ? found[0] : "16x9";
}

/** A third of a narrow picture holds no question: it stands low. @param {string} wanted @param {Layout} layout */
export function positionOf(wanted, layout) {
  if (wanted === "full") return "full";
  return wanted === "side" && layout === "16x9" ? "side" : "lower";
}

/** @param {string} pathname */
const lastPart = (pathname) => pathname.split("/").filter(Boolean).pop();

/** @param {string} text @param {number} otherwise @param {number} least @param {number} most */
function number(text, otherwise, least, most) {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) return otherwise;
  return Math.min(most, Math.max(least, value));
}
