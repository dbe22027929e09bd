// @ts-check
// Where overlays draw one question: chosen until its clock is about to start
// (Source: R1.10). An overlay's address wins; what is set for an overlay does not.

import { html } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { isOver, isRolling } from "./model.js";

/** @typedef {import("./types.js").Row} Row */

const POSITIONS = ["lower", "side", "full"];

/** The words for what was chosen; "" where nothing was. @param {Row} row */
export const placeWords = (row) => (row.position ? t(`host.setting_position.${row.position}`) : "");

/** @param {import("./types.js").HostState} host @param {Row} row */
const mayPlace = (host, row) =>
  host.allowed.includes("place") && !isOver(host) &&
  (row.state === "waiting" || (row.state === "asked" && !isRolling(host)));

/** @param {{ host: import("./types.js").HostState, row: Row, act: import("./types.js").Act }} props */
export function PlaceChoice({ host, row, act }) {
  /** @param {any} event */
  const chosen = ({ target }) => {
    const position = target.value || undefined;
    act("send", { command: "place", behind: true, with: { question: row.id, position, step: undefined } });
  };
  return html`<select
    class="input place"
    aria-label=${t("host.place_label", { n: row.number || "+" })}
    disabled=${!mayPlace(host, row)}
    value=${row.position || ""}
    onChange=${chosen}
  >
    <option value="" selected=${!row.position}>${t("host.place_own")}</option>
    ${POSITIONS.map((one) => html`<option value=${one} selected=${one === row.position}>${t(`host.setting_position.${one}`)}</option>`)}
  </select>`;
}

/** The same in a question's own card, with what it means. @param {Parameters<typeof PlaceChoice>[0]} props */
export function PlaceLine(props) {
  if (!mayPlace(props.host, props.row)) {
    const words = placeWords(props.row);
    return words && html`<p>${t("host.place")}: <b>${words}</b></p>`;
  }
  return html`<p class="place-line"><span>${t("host.place")}</span> <${PlaceChoice} ...${props} /></p>
    <p class="hint">${t("host.place_note")}</p>`;
}
