// @ts-check
// A rehearsal: simulated phones join the open lobby and answer; one held button wipes
// everything they did. The server lets them in only while nobody else is there.

import { html, useState } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";
import { Dialog, HoldButton } from "./dialog.js";

/** Under this page the server counts phones of its own (quizserver/wire/common.py). */
export const PAGE = "*tapduot";
const SIZES = [20, 100, 300];

/** How many simulated phones are in the show. @param {import("./types.js").HostState} host */
export const rehearsing = (host) => (host.live.via || {})[PAGE] || 0;

/** Why they stopped, or nothing. @param {import("./types.js").HostState} host */
export function troubleOf({ live }) {
  const why = live.rehearsal_trouble;
  if (why == null) return "";
  return why ? t("host.rehearsal_trouble", { why }) : t("host.rehearsal_died");
}

/** @param {import("./dialogs.js").DialogParts} props */
export function Rehearsal({ host, act }) {
  const [said, setSaid] = useState("");
  const here = rehearsing(host);
  const others = host.live.joined - here;
  const ready = host.phase === "lobby" && !others;
  const call = async (/** @type {string} */ path, /** @type {object} */ body) => {
    setSaid(t("host.next_sending"));
    setSaid(await post(host.code, path, body));
  };
  return html`<${Dialog} kind="rehearsal" title=${t("host.rehearsal_title")} onClose=${() => act("close")}>
    <p>${t("host.rehearsal_body")}</p>
    <p class="buttons">
      ${SIZES.map(
        (n) =>
          html`<button
            type="button"
            class="button"
            data-phones=${n}
            disabled=${!ready}
            onClick=${() => call("rehearsal", { phones: n })}
          >
            ${t("host.rehearsal_start", { n: integer(n) })}
          </button>`,
      )}
    </p>
    ${troubleOf(host) && html`<p class="banner banner-time" role="alert"><span>${troubleOf(host)}</span></p>`}
    <p class="hint" role="status">${said || stateOf(host, here, others)}</p>
    ${
      here > 0 &&
      html`<p>${t("host.rehearsal_hash")}</p>
        <${HoldButton} label=${t("host.rehearsal_wipe")} onDone=${() => call("rehearsal/wipe", {})} />`
    }
  </${Dialog}>`;
}

/** @param {import("./types.js").HostState} host @param {number} here @param {number} others */
function stateOf(host, here, others) {
  if (here) return t("host.rehearsal_here", { n: integer(here) });
  if (others) return t("host.rehearsal_others", { n: integer(others) });
  return t(host.phase === "lobby" ? "host.rehearsal_ready" : "host.rehearsal_lobby");
}

/**
 * @param {string} code @param {string} path @param {object} body
 * @returns {Promise<string>} what to say: nothing when it was done
 */
async function post(code, path, body) {
  const csrf = document.querySelector("meta[name=csrf]");
  try {
    const answer = await fetch(`/api/shows/${encodeURIComponent(code)}/${path}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRF-Token": (csrf && csrf.getAttribute("content")) || "",
      },
      body: JSON.stringify(body),
    });
    return answer.ok ? "" : (await answer.json()).error.message;
  } catch {
    return t("host.note_offline");
  }
}
