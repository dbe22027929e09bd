// @ts-check
// Runs in the page: what television would complain about, in words, and where the
// writing is, so that its contrast can be measured in the picture.
() => {
  const root = getComputedStyle(document.documentElement);
  const said = (name) => Number.parseFloat(root.getPropertyValue(name));
  const u = innerWidth / said("--q-w");
  const safe = {
    left: said("--q-safe-x") * u - 1, right: innerWidth - said("--q-safe-x") * u + 1,
    top: said("--q-safe-top") * u - 1,
    bottom: innerHeight - said("--q-safe-bottom") * u + 1,
  };
  // Where there is little width, sentences may take two lines as well.
  const { layout, position } = document.documentElement.dataset;
  const beside = layout === "1x1" || position === "side";
  const found = [];
  const texts = [];
  const known = new Map();
  /** How opaque an element is; 0 = not there. */
  const shown = (e) => {
    if (!e) return 1;
    if (!known.has(e)) {
      const { visibility, opacity } = getComputedStyle(e);
      known.set(e, visibility === "hidden" ? 0 : opacity * shown(e.parentElement));
    }
    return known.get(e);
  };
  const seen = (e) => shown(e) >= 0.2;
  const outside = (name, box, right = safe.right) => {
    if (!box.width) return;
    if (box.left < safe.left || box.right > right) found.push(`${name}: unsafe x`);
    if (box.top < safe.top || box.bottom > safe.bottom) found.push(`${name}: unsafe y`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    const words = node.textContent.trim();
    if (!words || !seen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(parent);
    const size = Number.parseFloat(style.fontSize) / u;
    if (size < 39.9) found.push(`${words}: ${size.toFixed(1)} px is below the floor`);
    if (!style.fontFamily.includes("Be Vietnam Pro")) found.push(`${words}: other font`);
    for (const box of range.getClientRects()) {
      outside(words, box);
      // What stepped back on purpose (a wrong option) is not measured.
      if (shown(parent) < 0.5) continue;
      texts.push({ words, colour: style.color, box: [box.left, box.top, box.right, box.bottom] });
    }
  }
  for (const e of document.querySelectorAll(".plate, .option, .row, .code, .picture, .disc, .notice")) {
    // Beside the face a ground may run off the picture's edge; what it says may not.
    const right = position === "side" && e.matches(".plate, .option, .row") ? innerWidth + 1 : safe.right;
    if (seen(e)) outside(e.dataset.part || e.className, e.getBoundingClientRect(), right);
  }
  for (const e of document.querySelectorAll("main *")) {
    if (e.closest("svg, .bar, .confetti, .track, .test-run") || !seen(e)) continue;
    const style = getComputedStyle(e);
    const name = e.dataset.part || e.className;
    if (style.textOverflow === "ellipsis") found.push(`${name}: ellipsis`);
    if (style.display === "inline" || style.overflowX === "visible") continue;
    if (e.scrollWidth > e.clientWidth + 1) found.push(`${name}: clipped in width`);
    if (e.scrollHeight > e.clientHeight + 1) found.push(`${name}: clipped in height`);
  }
  for (const digits of document.querySelectorAll("[data-part] .digits")) {
    const holder = digits.closest("[data-part]");
    // A sentence may take two lines; a number with its word may not.
    if (holder.matches("p") && holder.closest(".ticker")) continue;
    if (beside && holder.matches(".lobby .count, .score")) continue;
    if (seen(digits) && digits.getClientRects().length > 1) {
      found.push(`${holder.dataset.part}: number on two lines`);
    }
  }
  for (const weight of ["500", "700"]) {
    if (!document.fonts.check(`${weight} 40px "Be Vietnam Pro"`, "Aạ")) {
      found.push(`weight ${weight} is not loaded`);
    }
  }
  return { found: [...new Set(found)], texts };
}
