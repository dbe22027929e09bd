// @ts-check
// Runs in an overlay: what it says that it shows, and what it really shows.
() => {
  const said = document.documentElement.dataset;
  const all = (/** @type {string} */ selector) =>
    /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
  // What is on its way out, or out of sight, belongs to the scene before.
  const here = (/** @type {string} */ selector) =>
    all(selector).filter((e) => !e.closest("[data-leaving], [data-gone]"));
  const texts = (/** @type {string} */ part) =>
    here(`[data-part=${part}]`).map((e) => e.textContent);
  const came = (/** @type {any} */ link) => {
    try {
      return Boolean(link.sheet && link.sheet.cssRules);
    } catch {
      return false;
    }
  };
  return {
    epoch: said.epoch || "", step: Number(said.step || 0), scene: said.scene || "",
    conn: said.conn || "", number: said.q || "",
    question: texts("question-text"), options: texts("option-text"),
    notice: texts("notice"), confetti: all("[data-part=confetti]").length > 0,
    marked: here("[data-correct]").length,
    right: here("[data-correct=true]").map((e) => (e.dataset.option || "").toUpperCase()),
    words: document.body ? document.body.innerText : "",
    moving: document.getAnimations().some((a) => a.id !== "clock" && a.playState === "running"),
    leaving: all("[data-leaving]").length > 0,
    unstyled: all("link[rel=stylesheet]").filter((link) => !came(link)).length,
    broken: /** @type {HTMLImageElement[]} */ (all("img")).filter((image) =>
      !image.closest("[data-wait]") && image.complete && !image.naturalWidth).map((image) => image.src),
    cut: here("main img").filter((e) => {
      const { left, top, right, bottom, width } = e.getBoundingClientRect();
      return width && (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight);
    }).length,
    waiting: all("[data-wait] img, .picture[hidden]").length,
  };
}
