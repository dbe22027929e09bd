"""What television asks of a picture, as measurements of a page and a screenshot.

Every function returns findings in words; an empty list is a pass.
"""

import base64
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import CDPSession, Page

STILL: Final = """() => {
  for (const a of document.getAnimations()) {
    const { iterations } = a.effect.getComputedTiming();
    if (a.id !== "clock" && iterations !== Infinity) a.finish();
  }
}"""
"""Brings every animation to its end; the clock's bar goes on."""

LOOK: Final = (Path(__file__).parent / "findings.js").read_text("utf-8")
FINDINGS: Final = f"() => ({LOOK})().found"
"""What is wrong, without where the writing is."""

LEAST_CONTRAST: Final = 4.5
"""WCAG 2.2, 1.4.3: a phone that plays the stream makes large writing small."""

TOLERATED: Final = 0.06
"""Share of a text's box that may be worse: corners, neighbours, rounding."""

Colour = tuple[int, int, int]
GROUNDS: Final[tuple[Colour, ...]] = ((0, 0, 0), (255, 255, 255))
"""The darkest and the lightest that a camera can put behind a plate."""


def settle(page: Page) -> None:
    """Let everything that moves arrive."""
    page.evaluate(STILL)


def on_page(page: Page) -> list[str]:
    """Return what is too small, outside the safe area, clipped or in another font."""
    found: list[str] = page.evaluate(FINDINGS)
    return found


def picture(page: Page) -> Image.Image:
    """Return what OBS would composite, with its alpha."""
    shot = page.screenshot(omit_background=True)
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


@dataclass(frozen=True, slots=True)
class Camera:
    """Quick small pictures of a page with its alpha, some with the writing left out."""

    page: Page
    session: CDPSession
    scale: float

    def take(self, *, bare: bool = False, scale: float = 0) -> Image.Image:
        """Return the picture, at another scale if need be.

        `bare` shows what is behind the writing.
        """
        if bare:
            self.page.evaluate("document.documentElement.classList.add('bare')")
        size = self.page.viewport_size
        assert size is not None
        clip = {"x": 0, "y": 0, **size, "scale": scale or self.scale}
        shot = self.session.send(
            "Page.captureScreenshot",
            {"format": "png", "clip": clip, "optimizeForSpeed": True},
        )
        if bare:
            self.page.evaluate("document.documentElement.classList.remove('bare')")
        taken = Image.open(io.BytesIO(base64.b64decode(shot["data"])))
        return taken.convert("RGBA")


def camera(page: Page, scale: float) -> Camera:
    """Set a camera up for a page."""
    page.add_style_tag(
        content=".bare * { color: transparent !important; transition: none !important }"
    )
    session = page.context.new_cdp_session(page)
    session.send(
        "Emulation.setDefaultBackgroundColorOverride",
        {"color": {"r": 0, "g": 0, "b": 0, "a": 0}},
    )
    return Camera(page, session, scale)


def contrasts(
    bare: Image.Image, texts: list[dict[str, Any]], scale: float
) -> list[str]:
    """Return the writing that its own ground makes hard to read.

    `bare` is the picture without writing, `scale` its size to the page's; `texts`
    are those of findings.js.
    """
    found = []
    for text in texts:
        colour = tuple(int(n) for n in re.findall(r"[\d.]+", text["colour"])[:3])
        left, top, right, bottom = (edge * scale for edge in text["box"])
        box = (int(left) + 1, int(top) + 1, int(right), int(bottom))
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        pixels = bare.crop(box)
        opaque = pixels.getchannel("A").getextrema()[0] == 255  # no ground is seen
        grounds = GROUNDS[:1] if opaque else GROUNDS
        worst = min(_ratio_of(pixels, colour, ground) for ground in grounds)
        if worst < LEAST_CONTRAST:
            found.append(f"{text['words']}: contrast {worst:.2f}")
    return found


def _ratio_of(pixels: Image.Image, colour: tuple[int, ...], ground: Colour) -> float:
    """Return the contrast that all but the tolerated share of the pixels have."""
    under = Image.new("RGBA", pixels.size, (*ground, 255))
    under.alpha_composite(pixels)
    # Four bits a channel: fewer colours to count, an error of 3 % at most.
    few = under.convert("RGB").point(lambda value: min(255, (value + 8) // 16 * 16))
    counted: Any = few.getcolors(pixels.width * pixels.height)
    left = TOLERATED * pixels.width * pixels.height
    worst_first = sorted((ratio(colour, back), count) for count, back in counted)
    for found, count in worst_first:
        left -= count
        if left < 0:
            return found
    return worst_first[-1][0]


@lru_cache(maxsize=4096)
def luminance(colour: tuple[int, ...]) -> float:
    """Return the relative luminance (WCAG 2.2) of red, green, blue, 0 to 1."""
    shares = [part / 255 for part in colour]
    red, green, blue = (
        s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: tuple[int, ...], two: tuple[int, ...]) -> float:
    """Return the contrast of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)
