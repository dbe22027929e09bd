// @ts-check
// The local file that OBS opens (loader.html), seen from the overlay in its frame.
// It waits to hear that the page is whole before anybody sees it, asks now and then
// whether the page still lives, and passes on what OBS tells only a source's own
// page. Opened by itself, an overlay has nobody to tell.

const outside = window.parent;
/** What OBS tells a page; obs.js listens for it. */
const EVENTS = ["obsSourceVisibleChanged", "obsSourceActiveChanged"];

let whole = false;

/** It holds no secret, and a local file has no origin that could be named. @param {string} word */
const say = (word) => outside.postMessage({ overlay: word }, "*");

/** Where OBS's Custom CSS goes: behind everything of ours, as without a frame. */
function customStyle() {
  const found = document.getElementById("obs-custom-css");
  if (found) return found;
  const made = document.createElement("style");
  made.id = "obs-custom-css";
  document.head.append(made);
  return made;
}

/** @param {any} told */
function take(told) {
  customStyle().textContent = String(told.css || "");
  for (const name of EVENTS) {
    const detail = (told.events || {})[name];
    if (detail) window.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Say that somebody is here: the server answered, and its scripts run. */
export function meetLoader() {
  if (outside === window) return;
  window.addEventListener("message", ({ source, data }) => {
    if (source !== outside || !data) return;
    if (data.loader === "told") take(data);
    if (data.loader === "there?") say(whole ? "whole" : "here");
  });
  say("here");
}

/** Say that the page may be seen from now on. */
export function tellWhole() {
  whole = true;
  if (outside !== window) say("whole");
}
