// @ts-check
// People cheer between questions (Source: R1.11): what they tap rises at the right edge,
// behind every plate, and fades; beside it how often they tapped since the last question.
// The places are always the same few. Nothing that nobody saw coming moves, so a reload
// replays nothing, and without motion pictures only come and go.

import { html, useLayoutEffect, useRef } from "../../../kit/html.js";
import { Reaction, REACTIONS } from "../../../kit/reactions.js";
import { integer, t } from "../../../kit/texts.js";
import { FEW, launched, MOST } from "../flights.js";
import { calm } from "../motion.js";
import { sceneOf } from "../scene.js";
import { Digits, mark, Tab } from "./text.js";

/** What was told longer ago is no news: it came while the picture stood still. */
const NEWS_MS = 1000;

/** Where people may cheer, and no question is read. */
export const CHEERFUL = ["lobby", "revealed", "void", "standings", "ended", "paused"];

/** @param {Element} place @param {import("../flights.js").Flight} flight */
function fly(place, { delay, lasts, x, y, sway }) {
  const from = `calc(var(--lane-x) * ${x})`;
  const to = `calc(var(--lane-x) * ${Math.min(1, Math.max(0, x + sway / 2))})`;
  const still = `translate(${from}, calc(var(--lane-y) * ${-0.25 - 0.6 * y}))`;
  const rise = (/** @type {number} */ part) => `translate(${part < 0.5 ? from : to}, calc(var(--lane-y) * ${-part}))`;
  const frames = calm()
    ? [0, 1, 1, 0].map((opacity) => ({ opacity, transform: still }))
    : [
      { opacity: 0, transform: `${rise(0)} scale(0.4)`, easing: "ease-out" },
      { opacity: 1, transform: `${rise(0.16)} scale(1)`, offset: 0.14 },
      { opacity: 1, transform: `${rise(0.8)} scale(1)`, offset: 0.78 },
      { opacity: 0, transform: `${rise(1)} scale(0.8)` },
    ];
  return place.animate(frames, { duration: lasts, delay });
}

/** One of the places. @param {{ flight: import("../flights.js").Flight | null }} props */
function Place({ flight }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (!flight || !place.current) return undefined;
    const flying = fly(place.current, flight);
    return () => flying.cancel();
  }, [flight]);
  return html`<i class="flight" ref=${place}>${flight ? html`<${Reaction} name=${flight.name} />` : null}</i>`;
}

/** What rises. @param {import("../scenes.js").Props} props */
export function Flights({ look, params }) {
  const { cheers } = look;
  // What was there before this page drew itself was seen by nobody here.
  const most = params.layout === "16x9" ? MOST : FEW;
  const seen = useRef({ cheers, places: Array(most).fill(null) });
  if (cheers !== seen.current.cheers) {
    const { places } = seen.current;
    // Those of a picture that was held meanwhile are over.
    const comes = cheers && cheers.live && performance.now() - cheers.at < NEWS_MS;
    seen.current = { cheers, places: comes ? launched(places, cheers) : places };
  }
  const off = !CHEERFUL.includes(sceneOf(look));
  return html`<div class="flights" data-part="flights" data-off=${mark(off)}>
    ${seen.current.places.map((flight, place) => html`<${Place} key=${place} flight=${flight} />`)}
  </div>`;
}

/** How often, by reaction; what nobody tapped is not there. @param {import("../scenes.js").Props} props */
export function Reactions({ look, params }) {
  const totals = (look.cheers || {}).totals || {};
  const tapped = REACTIONS.filter((name) => totals[name]);
  return html`<div class="reactions">
    <${Flights} look=${look} params=${params} />
    ${tapped.length ? html`<section class="plate cheers" data-part="reactions">
      <div class="tabs"><${Tab} part="reactions-title">${t("overlay.reactions.title")}<//></div>
      ${tapped.map((name) => html`<p key=${name} class="cheers-row" data-part="cheers" data-reaction=${name}>
        <${Reaction} name=${name} /><${Digits} text=${integer(totals[name])} />
      </p>`)}
    </section>` : null}
  </div>`;
}
