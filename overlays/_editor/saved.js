// @ts-check
// A theme as one zip, to be unpacked into the server's folder of themes: theme.css is
// what overlays wear, theme.json what this editor reads again, beside logo and font.

import { parse } from "./contrast.js";
import { Fault, fontOf, logoOf, small } from "./files.js";
import { COLOURS, face, NAME, rule } from "./themefile.js";
import { unzipped, zipped } from "./zip.js";

const MOST = 2048 * 1024;

/**
 * @typedef {object} Theme
 * @property {string} name of its folder
 * @property {string} base the theme it began with
 * @property {Record<string, string>} colours variable → value
 * @property {import("./files.js").Logo | null} logo
 * @property {import("./files.js").Font | null} font
 */

/**
 * @param {Theme} theme `colours` are all that its sheet sets
 * @param {(colour: string) => string} opaque the colour as "#rrggbb"
 */
export function saved({ name, base, colours, logo, font }, opaque) {
  // In a variable an address counts from the kit's sheet, in a rule from its own.
  const picture = logo ? `url("../_themes/${name}/${logo.file}")` : "none";
  const css = [
    `/* Theme "${name}": themes/${name}/theme.css */\n`,
    ...(font ? [face(name, font)] : []),
    rule(colours, opaque, { logo: picture, family: font ? name : "" }),
  ].join("\n");
  const said = {
    name, base,
    colours: Object.fromEntries(COLOURS.map((one) => [one.slice(4), colours[one]])),
    ...(logo && { logo: logo.file }), ...(font && { font: font.file }),
  };
  const text = new TextEncoder();
  return zipped([
    [`${name}/theme.css`, text.encode(css)],
    [`${name}/theme.json`, text.encode(`${JSON.stringify(said, null, 2)}\n`)],
    ...[logo, font].flatMap((one) => (one ? [/** @type {[string, Uint8Array]} */ ([`${name}/${one.file}`, one.bytes])] : [])),
  ]);
}

/** What a theme.json says. @param {string} file @param {Uint8Array} bytes */
function readTheme(file, bytes) {
  let said;
  try {
    said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Fault("theme.fault.json", { file });
  }
  const wrong = (/** @type {string} */ field) => new Fault("theme.fault.field", { file, field });
  const { name, base = "", colours, logo = "", font = "" } = said || {};
  for (const [field, value] of Object.entries({ name, base, logo, font })) if (typeof value !== "string") throw wrong(field);
  if (!new RegExp(`^${NAME}$`).test(name)) throw wrong("name");
  if (typeof colours !== "object" || !colours) throw wrong("colours");
  const chosen = COLOURS.filter((one) => one.slice(4) in colours).map((one) => [one, colours[one.slice(4)]]);
  for (const [one, value] of chosen) {
    const parts = typeof value === "string" && parse(value);
    if (!parts || !parts.every(Number.isFinite)) throw wrong(`colours.${one.slice(4)}`);
  }
  return { name, base, logo, font, chosen: /** @type {Record<string, string>} */ (Object.fromEntries(chosen)) };
}

/** A theme as it was saved. @param {string} file its name @param {Uint8Array} bytes of the zip @returns {Promise<Theme>} */
export async function themeOf(file, bytes) {
  small(file, bytes, MOST);
  const all = await unzipped(bytes, 2 * MOST).catch(() => {
    throw new Fault("theme.fault.zip", { file });
  });
  const place = [...all.keys()].find((path) => /^([^/]+\/)?theme\.json$/.test(path));
  if (place === undefined) throw new Fault("theme.fault.empty", { file });
  const body = (/** @type {string} */ path) => {
    const found = all.get(place.slice(0, -"theme.json".length) + path);
    if (!found) throw new Fault("theme.fault.missing", { file, path });
    return found;
  };
  const { logo, font, chosen, ...said } = readTheme(`${file}: ${place}`, body("theme.json"));
  return {
    ...said,
    colours: chosen,
    logo: logo ? await logoOf(`${file}: ${logo}`, body(logo)) : null,
    font: font ? await fontOf(`${file}: ${font}`, body(font)) : null,
  };
}
