// @ts-check
// Which variables the form has, and the theme file made of them. Pure.

/** Colours by group; a plate's colour may let the camera through. */
export const GROUPS = {
  plates: ["surface", "surface-light", "primary", "row", "slate-light"],
  writing: ["text", "muted"],
  marks: ["accent", "on-accent", "info", "on-info"],
  options: ["a", "b", "c", "d", "e", "f", "on-option"],
};

/** What changes with the others and has no field of its own. @type {Record<string, [of: string, alpha: number]>} */
const FOLLOW = {
  line: ["text", 0.16], track: ["text", 0.14], share: ["info", 0.4], glow: ["accent", 0.55],
};

/** What a theme keeps of the one it began with and has no field either. */
export const KEPT = ["--q-light", "--q-wave", "--q-shadow", "--q-radius"];

export const COLOURS = Object.values(GROUPS).flat().map((name) => `--q-${name}`);

/** What a folder may be called. */
export const NAME = "[a-z0-9][a-z0-9\\-]{0,39}";

/** "#rrggbb" of three numbers. @param {number[]} parts */
export const hex = (parts) =>
  `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

/** @param {string} colour "#rrggbb" @param {number} alpha 0–1 */
export const withAlpha = (colour, alpha) => {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return alpha >= 1 ? colour : `rgba(${parts.join(", ")}, ${alpha})`;
};

/**
 * @param {Record<string, string>} theme variable → value
 * @param {(colour: string) => string} opaque the colour as "#rrggbb"
 */
function followers(theme, opaque) {
  return Object.entries(FOLLOW).map(
    ([name, [of, alpha]]) => [`--q-${name}`, withAlpha(opaque(theme[`--q-${of}`]), alpha)],
  );
}

/**
 * A rule for :root with everything the form says.
 * @param {Record<string, string>} theme @param {(colour: string) => string} opaque
 * @param {{ logo: string, family: string }} own an address or "none"; "" is the kit's font
 */
export function rule(theme, opaque, { logo, family }) {
  const fonts = `${family && `"${family}", `}"Be Vietnam Pro", "Segoe UI", sans-serif`;
  const all = [...Object.entries(theme), ...followers(theme, opaque), ["--q-logo", logo], ["--q-font-display", fonts]];
  return `:root {\n${all.map(([name, value]) => `  ${name}: ${value};\n`).join("")}}\n`;
}

/** A rule for a font beside the sheet. @param {string} family @param {import("./files.js").Font} font */
export const face = (family, { file, weight }) => `@font-face {
  font-family: "${family}"; font-weight: ${weight}; font-display: block;
  src: url("${file}") format("woff2");
}
`;
