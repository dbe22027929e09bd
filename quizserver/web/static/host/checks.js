// @ts-check
// What has to stand before a show: each a sentence that turns green by itself. The
// first that is wrong in a row is said; nobody ticks anything. Pure.

import { integer, t } from "../kit/texts.js";
import { isSpare } from "./model.js";
import { rehearsing } from "./rehearsal.js";
import { countsOf, drawingOf, isOld, outputsOf } from "./tally.js";

/** @typedef {import("./types.js").HostState} HostState */
/** @typedef {[string, boolean, string]} Check name, whether it stands, sentence */

/** @param {HostState} host @param {string} link @returns {Check[]} */
export function checksOf(host, link) {
  const checks = [server(host, link), questions(host), outputs(host)];
  // Nobody can be here before the lobby opens: no reason to alarm.
  return host.phase === "draft" ? checks : [...checks, joined(host)];
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
  return ["questions", n > 0, t("host.check_questions", { n, r: spare })];
}

/** @param {HostState} host @returns {Check} */
function outputs({ live, look }) {
  const all = outputsOf(live);
  const { here, lost } = countsOf(all);
  const old = all.filter((output) => !output.lost && isOld(output)).length;
  const inObs = drawingOf(all).filter((output) => !output.lost && output.obs).length;
  const wrong = [
    here === 0 && t("host.check_outputs_bad"),
    lost > 0 && t("host.check_outputs_lost", { n: lost }),
    old > 0 && t("host.check_outputs_old", { n: old }),
    look && look !== "live" && t(`host.look_now.${look}`),
  ].find(Boolean);
  return ["outputs", !wrong, wrong || t("host.check_outputs_ok", { n: here, obs: inObs })];
}

/** @param {HostState} host @returns {Check} */
function joined(host) {
  if (rehearsing(host)) return ["joined", false, t("host.check_rehearsal")];
  const n = host.live.joined;
  const text = n ? t("host.check_joined_ok", { n: integer(n) }) : t("host.check_joined_bad");
  return ["joined", n > 0, text];
}
