// @ts-check
// The page in a graphic's frame (graphic.js): which one the data ask for, when it is whole,
// how it comes and goes. A show is followed in the server's own page, behind the loader, so it
// is always of the server's build; a sample plays in the copy beside this file, without any
// server. The key stands in fragments alone, which browsers send to nobody.

/** A server that does not answer keeps no renderer waiting longer; its page comes by itself. */
const WHOLE_MS = 4000;
/** As one picture of an overlay gives way to the next (layers.js). */
const FADE_MS = 240;

/**
 * @typedef {Record<string, unknown>} Data by the manifest's schema
 * @typedef {object} Facts what an export knows
 * @property {string} name the overlay's folder
 * @property {string} files where the packed files are: an address that ends with a slash
 * @property {Record<string, string>} params what may stand in the address, and what says nothing there
 * @property {{ server?: string, key?: string }} given what the operator has put into the package
 * @property {Record<string, string>} says why something was not done, in the package's language
 * @typedef {{ src: string, frame: HTMLIFrameElement, whole: Promise<void>, end: () => void }} Page
 * @typedef {{ skipAnimation?: boolean }} How
 */

/** What was said: forms send what nobody filled in. @param {Data} data @returns {Data} */
export const filled = (data) => Object.fromEntries(
  Object.entries(data).filter(([, value]) => value != null && String(value) !== ""));

/** Whether a sample stands on a frame. @param {Data} data filled */
export const stands = ({ demo, at }) => Boolean(demo) && Number(at ?? -1) >= 0;

/** @param {unknown} text @returns {URL | null} null = no address of a server */
export function serverOf(text) {
  try {
    const url = new URL(String(text));
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/**
 * The page that the data ask for; "" = none.
 * @param {Facts} facts @param {Data} data filled, with the server's address @param {number} step of a sample that stands
 */
export function pageOf({ name, files, params, given }, data, step) {
  const server = serverOf(data.server);
  // Who pastes the whole address that the panel copies has said key, shape and name with it.
  const pasted = new URLSearchParams(server ? server.hash.slice(1) : "");
  const query = new URLSearchParams(server && !data.demo ? server.search : "");
  for (const [param, nothing] of Object.entries(params)) {
    const value = String(data[param] ?? nothing); // lists get their commas
    if (value !== nothing) query.set(param, value);
  }
  if (data.demo) {
    query.set("view", name);
    if (stands(data)) query.set("at", String(Number(data.at) + step));
    return new URL(`overlays/${name}/index.html?${query}`, files).href;
  }
  if (!server) return "";
  // The key in the package is for the server in the package alone.
  const home = serverOf(given.server);
  const kept = home && home.origin === server.origin ? given.key : "";
  const key = String(data.key || pasted.get("k") || kept || "");
  const overlay = `${server.origin}/overlay/${name}?${query}#k=${encodeURIComponent(key)}`;
  return key && `${new URL("overlays/_kit/loader.html", files)}#${encodeURIComponent(overlay)}`;
}

/** A frame that nobody sees yet. @param {string} src @returns {Page} `end` waits no longer */
export function framed(src) {
  const frame = Object.assign(document.createElement("iframe"), { src, allow: "autoplay" });
  let end = () => {};
  const whole = /** @type {Promise<void>} */ (new Promise((settle) => {
    const timer = window.setTimeout(() => end(), WHOLE_MS);
    const hear = (/** @type {MessageEvent} */ { source, data }) => {
      if (source === frame.contentWindow && data && data.overlay === "whole") end();
    };
    end = () => {
      window.clearTimeout(timer);
      window.removeEventListener("message", hear);
      settle();
    };
    window.addEventListener("message", hear);
  }));
  return { src, frame, whole, end: () => end() };
}

/** @param {number} ms */
const wait = (ms) => new Promise((over) => window.setTimeout(over, ms));

/**
 * Resolves when it is over; what is asked for meanwhile goes on from where it is.
 * @param {HTMLElement} frame @param {boolean} on @param {How} how
 */
export async function fade(frame, on, { skipAnimation }) {
  const opacity = on ? "1" : "0";
  const moves = !skipAnimation && getComputedStyle(frame).opacity !== opacity;
  Object.assign(frame.style, { transition: moves ? `opacity ${FADE_MS}ms linear` : "none", opacity });
  const ends = frame.getAnimations().map((one) => one.finished.catch(() => null));
  // In a page that nobody sees no animation ends.
  if (moves) await Promise.race([Promise.all(ends), wait(2 * FADE_MS)]);
}
