// @ts-check
// Out of the browser inside an app. Facebook, Zalo and their like open links in a
// window of their own, which forgets its cookies, sleeps early and hides buttons.
// Nobody is kept from playing there; who wants may go on in the phone's browser.
// The seat goes along as the recovery code in the fragment, which no server sees,
// and the page takes it off its address at once.

import { html, useEffect } from "../kit/html.js";
import { t } from "../kit/texts.js";

const APPS = /FBAN|FBAV|FB_IAB|Instagram|Zalo|musical_ly|BytedanceWebview|\bLine\//;
const FRAGMENT = /^#r=([0-9A-Z]{4,5}-?[0-9A-Z]{2,5})$/i;

/** "android", "ios", or "" outside of such apps. @param {string} agent */
export function insideApp(agent) {
  if (!APPS.test(agent)) return "";
  if (/Android/.test(agent)) return "android";
  return /iPhone|iPad|iPod/.test(agent) ? "ios" : "";
}

/**
 * The recovery code that came with the address, taken off it; "" without one.
 * @returns {string}
 */
export function broughtCode() {
  const found = FRAGMENT.exec(location.hash);
  if (!found) return "";
  mark("");
  return found[1].toUpperCase();
}

/** Put the code on the address, or take it off. @param {string} recovery */
function mark(recovery) {
  window.history.replaceState(null, "", location.pathname + fragment(recovery));
}

/** @param {string} recovery */
const fragment = (recovery) => (recovery ? `#r=${recovery}` : "");

/** An address that Android gives to the browser of its owner's choice. */
/** @param {string} recovery */
function intent(recovery) {
  const scheme = location.protocol.slice(0, -1);
  const here = `//${location.host}${location.pathname}${fragment(recovery)}`;
  return (
    `intent:${here}#Intent;scheme=${scheme};action=android.intent.action.VIEW;` +
    "category=android.intent.category.BROWSABLE;end"
  );
}

/**
 * The way out, where there is something to leave. No page can open Safari: there
 * it says where the app's own menu does, which takes the address as it is then.
 * @param {{ recovery?: string }} props
 */
export function Outside({ recovery = "" }) {
  useEffect(() => () => mark(""), []);
  const where = insideApp(navigator.userAgent);
  if (!where) return null;
  const why = `${t("phone.outside.why")} ${recovery && t("phone.outside.keep")}`;
  if (where === "android") {
    return html`<div class="outside">
      <p>${why}</p>
      <a class="button button-quiet" href=${intent(recovery)}>${t("phone.outside.android")}</a>
    </div>`;
  }
  /** @param {Event} event */
  const toggled = ({ target }) =>
    mark(/** @type {HTMLDetailsElement} */ (target).open ? recovery : "");
  return html`<details class="outside" onToggle=${toggled}>
    <summary>${t("phone.outside.ios")}</summary>
    <p>${t("phone.outside.ios_how")}</p>
    <p class="plain">${why}</p>
  </details>`;
}
