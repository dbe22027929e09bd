// @ts-check
// The editor's line icons beside those of the panel, on the same 24 × 24 grid.

import { html } from "../kit/html.js";

/** @type {Record<string, string>} */
const PATHS = {
  up: "M12 19V6M6 11.5 12 5.5l6 6",
  down: "M12 5v13M6 12.5l6 6 6-6",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  plus: "M12 5v14M5 12h14",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9h.01",
  back: "M19 12H6M11.5 6l-6 6 6 6",
  save: "M5 4h11l3 3v13H5zM8 4v5h7V4M8 20v-6h8v6",
  out: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  into: "M12 16V5M7 9.5l5-5 5 5M5 20h14",
  find: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M15.5 15.5 20 20",
  play: "M7 4.5v15l12-7.5Z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6L6 18",
  alert: "M12 4l9 16H3zM12 10v4M12 17h.01",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8M12 2v2M12 20v2M2 12h2M20 12h2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
};

/** @param {{ name: string, size?: number }} props */
export const Mark = ({ name, size = 20 }) =>
  html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path
      d=${PATHS[name]}
      fill="none"
      stroke="currentColor"
      stroke-width=${name === "grip" ? 3 : 2}
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>`;
