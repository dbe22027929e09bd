// @ts-check
// A theme is a folder with a `theme.css` that changes variables of base.css (and
// whatever else CSS can change). It comes after our own sheets and before OBS's
// Custom CSS, so that each may overrule the one before.

const AGAIN_MS = 1000;
/** supplies.js waits for these. */
const OURS = "Be Vietnam Pro";
/** The look of base.css itself has no folder. */
const BUILT_IN = "bien";

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

/**
 * Put the theme's sheet behind ours; supplies.js waits until it is there. A name
 * that nobody knows gives the built-in look.
 * @param {string} name
 */
export async function dressTheme(name) {
  const before = document.querySelector("link[data-theme-sheet]");
  const { href } = new URL(`../_themes/${name}/theme.css`, import.meta.url);
  if (name === BUILT_IN || !(await exists(href))) {
    document.documentElement.dataset.theme = BUILT_IN;
    if (before) before.remove();
    return;
  }
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  sheet.dataset.themeSheet = name;
  const ours = document.querySelectorAll("link[rel=stylesheet]");
  (before || ours[ours.length - 1]).after(sheet);
  await new Promise((settled) => (sheet.onload = sheet.onerror = settled));
  // The old one goes once the new one is there: never a bare moment.
  if (before) before.remove();
  document.documentElement.dataset.theme = name;
  await ownFonts();
}

/** A theme's own faces come before the first picture, or the kit's stand in for them. */
const ownFonts = () =>
  Promise.all([...document.fonts]
    .filter(({ family }) => !family.includes(OURS))
    .map((face) => face.load().catch(() => null)));

/** The theme editor dresses what it frames, before texts find their size by the font. */
export async function dressDraft() {
  const frame = /** @type {any} */ (window.frameElement);
  if (frame && frame.dress) await frame.dress(document);
}

/** A server that is away for a moment is asked again. @param {string} href */
async function exists(href) {
  for (;;) {
    const answer = await fetch(href).catch(() => null);
    if (answer && answer.status < 500) return answer.ok;
    await wait(AGAIN_MS);
  }
}
