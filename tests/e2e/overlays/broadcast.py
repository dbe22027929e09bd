"""What television asks of a picture, as measurements of a page and a screenshot.

Every function returns findings in words; an empty list is a pass.
"""

import io
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Page

STILL: Final = """() => {
  for (const a of document.getAnimations()) if (a.id !== "clock") a.finish();
}"""
"""Brings every animation to its end; the clock's bar goes on."""

FINDINGS: Final = (Path(__file__).parent / "findings.js").read_text("utf-8")


def settle(page: Page) -> None:
    """Let everything that moves arrive."""
    page.evaluate(STILL)


def on_page(page: Page) -> list[str]:
    """Return what is too small, outside the safe area, clipped or in another font."""
    found: list[str] = page.evaluate(FINDINGS)
    return found


def picture(page: Page, keep: Path | None = None) -> Image.Image:
    """Return what OBS would composite, with its alpha; `keep` is where it stays."""
    shot = page.screenshot(omit_background=True, path=keep)
    return Image.open(io.BytesIO(shot)).convert("RGBA")


def alpha_max(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Return the most opaque alpha within left, top, right, bottom."""
    extrema: Any = image.crop(box).getchannel("A").getextrema()
    return int(extrema[1])


def corners(image: Image.Image) -> list[str]:
    """Return the corners (2 % of each side) that are not transparent."""
    w, h = image.size
    dx, dy = w // 50, h // 50
    boxes = {
        "upper left": (0, 0, dx, dy),
        "upper right": (w - dx, 0, w, dy),
        "lower left": (0, h - dy, dx, h),
        "lower right": (w - dx, h - dy, w, h),
    }
    return [name for name, box in boxes.items() if alpha_max(image, box)]
