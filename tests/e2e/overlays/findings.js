// @ts-check
// Runs in the page: what television would complain about, in words.
() => {
  const root = getComputedStyle(document.documentElement);
  const said = (name) => Number.parseFloat(root.getPropertyValue(name));
  const u = innerWidth / said("--q-w");
  const safe = {
    left: said("--q-safe-x") * u - 1, right: innerWidth - said("--q-safe-x") * u + 1,
    top: said("--q-safe-top") * u - 1,
    bottom: innerHeight - said("--q-safe-bottom") * u + 1,
  };
  const found = [];
  const seen = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (Number(style.opacity) < 0.2 || style.visibility === "hidden") return false;
    }
    return true;
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
      if (box.left < safe.left || box.right > safe.right) found.push(`${words}: unsafe x`);
      if (box.top < safe.top || box.bottom > safe.bottom) found.push(`${words}: unsafe y`);
    }
  }
  for (const e of document.querySelectorAll("main *")) {
    if (e.closest("svg, .bar, .confetti") || !seen(e)) continue;
    const style = getComputedStyle(e);
    const name = e.dataset.part || e.className;
    if (style.textOverflow === "ellipsis") found.push(`${name}: ellipsis`);
    if (style.display === "inline" || style.overflowX === "visible") continue;
    if (e.scrollWidth > e.clientWidth + 1) found.push(`${name}: clipped in width`);
    if (e.scrollHeight > e.clientHeight + 1) found.push(`${name}: clipped in height`);
  }
  for (const digits of document.querySelectorAll("[data-part] .digits")) {
    const part = digits.closest("[data-part]").dataset.part;
    const lines = digits.getClientRects().length;
    if (seen(digits) && lines > 1) found.push(`${part}: number on two lines`);
  }
  for (const weight of ["500", "700"]) {
    if (!document.fonts.check(`${weight} 40px "Be Vietnam Pro"`, "Aạ")) {
      found.push(`weight ${weight} is not loaded`);
    }
  }
  return [...new Set(found)];
}
