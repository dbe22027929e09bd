// @ts-check
// After the end: every prize as a card, provisional until a host confirms it. A
// skip needs a reason (Source: R5.4); a tie across a prize waits for a named
// person (R5.5), so nothing here breaks one by itself.

import { html } from "../kit/html.js";
import { lang, t } from "../kit/texts.js";
import { useBulk } from "./bulk.js";
import { PrizeCard } from "./prize.js";
import { prizesOf, progress, unflagged } from "./prizes.js";

/** Who waits to be confirmed, in the order they stand on the page. */
const WAITING = ["provisional", "undecided"].map(
  (status) => `.winner[data-status="${status}"] [data-act="confirm"]`,
);

/** Bring the first who waits into view, Confirm under the Enter key. */
export function showUnsettled() {
  const button = /** @type {HTMLElement | null} */ (document.querySelector(WAITING.join()));
  if (!button) return;
  button.scrollIntoView({ block: "center" });
  button.focus();
}

/** @param {import("./topbar.js").Parts} props */
export function Winners(props) {
  const { host } = props;
  const prizes = prizesOf(host);
  const { done, total } = progress(prizes);
  return html`<section class="winners">
    <header class="view-head">
      <h2>${t("host.winners")}</h2>
      <span class="chip" data-status=${done === total ? "confirmed" : "open"} role="status">
        ${t("host.all_confirmed", { n: done, total })}
      </span>
      <${ConfirmAll} ...${props} />
    </header>
    <${Advice} host=${host} undecided=${prizes.some((prize) => prize.state === "undecided")} />
    <${NamesUntil} host=${host} />
    <ul class="prizes">
      ${prizes.map(
        (prize) => html`<${PrizeCard} key=${prize.prize} ...${props} prize=${prize} />`,
      )}
    </ul>
  </section>`;
}

/** When the server erases who everybody was (R2.7). */
/** @param {{ host: import("./types.js").HostState }} props */
function NamesUntil({ host }) {
  if (!host.names_until) return null;
  const day = host.names_until;
  const said = lang() === "vi" ? day.split("-").reverse().join("/") : day;
  return html`<p class="hint">${t("host.names_until", { day: said })}</p>`;
}

/** @param {import("./topbar.js").Parts} props */
function ConfirmAll(props) {
  const bulk = useBulk(props);
  const { host } = props;
  const left = unflagged(host).length;
  if (host.phase !== "ended" || (!left && !bulk.running)) return null;
  return html`<button
    type="button"
    class="button confirm-all"
    disabled=${bulk.running || props.model.link !== "live"}
    onClick=${bulk.start}
  >
    ${t(bulk.running ? "host.confirming_all" : "host.confirm_all", { n: left })}
  </button>`;
}

/**
 * What a host has to know before deciding.
 * @param {{ host: import("./types.js").HostState, undecided: boolean }} props
 */
function Advice({ host, undecided }) {
  if (host.phase !== "ended") return null;
  const by = document.documentElement.dataset.actor;
  const lines = [
    undecided && t(by ? "host.tie_advice_by" : "host.tie_advice", { name: by || "" }),
    host.max_prizes_per_person && t("host.max_prizes_advice", { n: host.max_prizes_per_person }),
  ].filter(Boolean);
  return lines.map((line) => html`<p class="hint">${line}</p>`);
}
