// @ts-check
// What must be there before anything is drawn: style sheets and fonts. A server
// that dies while the page loads leaves some of them out, and half a picture is
// worse on air than none; so they are asked for again until all have come.

const AGAIN_MS = 1000;
/** A machine that takes no fonts from a server that answers gets its own ones. */
const REFUSED_TRIES = 20;

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

const sheets = () =>
  /** @type {HTMLLinkElement[]} */ ([...document.querySelectorAll("link[rel=stylesheet]")]);

/** Whether a style sheet came: the rules of one that failed cannot be read. @param {HTMLLinkElement} link */
function came(link) {
  try {
    return Boolean(link.sheet && link.sheet.cssRules);
  } catch {
    return false;
  }
}

/**
 * Ask for a style sheet anew. It keeps its place: later sheets win. Its fonts are
 * new ones as well; a font that failed once is never asked for again by itself.
 * @param {HTMLLinkElement} old @returns {Promise<void>} when it came or failed
 */
function renew(old) {
  const sheet = /** @type {HTMLLinkElement} */ (old.cloneNode());
  return new Promise((settled) => {
    sheet.onload = sheet.onerror = () => settled();
    old.replaceWith(sheet);
  });
}

/** Both weights, both subsets. @returns {Promise<boolean>} whether all are there */
async function fonts() {
  try {
    const found = await Promise.all(["500", "700"].map((weight) =>
      document.fonts.load(`${weight} 64px "Be Vietnam Pro"`, "Aạ9"),
    ));
    return found.every((faces) => faces.length > 0);
  } catch {
    return false;
  }
}

/** Whether the server answers now: not the browser's cache. */
const answers = () =>
  fetch(import.meta.url, { cache: "no-store" }).then((answer) => answer.ok, () => false);

let ours = false;

/** Whether our font came and no other failed, a theme's for instance: hosts are told. */
export const fontsCame = () =>
  ours && [...document.fonts].every(({ status }) => status !== "error");

/** Wait until nothing is missing that the first picture needs. */
export async function supplies() {
  let refused = 0;
  for (;;) {
    const missing = sheets().filter((sheet) => !came(sheet));
    ours = !missing.length && (await fonts());
    if (ours) return;
    if (!missing.length && (await answers())) refused += 1;
    if (refused >= REFUSED_TRIES) return;
    await wait(AGAIN_MS);
    await Promise.all((missing.length ? missing : sheets()).map(renew));
  }
}
