// @ts-check
// Lets people cheer between questions, or no longer, and says how much they do
// (Source: R1.11). It asks nothing and is put right at once; while a question opens or
// is open the server allows it to nobody.

import { html } from "../kit/html.js";
import { integer, t } from "../kit/texts.js";

/** What the command takes: the other way round. @param {import("./types.js").HostState} host */
export const turned = (host) => ({ on: !host.cheering, step: undefined });

/** The switch, in the line over the big button. @param {{ host: import("./types.js").HostState, act: import("./types.js").Act }} props */
export function Cheering({ host, act }) {
  if (!host.allowed.includes("cheer")) return null;
  const n = Object.values(host.live.cheers || {}).reduce((sum, taps) => sum + taps, 0);
  return html`<button
    type="button"
    class="chip chip-button"
    id="cheer"
    aria-pressed=${String(host.cheering === true)}
    title=${t("host.cheering_hint")}
    onClick=${() => act("cheer")}
  >
    ${host.cheering ? t("host.cheering_on", { n: integer(n) }) : t("host.cheering_off")}
  </button>`;
}
