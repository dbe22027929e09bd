// @ts-check
// Every overlay: what it shows, whether it is on air, how it is; those that are
// missing too. Here they are told their number or to open anew, and all of them at
// once to show nothing or to stand still.

import { html, useState } from "../kit/html.js";
import { integer, seconds, t } from "../kit/texts.js";
import { Dialog } from "./dialog.js";
import { mayConduct } from "./model.js";
import { LookButtons } from "./onair.js";
import { settingWords } from "./settings.js";
import { badgeColour, isOld, needsPermission, outputsOf, tallyOf, twinsOf, viewName } from "./tally.js";

/** Slower than this, from the server's word to its picture, is worth a look. */
const LATE_MS = 300;
/** The overlay reports every five seconds. */
const SILENT_MS = 12_000;

/** @typedef {import("./types.js").Output} Output */
/** @typedef {import("./dialogs.js").DialogParts} DialogParts */

/** @param {DialogParts} props */
export function OutputsTable(props) {
  const { host, act } = props;
  const outputs = outputsOf(host.live);
  const refused = (host.live.health || {}).overlays_refused || 0;
  return html`<${Dialog} kind="outputs" huge title=${t("host.outputs_title")} onClose=${() => act("close")}>
    <div class="outputs-look">
      <${LookButtons} ...${props} />
      <p class="hint">${t(`host.look_hint.${host.look || "live"}`)}</p>
    </div>
    ${refused > 0 && html`<p class="banner banner-bad">${t("host.outputs_refused")}</p>`}
    ${
      outputs.length === 0
        ? html`<p class="banner banner-bad">${t("host.outputs_empty")}</p>`
        : html`<${Table} ...${props} outputs=${outputs} />`
    }
    <p class="buttons">
      ${mayConduct(host) && html`<button type="button" class="button" disabled=${!outputs.length} onClick=${() => act("output", { do: "identify" })}>
        ${t("host.outputs_identify_all")}
      </button>`}
      <button type="button" class="button" onClick=${() => act("links")}>${t("host.outputs_add")}</button>
      ${mayConduct(host) && html`<button type="button" class="button" onClick=${() => act("rekey")}>${t("host.links_rekey")}</button>`}
      <button type="button" class="button" onClick=${() => (act("mirrors"), act("close"))}>${t("host.keys_mirrors")}</button>
    </p>
  </${Dialog}>`;
}

/** @param {DialogParts & { outputs: Output[] }} props */
function Table({ host, act, outputs }) {
  const columns = ["name", "air", "shows", "lag", "frames", "seen"];
  const twins = twinsOf(outputs);
  return html`${twins.size > 0 && html`<p class="banner" data-banner="twins">${t("host.outputs_twins")}</p>`}
  <div class="outputs-scroll" tabindex="0" role="region" aria-label=${t("host.outputs_title")}>
    <table class="outputs-table">
      <thead>
        <tr>
          <th scope="col"><span class="unseen">${t("host.outputs_col.number")}</span></th>
          ${columns.map((name) => html`<th scope="col">${t(`host.outputs_col.${name}`)}</th>`)}
          <th scope="col"><span class="unseen">${t("host.outputs_col.do")}</span></th>
        </tr>
      </thead>
      <tbody>
        ${outputs.map(
          (output) => html`<${Row} key=${output.id} output=${output} twin=${twins.get(output.id)} host=${host} act=${act} />`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param {{ output: Output, twin?: string, host: import("./types.js").HostState, act: import("./types.js").Act }} props */
function Row({ output, twin, host, act }) {
  const tally = tallyOf(output);
  return html`<tr data-output=${output.id} data-tally=${tally}>
    <td><b class="output-badge" data-colour=${badgeColour(output)}>${output.number}</b></td>
    <th scope="row">
      <span class="output-name">${viewName(output)} <span class="unit">${(output.has && output.has.layout) || output.layout}</span></span>
      <span class="unit">${[sourceOf(output), ...settingWords(output)].join(" · ")}</span>
      ${twin && html`<span class="chip chip-flag" data-twin=${twin}>${t(`host.output_twin.${twin}`)}</span>`}
      ${warnings(output).map((word) => html`<span class="chip chip-flag">${word}</span>`)}
    </th>
    <td><span class="chip" data-tally=${tally}>${t(`host.output_${tally}`)}</span>
      ${output.streaming && html`<span class="unit">${t("host.output_streaming")}</span>`}</td>
    <td>${shows(output, host)}</td>
    <td data-late=${String((output.lag_ms || 0) > LATE_MS)}>
      ${output.lag_ms == null ? "–" : t("host.milliseconds", { n: integer(output.lag_ms) })}
      ${output.delay_ms ? html`<span class="unit">${t("host.output_delay", { s: seconds(output.delay_ms) })}</span>` : ""}
    </td>
    <td>${output.frame_p95_ms == null ? "–" : t("host.milliseconds", { n: integer(output.frame_p95_ms) })}</td>
    <td data-late=${String(!output.lost && (output.seen_ms || 0) > SILENT_MS)}>
      ${t("host.output_seen", { s: integer(Math.round((output.seen_ms || 0) / 1000)) })}
    </td>
    <td class="output-do">
      ${!output.lost && output.place && html`<button
        type="button"
        class="button button-small"
        data-do="settings"
        aria-label=${t("host.settings_title", { n: output.number || "" })}
        onClick=${() => act("settings", { place: output.place })}
      >
        ${t("host.output_settings")}
      </button>`}
      ${!output.lost && mayConduct(host) && ["identify", "reload"].map((word) => html`<${Order} word=${word} output=${output} act=${act} />`)}
    </td>
  </tr>`;
}

/** What would be seen on air asks for a second press. @param {{ word: string, output: Output, act: import("./types.js").Act }} props */
function Order({ word, output, act }) {
  const [asked, setAsked] = useState(false);
  const risky = tallyOf(output) === "program";
  const press = () => {
    if (risky && !asked) setAsked(true);
    else {
      setAsked(false);
      act("output", { do: word, output: output.id });
    }
  };
  return html`<button
    type="button"
    class=${asked ? "button button-small button-grave" : "button button-small"}
    data-do=${word}
    aria-label=${t(`host.output_${word}_label`, { n: output.number || "" })}
    onClick=${press}
    onBlur=${() => setAsked(false)}
  >
    ${asked ? t("host.output_on_air_sure") : t(`host.output_${word}`)}
  </button>`;
}

/** @param {Output} output */
const sourceOf = (output) =>
  [
    output.name,
    output.obs ? t("host.output_obs", { version: output.obs }) : t("host.output_browser"),
    output.size,
  ]
    .filter(Boolean)
    .join(" · ");

/** @param {Output} output @returns {string[]} */
const warnings = (output) =>
  [
    isOld(output) && t("host.output_old"),
    needsPermission(output) && t("host.output_no_permission"),
  ].filter((word) => typeof word === "string");

/** The picture it draws, and by how many steps it is behind. @param {Output} output @param {import("./types.js").HostState} host */
function shows(output, host) {
  if (!output.scene) return "–";
  const key = `host.scene.${output.scene}`;
  const word = t(key) === key ? output.scene : t(key);
  const held = host.look === "hold";
  const behind = output.lost || held || output.step == null ? 0 : host.step - output.step;
  return behind > 0
    ? html`${word} <span class="chip chip-flag">${t("host.output_behind", { n: behind })}</span>`
    : word;
}
