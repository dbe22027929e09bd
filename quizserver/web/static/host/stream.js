// @ts-check
// How late viewers see the picture, page by page: what they say, what is set, and
// whether the show waits for it. The server counts; this only shows and asks.

import { html } from "../kit/html.js";
import { lang, t } from "../kit/texts.js";
import { Dialog } from "./dialog.js";
import { PAGE } from "./rehearsal.js";

const STEP_MS = 500;
const LONGEST_MS = 60000;
/** A page whose viewers say so much else than what is set has drifted. */
const DRIFT_MS = 2000;
/** Fewer taps than this prove nothing. */
const ENOUGH = 3;

/** "8,5" @param {number} ms */
export const seconds = (ms) => String(Math.round(ms / 100) / 10).replace(".", lang() === "vi" ? "," : ".");

/** @param {import("./types.js").Delay | undefined} said */
const upward = (said) => (said ? Math.ceil(said.median_ms / STEP_MS) * STEP_MS : 0);

/**
 * Every page that somebody came from or that has a delay; "" is everybody else's.
 * @param {import("./types.js").HostState} host
 */
export function rowsOf({ live, stream }) {
  const set = (stream && stream.delays) || {};
  const pages = new Set([...Object.keys(live.via || {}), ...Object.keys(live.delays || {}), ...Object.keys(set)]);
  pages.delete(PAGE); // simulated phones see no picture
  return [...pages].sort().map((via) => {
    const said = (live.delays || {})[via];
    const ms = set[via] || 0;
    const sure = said && said.count >= ENOUGH;
    return { via, said, ms, drifts: Boolean(sure && Math.abs(said.median_ms - ms) > DRIFT_MS) };
  });
}

/** @param {import("./dialogs.js").DialogParts} props */
export function StreamDelay({ host, act }) {
  const { aligned = false, delays = {}, sync_ms: counts } = host.stream || {};
  const counting = counts !== undefined && counts !== null;
  const rows = rowsOf(host);
  const said = rows.filter((row) => row.said);
  const lead = Math.max(0, ...Object.values(delays));
  const may = host.allowed.includes("stream");
  /** @param {Record<string, unknown>} fields */
  const set = (fields) =>
    act("send", { command: "stream", behind: true, with: { ...fields, step: undefined } });
  const use = () =>
    set({ delays: { ...delays, ...Object.fromEntries(said.map((row) => [row.via, upward(row.said)])) } });
  return html`<${Dialog} kind="stream" wide title=${t("host.stream_title")} onClose=${() => act("close")}>
    <p class="hint">${t("host.stream_note")}</p>
    <label class="switch">
      <input
        type="checkbox"
        checked=${aligned}
        disabled=${!may}
        onChange=${() => set({ aligned: !aligned })}
      />
      <span>${t("host.stream_aligned", { seconds: seconds(lead) })}</span>
    </label>
    <table class="stream-pages">
      <thead>
        <tr>
          <th scope="col">${t("host.stream_page")}</th>
          <th scope="col">${t("host.stream_said")}</th>
          <th scope="col">${t("host.stream_set")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<${Page} key=${row.via} row=${row} may=${may}
            onSet=${(/** @type {number} */ ms) => set({ delays: { ...delays, [row.via]: ms } })} />`,
        )}
      </tbody>
    </table>
    ${!rows.length && html`<p class="hint">${t("host.stream_empty")}</p>`}
    <p class="buttons">
      <button type="button" class="button" disabled=${!may} onClick=${() => set({ sync: !counting })}>
        ${t(counting ? "host.stream_stop" : "host.stream_start")}
      </button>
      <button type="button" class="button" disabled=${!may || !said.length} onClick=${use}>
        ${t("host.stream_use")}
      </button>
    </p>
    <p class="hint" role="status">${counting ? t("host.stream_counting") : ""}</p>
  </${Dialog}>`;
}

/** @param {{ row: ReturnType<typeof rowsOf>[number], may: boolean, onSet: (ms: number) => void }} props */
function Page({ row, may, onSet }) {
  const { via, said, ms, drifts } = row;
  const name = via ? `/${via}` : t("host.stream_others");
  const told = said
    ? t("host.stream_median", {
        seconds: seconds(said.median_ms), spread: seconds(said.spread_ms), n: said.count,
      })
    : "–";
  /** @param {any} event */
  const typed = ({ target }) => {
    const wanted = Math.round(Number(target.value) * 1000);
    if (wanted >= 0 && wanted <= LONGEST_MS) onSet(wanted);
  };
  return html`<tr data-drifts=${String(drifts)}>
    <th scope="row">${name}</th>
    <td>${told}${drifts && html` <b class="stream-drift">${t("host.stream_drift")}</b>`}</td>
    <td>
      <input
        class="input"
        type="number"
        min="0"
        max="60"
        step="0.5"
        value=${ms / 1000}
        disabled=${!may}
        aria-label=${t("host.stream_set_of", { page: name })}
        onChange=${typed}
      />
    </td>
  </tr>`;
}
