// @ts-check
// What has to stand before a show: each a sentence that turns green by itself, and
// says what to do until then. The first that is wrong in a row is said; nobody ticks
// anything. Pure.

import { integer, t } from "../kit/texts.js";
import { isSpare } from "./model.js";
import { rehearsing } from "./rehearsal.js";
import { rowsOf, seconds } from "./stream.js";
import { countsOf, drawingOf, isOld, outputsOf } from "./tally.js";

/** @typedef {import("./types.js").HostState} HostState */
/**
 * @typedef {[string, boolean | "advice", string]} Check name, whether it stands,
 *   sentence; advice is for what a show can go without
 */

const HOUR_S = 3600;
/** An older backup lacks what was set up for this show. */
const FRESH_S = 24 * HOUR_S;

/** @param {HostState} host @param {string} link @returns {Check[]} */
export function checksOf(host, link) {
  const checks = [server(host, link), questions(host), outputs(host), ...backup(host)];
  // Nobody can be here before the lobby opens: no reason to alarm.
  return host.phase === "draft" ? checks : [...checks, joined(host), ...stream(host)];
}

/** @param {HostState} host @param {string} link @returns {Check} */
function server({ live }, link) {
  if (link !== "live") return ["link", false, t("host.check_link_bad")];
  const ill = (live.concerns || []).length;
  return ["link", !ill, ill ? t("host.check_server_bad", { n: ill }) : t("host.check_link")];
}

/** @param {HostState} host @returns {Check} */
function questions({ questions: rows }) {
  const spare = rows.filter(isSpare).length;
  const n = rows.length - spare;
  const unread = rows.filter((row) => row.unread).length;
  const wrong = [
    n === 0 && t("host.check_questions_none"),
    unread > 0 && t("host.check_questions_unread", { n: unread }),
  ].find(Boolean);
  return ["questions", !wrong, wrong || t("host.check_questions", { n, r: spare })];
}

/** @param {HostState} host @returns {Check} */
function outputs({ live, look }) {
  const all = outputsOf(live);
  const { here, lost } = countsOf(all);
  const alive = all.filter((output) => !output.lost);
  const old = alive.filter(isOld).length;
  const bare = alive.filter((output) => output.fonts === false).length;
  const inObs = drawingOf(alive).filter((output) => output.obs).length;
  const wrong = [
    here === 0 && t("host.check_outputs_bad"),
    lost > 0 && t("host.check_outputs_lost", { n: lost }),
    old > 0 && t("host.check_outputs_old", { n: old }),
    bare > 0 && t("host.check_outputs_fonts", { n: bare }),
    look && look !== "live" && t(`host.check_look.${look}`),
  ].find(Boolean);
  return ["outputs", !wrong, wrong || t("host.check_outputs_ok", { n: here, obs: inObs })];
}

/** Of a ledger on PostgreSQL nothing is known here. @param {HostState} host @returns {Check[]} */
function backup({ live: { health = {} } }) {
  const age = health.backup_age_s;
  if (age === undefined) return [];
  if (age < 0) return [["backup", "advice", t("host.check_backup_none")]];
  const h = Math.floor(age / HOUR_S);
  return age > FRESH_S
    ? [["backup", "advice", t("host.check_backup_old", { h: integer(h) })]]
    : [["backup", true, h ? t("host.check_backup", { h }) : t("host.check_backup_now")]];
}

/** @param {HostState} host @returns {Check} */
function joined(host) {
  if (rehearsing(host)) return ["joined", false, t("host.check_rehearsal")];
  const n = host.live.joined;
  const text = n ? t("host.check_joined_ok", { n: integer(n) }) : t("host.check_joined_bad");
  return ["joined", n > 0, text];
}

/**
 * Whether a real phone of each page has said how late its picture is. A show in a
 * hall has no stream, so this is advice.
 * @param {HostState} host @returns {Check[]}
 */
function stream(host) {
  const rows = rowsOf(host);
  if (!rows.length) return [];
  const nameOf = (/** @type {string} */ via) => (via ? `/${via}` : t("host.check_stream_others"));
  const names = (/** @type {typeof rows} */ some) => some.map(({ via }) => nameOf(via)).join(", ");
  const silent = rows.filter((row) => !row.said);
  const drifting = rows.filter((row) => row.ms && row.drifts);
  const counts = host.stream && host.stream.sync_ms != null;
  const advice = [
    silent.length > 0 && counts && t("host.check_stream_counting", { pages: names(silent) }),
    silent.length === rows.length && t("host.check_stream_none"),
    silent.length > 0 && t("host.check_stream_silent", { pages: names(silent) }),
    drifting.length > 0 && t("host.check_stream_drift", { pages: names(drifting) }),
  ].find(Boolean);
  if (advice) return [["stream", "advice", advice]];
  const found = rows.map(({ via, said }) => t("host.check_stream_page", {
    page: nameOf(via), seconds: seconds(said ? said.median_ms : 0),
  }));
  return [["stream", true, t("host.check_stream", { pages: found.join(", ") })]];
}
