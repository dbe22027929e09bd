// @ts-check
// The right column: the provisional fastest ten, people per page, the log.

import { html } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { FastestList } from "./fastest.js";
import { Mirrors } from "./mirrors.js";
import { isOver } from "./model.js";
import { OnAir } from "./onair.js";
import { PAGE } from "./rehearsal.js";
import { FinalList } from "./standings.js";

/** @param {import("./topbar.js").Parts & { mirrors?: boolean }} props */
export function Side(props) {
  const { host, mirrors } = props;
  if (mirrors) {
    return html`<aside class="side" aria-label=${t("host.mirrors")}>
      <${Mirrors} ...${props} />
      <${OnAir} ...${props} />
    </aside>`;
  }
  return html`<aside class="side" data-pages=${pagesOf(host)} data-full=${isFull(host)} aria-label=${t("host.fastest")}>
    ${isOver(host) ? html`<${FinalList} ...${props} />` : html`<${FastestList} ...${props} />`}
    <${OnAir} ...${props} />
    <${Via} via=${host.live.via || {}} fair=${host.live.fair || {}} />
    <${Log} lines=${host.audit || []} />
  </aside>`;
}

/** On a low screen the figures of more than two pages need the log's room. @param {import("./types.js").HostState} host */
const pagesOf = ({ live }) => (Object.keys(live.fair || {}).length > 2 ? "many" : "few");

/** Lines of people and pages that leave room for some of the log at 1366 × 768. */
const ROOMY = 10;

/** @param {import("./types.js").HostState} host */
function isFull(host) {
  const people = (isOver(host) ? host.standings : host.live.fastest) || [];
  return String(people.length + Object.keys(host.live.via || {}).length > ROOMY);
}

/**
 * How many come from each page, how far away they are, how many were late.
 * @param {{ via: Record<string, number>, fair: Record<string, import("./types.js").Fair> }} props
 */
function Via({ via, fair }) {
  const pages = Object.entries(via).sort((a, b) => b[1] - a[1]);
  return html`<section class="via card">
    <h2 class="card-title">${t("host.via")}</h2>
    ${
      pages.length === 0
        ? html`<p class="empty">${t("host.via_none")}</p>`
        : html`<ul class="via-list">
            ${pages.map(
              ([page, n]) =>
                html`<li class="via-item">
                  <span>${page === PAGE ? t("host.via_rehearsal") : page || t("host.via_direct")}</span> <b>${integer(n)}</b>
                  ${fair[page] && html`<small title=${t("host.fair_hint")}>${fairness(fair[page])}</small>`}
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}

/** @param {import("./types.js").Fair} fair */
const fairness = ({ p50_ms: p50, p95_ms: p95, late }) =>
  [
    p50 != null && t("host.fair", { p50: integer(p50), p95: integer(p95 || p50) }),
    late && t("host.fair_late", { n: integer(late) }),
  ]
    .filter(Boolean)
    .join(", ");

/** @param {{ lines: import("./types.js").Audit[] }} props */
function Log({ lines }) {
  return html`<section class="log card">
    <h2 class="card-title">${t("host.audit")}</h2>
    ${
      lines.length === 0
        ? html`<p class="empty">${t("host.audit_none")}</p>`
        : html`<ol class="log-lines">
            ${newestFirst(lines).map(
              (line) =>
                html`<li class="log-line">
                  <time>${clockOf(line.at)}</time>
                  <span title=${whatOf(line)}>${whatOf(line)}</span>
                  <em>${whoOf(line)}</em>
                </li>`,
            )}
          </ol>`
    }
  </section>`;
}

/** @param {import("./types.js").Audit[]} lines */
const newestFirst = (lines) => [...lines].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));

/** What happened; an event without a name of its own here shows the server's. @param {import("./types.js").Audit} line */
function whatOf(line) {
  const key = ["host.event", line.name, line.what].filter(Boolean).join(".");
  const name = t(key);
  return [name === key ? line.name : name, line.text].filter(Boolean).join(" – ");
}

/** Who is nobody's account: deadlines are kept by the server's timer, samples made by it. */
const NAMED = new Map([
  ["", "host.server"],
  ["timer", "host.server"],
  ["setup", "host.server"],
  ["command line", "host.command_line"],
]);

/** @param {import("./types.js").Audit} line */
function whoOf({ actor }) {
  const key = NAMED.get(actor);
  return key ? t(key) : actor;
}

/** RFC 3339 UTC to the time of day in Vietnam, wherever the host's clock is set to. @param {string} at */
function clockOf(at) {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime())
    ? at
    : moment.toLocaleTimeString("vi-VN", { hour12: false, timeZone: "Asia/Ho_Chi_Minh" });
}
