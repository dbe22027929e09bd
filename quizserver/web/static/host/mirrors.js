// @ts-check
// What the audience sees, small beside the controls: the stage in both shapes and a
// viewer's phone, live. The stages are pages like those in OBS, with a key of their own,
// and no output: the list of overlays leaves them out (tally.js).

import { html, useEffect, useRef, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { keys, overlayUrl } from "./links.js";
import { MIRROR } from "./tally.js";

/** @param {import("./topbar.js").Parts} props */
export function Mirrors({ host }) {
  const [url, setUrl] = useState("");
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const ask = () => overlayUrl(host.code).then(setUrl, () => setFailed(true));
    ask();
    keys.addEventListener("renewed", ask);
    return () => keys.removeEventListener("renewed", ask);
  }, [host.code]);
  const mirror = (/** @type {string} */ layout) =>
    url &&
    html`<iframe
      class="mirror"
      data-layout=${layout}
      title=${t("host.mirror", { layout })}
      src=${mirrored(url, layout)}
      tabindex="-1"
    />`;
  return html`<section class="mirrors card" aria-label=${t("host.mirrors")}>
    ${failed && html`<p class="empty">${t("host.copy_failed")}</p>`} ${mirror("16x9")}
    <${Preview} host=${host} />
    <div class="mirrors-tall">${mirror("9x16")}<${Phone} host=${host} /></div>
  </section>`;
}

/**
 * What the next step shows, or TAKE while graphics are held. The page asks for nothing
 * itself and has no key: a host may read more than an overlay's key.
 * @param {{ host: import("./types.js").HostState }} props
 */
function Preview({ host }) {
  const frame = useRef(/** @type {HTMLIFrameElement | null} */ (null));
  const [ready, setReady] = useState(false);
  useEffect(() => {
    /** @param {MessageEvent} event */
    const heard = ({ source, origin, data }) => {
      const own = frame.current && source === frame.current.contentWindow;
      if (own && origin === location.origin && data.overlay === "whole") setReady(true);
    };
    window.addEventListener("message", heard);
    return () => window.removeEventListener("message", heard);
  }, []);
  useEffect(() => {
    let wanted = ready;
    const inside = frame.current && frame.current.contentWindow;
    if (wanted && inside) {
      fetch(`/api/shows/${encodeURIComponent(host.code)}/coming`)
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((coming) => coming && wanted && inside.postMessage({ coming }, location.origin))
        .catch(() => {}); // the next step asks again
    }
    return () => {
      wanted = false;
    };
  }, [ready, host.epoch, host.step]);
  return html`<div class="mirror-preview">
    <p class="hint">${t("host.mirror_preview")}</p>
    <iframe class="mirror" data-bus="preview" ref=${frame} title=${t("host.mirror_preview")}
      src=${`/overlay/stage?layout=16x9&view=${MIRROR}&bus=preview&bg=camera`} tabindex="-1"></iframe>
  </div>`;
}

const PHONE_WIDTH = 390;

/** A viewer's phone; it looks again at every step. @param {{ host: import("./types.js").HostState }} props */
function Phone({ host }) {
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
    if (ready && inside) inside.postMessage({ step: host.step }, location.origin);
  }, [ready, host.epoch, host.step]);
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (!box.current || !frame.current) return;
      const scale = box.current.clientWidth / PHONE_WIDTH;
      frame.current.style.transform = `scale(${scale})`;
    });
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return html`<div class="mirror-phone" ref=${box}>
    <iframe ref=${frame} src=${`/host/${host.code}/phone`} title=${t("host.mirror_phone")} tabindex="-1"></iframe>
  </div>`;
}

/** On this server's own address, whatever the public one is. @param {string} address @param {string} layout */
function mirrored(address, layout) {
  const url = new URL(address);
  url.searchParams.set("layout", layout);
  url.searchParams.set("view", MIRROR);
  url.searchParams.set("bg", "camera");
  return url.pathname + url.search + url.hash;
}
