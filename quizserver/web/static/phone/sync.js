// @ts-check
// The calibration: the stream shows a number that changes every two seconds, and
// whoever likes taps the one they see. From many taps the server knows how late
// each page's picture is. Nothing of it is about the person.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { speak } from "./parts.js";

const NUMBERS = Array.from({ length: 16 }, (_, place) => place + 1);

/** @param {{ act: any }} props */
export function Sync({ act }) {
  const [said, setSaid] = useState(0);
  /** @param {number} number */
  function tapped(number) {
    if (!act.seen(number)) return;
    setSaid(number);
    speak(t("phone.sync.thanks"));
  }
  return html`<section class="sync" aria-labelledby="sync-title">
    <h2 id="sync-title">${t("phone.sync.title")}</h2>
    <div class="sync-numbers">
      ${NUMBERS.map(
        (number) => html`<button
          key=${number}
          type="button"
          aria-pressed=${number === said ? "true" : "false"}
          onClick=${() => tapped(number)}
        >${number}</button>`,
      )}
    </div>
    <p>${t(said ? "phone.sync.thanks" : "phone.sync.how")}</p>
  </section>`;
}
