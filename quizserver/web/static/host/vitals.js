// @ts-check
// How the server is: one line under the bar. Calm while all is well; else the worst
// concern as a sentence, and which figure says so. What is wrong is the server's
// word (docs/reference/wire.md §4); only its silence is noticed here.

import { html, useEffect, useMemo, useState } from "../kit/html.js";
import { integer, lang, t } from "../kit/texts.js";
import { Icon } from "./icons.js";
import { troubleOf } from "./rehearsal.js";

const FIGURES = [
  "loop_lag_worst_ms",
  "ledger_lag_worst_ms",
  "ledger_queued",
  "disk_free_bytes",
  "phones_online",
];
/** The server says its numbers once a second; a hung one cannot say that it hangs. */
const SILENT_MS = 5000;

const MB = 1e6;
const GB = 1e9;

/** @typedef {import("./types.js").Live} Live */
/** @typedef {{ level: string, code: string, text: string, more: number }} Verdict */

/** @param {import("./topbar.js").Parts} props */
export function Vitals({ host, model }) {
  const isSilent = useSilence(host.live);
  const { health = {}, concerns = [] } = host.live;
  const { level, code, text, more } = verdict(host, model.link, isSilent);
  // Said aloud once for each concern, not again when its number changes.
  const alarm = useMemo(() => (level === "bad" || level === "warning" ? text : ""), [code, lang()]);
  return html`<section
    class="vitals"
    data-level=${level}
    data-concern=${code}
    aria-label=${t("host.health")}
  >
    <p class="vitals-line">
      ${
        alarm
          ? html`<${Icon} name="alert" size=${18} />`
          : html`<i class="light" aria-hidden="true" />`
      }
      <span>${text}</span>
      ${more > 0 && html`<b>${t("host.health_more", { n: more })}</b>`}
    </p>
    <p class="unseen" role="alert">${alarm}</p>
    <dl class="vitals-figures">
      ${FIGURES.filter((gauge) => gauge in health).map(
        (gauge) =>
          html`<div class="vital" data-gauge=${gauge} data-level=${levelOf(gauge, concerns)}>
            <dt>${t(`host.gauge.${gauge}`)}</dt>
            <dd>${figure(gauge, health[gauge])}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/**
 * What the line says.
 * @param {import("./types.js").HostState} host @param {string} link @param {boolean} isSilent
 * @returns {Verdict}
 */
function verdict(host, link, isSilent) {
  const none = { code: "", more: 0 };
  if (link !== "live") return { ...none, level: "unknown", text: t("host.health_unknown") };
  if (isSilent) return { more: 0, level: "bad", code: "silent", text: t("host.health_silent") };
  const [worst, ...rest] = host.live.concerns || [];
  const trouble = troubleOf(host);
  if (!worst && trouble) return { ...none, level: "warning", code: "rehearsal", text: trouble };
  if (!worst) return { ...none, level: "good", text: t("host.health_good") };
  const { code, level, value = 0 } = worst;
  const said = worst.unit === "bytes" ? size(value) : integer(value);
  return { level, code, text: t(`host.concern.${code}`, { value: said }), more: rest.length };
}

/** @param {string} gauge @param {import("./types.js").Concern[]} concerns */
function levelOf(gauge, concerns) {
  const concern = concerns.find((one) => one.gauge === gauge);
  return concern ? concern.level : "good";
}

/** @param {string} gauge @param {number} value */
function figure(gauge, value) {
  if (gauge.endsWith("_bytes")) return size(value);
  if (gauge.endsWith("_ms")) return t("host.milliseconds", { n: integer(value) });
  return integer(value);
}

/** A disk's size, "1,9 GB" or "180 MB"; cut, so there is never less room. @param {number} bytes */
function size(bytes) {
  if (bytes < GB) return `${integer(bytes / MB)} MB`;
  const tenths = Math.floor((10 * bytes) / GB);
  return `${integer(tenths / 10)}${lang() === "vi" ? "," : "."}${tenths % 10} GB`;
}

/** Whether nothing came for too long since `live`, which is new with each message. @param {Live} live */
function useSilence(live) {
  const [isSilent, setSilent] = useState(false);
  useEffect(() => {
    setSilent(false);
    const timer = window.setTimeout(() => setSilent(true), SILENT_MS);
    return () => window.clearTimeout(timer);
  }, [live]);
  return isSilent;
}
