"""What axe finds in a page: WCAG 2.2 AA, and its own best practices.

Half of its time goes into understanding the same few colours again; here it keeps
what it has understood. Only what is wrong leaves the page.
"""

from typing import Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page
from playwright.sync_api import Page as SyncPage

LOADED: Final = "'axe' in window"
KNOWN_COLOURS: Final = """
  const colour = axe.commons.color.Color.prototype;
  const understood = colour.parseString;
  const known = new Map();
  colour.parseString = function (text) {
    const parts = known.get(text);
    if (parts) [this.r, this.g, this.b, this.alpha] = parts;
    else {
      understood.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    return this;
  };
"""
SCRIPT: Final = f"{AXE_SCRIPT};{{{KNOWN_COLOURS}}}; undefined"
"""Ends with no function: Playwright would call it."""

RUN: Final = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}"""


async def violations(page: Page) -> list[str]:
    """Return what is wrong, each with the element at fault."""
    if not await page.evaluate(LOADED):
        await page.evaluate(SCRIPT)
    found: list[str] = await page.evaluate(RUN)
    return found


def violations_now(page: SyncPage) -> list[str]:
    """Return what is wrong in a page of Playwright's other interface."""
    if not page.evaluate(LOADED):
        page.evaluate(SCRIPT)
    found: list[str] = page.evaluate(RUN)
    return found
