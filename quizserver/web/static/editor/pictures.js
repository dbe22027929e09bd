// @ts-check
// A picture on its way to the server: made small here, because a phone shows 1280
// pixels at most, and drawn anew, which leaves out where and with what it was taken.

import { t } from "../kit/texts.js";
import { call, packPath } from "./calls.js";

const MOST_SIDE = 1600;
const MOST_BYTES = 2 * 1024 * 1024;
/** @type {[string, string, number][]} kind, ending, quality: the first that is small enough */
const KINDS = [
  ["image/webp", "webp", 0.86],
  ["image/webp", "webp", 0.6],
  ["image/jpeg", "jpg", 0.8],
  ["image/jpeg", "jpg", 0.5],
];

/**
 * Send a picture. @param {string} pack @param {File} file
 * @returns {Promise<import("./calls.js").Said>} `data.image` is its name
 */
export async function sendPicture(pack, file) {
  const small = await shrunk(file).catch(() => null);
  if (!small) {
    return { ok: false, code: "picture", message: t("editor.error.picture"), flaws: [], data: {} };
  }
  const name = `${plain(file.name)}.${small.ending}`;
  return call(`${packPath(pack, "pictures")}?name=${encodeURIComponent(name)}`, { body: small.blob });
}

/** @param {File} file @returns {Promise<{ blob: Blob, ending: string } | null>} */
async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const brush = canvas.getContext("2d");
  if (!brush) return null;
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const [kind, ending, quality] of KINDS) {
    const blob = await new Promise((done) => canvas.toBlob(done, kind, quality));
    // A browser that cannot write a kind writes PNG instead.
    if (blob && blob.type === kind && blob.size <= MOST_BYTES) return { blob, ending };
  }
  return null;
}

/** "Ảnh chụp 1.PNG" → "anh-chup-1". @param {string} name */
function plain(name) {
  const stem = name.replace(/\.[^.]*$/u, "").toLowerCase().replace(/đ/gu, "d").normalize("NFD");
  const letters = stem.replace(/[\u0300-\u036f]/gu, "").replace(/[^a-z0-9]+/gu, "-");
  return letters.replace(/^-+|-+$/gu, "").slice(0, 60) || "anh";
}
