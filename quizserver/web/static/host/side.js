// @ts-check
// The right column: the provisional fastest ten, people per page, the log.

import { html } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { FastestList } from "./fastest.js";

/** @param {import("./topbar.js").Parts} props */
export function Side(props) {
  const { host } = props;
  return html`<aside class="side" aria-label=${t("host.fastest")}>
    <${FastestList} ...${props} />
    <${Via} via=${host.live.via || {}} />
    <${Log} lines=${host.audit || []} />
  </aside>`;
}

/** @param {{ via: Record<string, number> }} props */
function Via({ via }) {
  const pages = Object.entries(via).sort((a, b) => b[1] - a[1]);
  return html`<section class="via card">
    <h2 class="card-title">${t("host.via")}</h2>
    ${pages.length === 0
      ? html`<p class="empty">${t("host.via_none")}</p>`
      : html`<ul class="via-list">
          ${pages.map(
            ([page, n]) => html`<li class="via-item">
              <span>${page || t("host.via_direct")}</span> <b>${integer(n)}</b>
            </li>`,
          )}
        </ul>`}
  </section>`;
}

/** @param {{ lines: import("./types.js").Audit[] }} props */
function Log({ lines }) {
  return html`<section class="log card">
    <h2 class="card-title">${t("host.audit")}</h2>
    ${lines.length === 0
      ? html`<p class="empty">${t("host.audit_none")}</p>`
      : html`<ol class="log-lines">
          ${newestFirst(lines).map(
            (line) => html`<li class="log-line">
              <time>${clockOf(line.at)}</time>
              <span>${line.text || line.name}</span>
              <em>${line.actor}</em>
            </li>`,
          )}
        </ol>`}
  </section>`;
}

/** @param {import("./types.js").Audit[]} lines */
const newestFirst = (lines) =>
  [...lines].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));

/** RFC 3339 UTC to the host's local time of day. @param {string} at */
function clockOf(at) {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime())
    ? at
    : moment.toLocaleTimeString("vi-VN", { hour12: false });
}
