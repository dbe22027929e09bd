// @ts-check
// The logo and the font of a theme: what kind a file is by its bytes, whether a browser
// can use it and whether it is small enough for the air. A drawing is only ever shown
// as a picture, where its scripts and addresses are dead.

const KB = 1024;
const MOST = { logo: 512 * KB, font: 1024 * KB };
/** Longest side of a picture, pixels: OBS keeps all of them in memory. */
const SIDE = 2048;
const CHECKED = "theme-checked";
const TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"];
const SMALL = [..."aăâeêioôơuưy"].flatMap((vowel) => TONES.map((tone) => (vowel + tone).normalize()));
const LETTERS = [...SMALL, "đ", ...SMALL.map((one) => one.toUpperCase()), "Đ", ..."0123456789"];

let turn = 0;

/** @typedef {{ file: string, bytes: Uint8Array, url: string }} Logo `url` is a data: address */
/** @typedef {{ file: string, bytes: Uint8Array, weight: string, turn: number }} Font `turn` tells it from others */

/** What is wrong with a file, as a text's key and what the text names. */
export class Fault extends Error {
  /** @param {string} key @param {Record<string, string | number>} vars */
  constructor(key, vars) {
    super(key);
    this.vars = vars;
  }
}

/** Throws for a file that is too large. @param {string} file @param {Uint8Array} bytes @param {number} most */
export function small(file, bytes, most) {
  if (bytes.length <= most) return;
  throw new Fault("theme.fault.big", { file, size: Math.ceil(bytes.length / KB), most: most / KB });
}

/** @param {Uint8Array} bytes @returns {[ending: string, mime: string] | null} */
function pictureKind(bytes) {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return ["png", "image/png"];
  if (/^RIFF[^]{4}WEBP/.test(head)) return ["webp", "image/webp"];
  const drawing = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml");
  return drawing.documentElement.localName === "svg" ? ["svg", "image/svg+xml"] : null;
}

/** @param {Blob} blob @returns {Promise<string>} */
const dataUrl = (blob) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(String(reader.result));
  reader.onerror = () => failed(reader.error);
  reader.readAsDataURL(blob);
});

/** @param {string} file its name @param {Uint8Array} bytes @returns {Promise<Logo>} */
export async function logoOf(file, bytes) {
  small(file, bytes, MOST.logo);
  const kind = pictureKind(bytes);
  if (!kind) throw new Fault("theme.fault.logo", { file });
  const url = await dataUrl(new Blob([bytes], { type: kind[1] }));
  const picture = Object.assign(new Image(), { src: url });
  await picture.decode().catch(() => {
    throw new Fault("theme.fault.picture", { file });
  });
  const [width, height] = [picture.naturalWidth, picture.naturalHeight];
  if (kind[0] !== "svg" && Math.max(width, height) > SIDE) {
    throw new Fault("theme.fault.sides", { file, width, height, most: SIDE });
  }
  return { file: `logo.${kind[0]}`, bytes, url };
}

/** Letters that the face leaves to others: each is as wide as theirs, twice. */
function missing() {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const width = (/** @type {string} */ font, /** @type {string} */ text) =>
    Object.assign(pen, { font: `100px ${font}` }).measureText(text).width;
  return LETTERS.filter((one) => ["serif", "monospace"].every(
    (other) => width(`"${CHECKED}", ${other}`, one) === width(other, one),
  ));
}

/** A face of many weights is wider where it is bolder. */
function variable() {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const [thin, bold] = [100, 900].map((weight) =>
    Object.assign(pen, { font: `${weight} 100px "${CHECKED}"` }).measureText("Quảng Ninh").width);
  return thin !== bold;
}

/** @param {string} file its name @param {Uint8Array} bytes @returns {Promise<Font>} */
export async function fontOf(file, bytes) {
  small(file, bytes, MOST.font);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "wOF2") throw new Fault("theme.fault.font", { file });
  const face = new FontFace(CHECKED, bytes.slice().buffer, { weight: "100 900" });
  await face.load().catch(() => {
    throw new Fault("theme.fault.face", { file });
  });
  document.fonts.add(face);
  try {
    const letters = missing();
    if (letters.length) throw new Fault("theme.fault.letters", { file, letters: letters.slice(0, 8).join(" ") });
    // A face of one weight says so, and the browser thickens it where bold is asked for.
    return { file: "font.woff2", bytes, weight: variable() ? "100 900" : "500", turn: (turn += 1) };
  } finally {
    document.fonts.delete(face);
  }
}
