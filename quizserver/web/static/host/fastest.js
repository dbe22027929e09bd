// @ts-check
// The ten fastest right answers to the current question, provisional. It names
// the right people before the reveal, so the privacy switch takes it away whole.

import { html } from "../kit/html.js";
import { seconds, t } from "../kit/texts.js";
import { Icon } from "./icons.js";
import { WaitingChip } from "./moderation.js";
import { OnScreens } from "./names.js";

const SHOWN = 10;

/** @typedef {import("./types.js").Fastest} Fastest */

/** @param {import("./topbar.js").Parts} props */
export function FastestList({ host, prefs, act }) {
  const people = (host.live.fastest || []).slice(0, SHOWN);
  return html`<section class="fastest card">
    <header class="card-head">
      <h2 class="card-title">${t("host.fastest")}</h2>
      <${WaitingChip} host=${host} act=${act} />
      <span class="chip">${t("host.fastest_provisional")}</span>
    </header>
    ${
      prefs.shy || people.length === 0
        ? html`<p class="empty">${emptyText(host, prefs.shy)}</p>`
        : html`<ol class="people">
            ${people.map((one) => html`<${Person} key=${one.participant} one=${one} act=${act} />`)}
          </ol>`
    }
  </section>`;
}

/** @param {import("./types.js").HostState} host @param {boolean} shy */
function emptyText(host, shy) {
  if (shy) return t("host.fastest_hidden");
  return host.phase === "revealed" ? t("host.fastest_nobody") : t("host.fastest_none_yet");
}

/** @param {{ one: Fastest, act: import("./types.js").Act }} props */
function Person({ one, act }) {
  const notes = one.notes || [];
  const first = one.rank === 1;
  return html`<li class="person-item" data-participant=${one.participant} data-first=${String(first)}>
    <div class="person-row">
      <b class="person-rank">${one.rank}</b>
      <${Who} one=${one} act=${act} />
      <b class="person-time">${seconds(one.time_ms)}</b>
      <button
        type="button"
        class="tool person-hide"
        aria-label=${t("host.hide_name", { name: one.name })}
        title=${t("host.hide_name", { name: one.name })}
        onClick=${() => act("hide", { person: one })}
      >
        <${Icon} name="eyeOff" size=${18} />
      </button>
    </div>
    ${first && notes.length > 0 && html`<p class="person-note">${notes[0].text}</p>`}
  </li>`;
}

/**
 * The name; a button where there is something to look at, which says it whole.
 * @param {{ one: Fastest, act: import("./types.js").Act }} props
 */
function Who({ one, act }) {
  const notes = one.notes || [];
  const words = html`<span class="person" title=${one.name}>${one.name}</span>
    <span class="person-more">
      <${OnScreens} one=${one} />
      ${one.tied && html`<span class="chip chip-tied">${t("host.tied")}</span>`}
      ${
        notes.length > 0 &&
        html`<span class="chip chip-flag"
          ><${Icon} name="alert" size=${14} />${t("host.look", { n: notes.length })}</span
        >`
      }
      <span class="unit" title=${one.unit}>${one.unit}</span>
    </span>`;
  if (!notes.length) return html`<span class="person-who">${words}</span>`;
  return html`<button
    type="button"
    class="person-who person-open"
    aria-label=${t("host.look_label", { name: one.name, n: notes.length })}
    onClick=${() => act("notes", { person: one })}
  >
    ${words}
  </button>`;
}
