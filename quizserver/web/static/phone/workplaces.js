// @ts-check
// The organiser's list of workplaces, to choose from while typing; whatever is typed
// counts all the same. It is fetched when somebody comes to the field, so that the
// first screen waits for nothing.

import { html, useState } from "../kit/html.js";

/**
 * What the field needs to offer the list: attributes of its input, and the list.
 * @param {string | undefined} address of the JSON, where an organiser gave a list
 */
export function useWorkplaces(address) {
  const [places, setPlaces] = useState(/** @type {string[] | null} */ (null));
  if (!address) return { attributes: {}, list: null };
  async function fetchOnce() {
    if (places) return;
    setPlaces([]);
    // Without the list the field is a plain one.
    setPlaces(await fetch(/** @type {string} */ (address)).then((answer) => answer.json(), () => []));
  }
  const attributes = { list: "workplaces", onFocus: fetchOnce };
  const list = html`<datalist id="workplaces">
    ${(places || []).map((place) => html`<option value=${place} />`)}
  </datalist>`;
  return { attributes, list };
}
