// @ts-check
// The server closed the line for good; each close code has one fixed answer
// (docs/reference/wire.md §1): what happened and the one way on.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";

/** @param {{ code: number, show: string }} props */
export function Fatal({ code, show }) {
  const [text, label, href] = answerTo(code, show);
  return html`<main class="blank" data-fatal=${code}>
    <h1 class="blank-text">${text}</h1>
    <p><a class="button button-main" href=${href}>${label}</a></p>
  </main>`;
}

/** @param {number} code @param {string} show @returns {[string, string, string]} */
function answerTo(code, show) {
  const here = `/host/${encodeURIComponent(show)}`;
  if (code === 4401)
    return [
      t("host.fatal_signin"),
      t("host.fatal_signin_link"),
      `/host?next=${encodeURIComponent(here)}`,
    ];
  if (code === 4409) return [t("host.fatal_replaced"), t("host.fatal_take_back"), here];
  const text = code === 4404 ? t("host.fatal_no_show", { code: show }) : t("host.fatal_forbidden");
  return [text, t("host.fatal_shows_link"), "/host"];
}
