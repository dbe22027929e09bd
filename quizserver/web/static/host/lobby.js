// @ts-check
// Before the first question: how people join, and whether everything stands.
// The checks turn green by themselves; nobody ticks them.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { checksOf } from "./checks.js";
import { CopyLine } from "./copy.js";
import { Icon } from "./icons.js";
import { PrizeRule } from "./prizerules.js";
import { rehearsing } from "./rehearsal.js";

/** @param {import("./topbar.js").Parts} props */
export function Lobby({ host, model, act }) {
  return html`<div class="lobby">
    <section class="join">
      <img
        class="qr"
        src=${`/${host.code}/qr.svg`}
        alt=${t("host.qr_alt", { code: host.code })}
        width="248"
        height="248"
      />
      <div class="join-words">
        <p class="join-lead">${t("host.lobby_scan")}</p>
        <p class="join-url">${shortUrl(host)}</p>
        <p class="join-code"><span>${t("host.join_code")}</span> <b>${host.code}</b></p>
        ${host.phase === "draft" && html`<p class="join-hint">${t("host.draft_hint")}</p>`}
      </div>
    </section>
    <section class="checks" aria-label=${t("host.check_title")}>
      <header class="checks-head">
        <h2>${t("host.check_title")}</h2>
        <button type="button" class="button" onClick=${() => act("rehearsal")}>
          ${t("host.rehearsal_title")}…
        </button>
      </header>
      <ul>
        ${checksOf(host, model.link).map(
          ([name, ok, text]) =>
            html`<li class="check" data-check=${name} data-ok=${String(ok)}>
              <${Icon} name=${ok === true ? "check" : "alert"} size=${20} /><span>${text}</span>
            </li>`,
        )}
        <${PrizeRule} host=${host} act=${act} />
      </ul>
      <${PackHash} host=${host} />
    </section>
  </div>`;
}

/**
 * What proves afterwards that nobody changed the questions (Source: R6.2). What was
 * rehearsed is not secret any more: wiping the rehearsal makes another hash.
 * @param {{ host: import("./types.js").HostState }} props
 */
function PackHash({ host }) {
  const hash = host.pack_hash || "";
  if (!hash) return null;
  const label = t(rehearsing(host) ? "host.pack_hash_rehearsal" : "host.pack_hash");
  return html`<div class="pack-hash">
    <${CopyLine} name="pack-hash" label=${label} shown=${hash} value=${async () => hash} />
  </div>`;
}

/** @param {import("./types.js").HostState} host */
export const shortUrl = (host) =>
  (host.join_url || `${location.host}/${host.code}`).replace(/^https?:\/\//, "");
