// @ts-check
// Runs in a page: what it shows, and what a text has done to it that a text must not.
() => {
  const faults = window.trapped.splice(0);
  const made = "img[src='x'], svg[onload], [onmouseover], [onerror], b[id=hit], "
    + "script:not([src]):not([type='application/json'])";
  for (const e of document.querySelectorAll(made)) {
    faults.push(`element: ${e.outerHTML.slice(0, 80)}`);
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth + 1) faults.push(`the page is ${wide} of ${innerWidth} wide`);
  // Cut with three dots on purpose: the whole name is in its title.
  const dotted = (e) => {
    for (let at = e; at; at = at.parentElement) {
      if (getComputedStyle(at).textOverflow === "ellipsis") return true;
    }
    return false;
  };
  const scrolls = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(at);
      if (/auto|scroll/.test(overflowX + overflowY)) return true;
    }
    return false;
  };
  const seen = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (Number(style.opacity) < 0.2 || style.visibility === "hidden") return false;
      if (/^(unseen|sr-only)$/.test(at.className) || style.clip === "rect(0px, 0px, 0px, 0px)") {
        return false;
      }
    }
    return e.getClientRects().length > 0;
  };
  // A line that the log has no room for stands in a column that is out of sight.
  const waits = (e, box) => {
    const log = e.closest(".log-lines");
    return log !== null && box.left >= log.getBoundingClientRect().right;
  };
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    const text = node.textContent.replace(/\s+/g, " ").trim();
    if (!text || /^(SCRIPT|STYLE|TEMPLATE|NOSCRIPT)$/.test(parent.tagName)) continue;
    words.push(text);
    if (!seen(parent)) continue;
    const style = getComputedStyle(parent);
    const turned = /[\u0590-\u08ff]/.test(text) && !text.includes("\u2068");
    if (turned && style.display === "inline" && !/isolate|plaintext/.test(style.unicodeBidi)) {
      faults.push(`not isolated: ${text}`);
    }
    if (scrolls(parent) || dotted(parent) || parent.closest(".skip")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (waits(parent, box)) continue;
      if (box.left < -1 || box.right > innerWidth + 1) faults.push(`beyond the edge: ${text}`);
    }
  }
  for (const e of document.querySelectorAll("main *, .panel *")) {
    if (e.closest("svg, .bar, .confetti, .log-lines") || !seen(e) || scrolls(e)) continue;
    const style = getComputedStyle(e);
    if (style.display === "inline" || style.overflowX === "visible") continue;
    if (dotted(e)) continue;
    if (e.scrollWidth > e.clientWidth + 1) {
      faults.push(`cut in width: ${e.className}: ${e.textContent.trim().slice(0, 40)}`);
    }
  }
  return { text: words.join("\n"), faults: [...new Set(faults)] };
}
