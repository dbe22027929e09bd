// @ts-check
// What CasparCG calls on a template's page (play, stop, next, update), done by the graphic
// that OGraf renderers use. Others that drive HTML templates call the same names.

const ELEMENT = "quiz-overlay";

/**
 * Data as CasparCG gives them: JSON, or its own XML (`componentData` with an id).
 * @param {unknown} text @returns {Record<string, unknown>} nothing when it is neither
 */
function dataOf(text) {
  if (text && typeof text === "object") return /** @type {any} */ (text);
  const said = String(text ?? "").trim();
  if (said.startsWith("<")) {
    const parts = [...new DOMParser().parseFromString(said, "text/xml").querySelectorAll("componentData")];
    return Object.fromEntries(parts.map((part) => {
      const data = part.querySelector("data");
      return [part.id, (data && data.getAttribute("value")) || ""];
    }));
  }
  try {
    return { ...JSON.parse(said) };
  } catch {
    return {};
  }
}

/** @param {any} Graphic the class that the package's module exports */
export function adapt(Graphic) {
  customElements.define(ELEMENT, Graphic);
  const graphic = /** @type {any} */ (document.createElement(ELEMENT));
  document.body.append(graphic);
  graphic.load();
  Object.assign(window, {
    update: (/** @type {unknown} */ text) => graphic.updateAction({ data: dataOf(text) }),
    play: () => graphic.playAction(),
    next: () => graphic.playAction(),
    stop: () => graphic.stopAction(),
  });
}
