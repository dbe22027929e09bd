"""Pictures for the docs: smaller files, and one picture made of three.

The montage is an HTML page drawn by the browser that took the pictures; it knows
nothing of the show.
"""

import base64
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import Browser

PICTURES: Final = Path(__file__).parents[3] / "docs" / "pictures"

LONGEST: Final = {"show": 1_360, "overlay": 960, "panel": 1_366, "phone": 1_200}
"""Longest side of each kind, in pixels; the kind begins the file's name."""

SOFT: Final = frozenset({"show", "overlay"})
"""Kinds with light that would show steps."""

HERO: Final = """\
<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; width: 1600px; height: 1220px; position: relative;
    overflow: hidden; background: #0b2a4a; }
  figure { position: absolute; margin: 0; overflow: hidden; background: #061729;
    box-shadow: 0 24px 60px rgba(0, 0, 0, .5); }
  img { display: block; width: 100%; }
  .stage { left: 44px; top: 44px; width: 1156px; border-radius: 14px;
    outline: 10px solid #020a14; }
  .panel { left: 172px; top: 672px; width: 900px; border-radius: 12px;
    outline: 8px solid #dbe4ec; }
  .phone { left: 1240px; top: 300px; width: 316px; border-radius: 34px;
    outline: 10px solid #020a14; }
</style>
<figure class="stage"><img src="STAGE"></figure>
<figure class="panel"><img src="PANEL"></figure>
<figure class="phone"><img src="PHONE"></figure>
"""


LIGHTS: Final = (
    (0.15, 0.05, 0.22, "#c9a878"),
    (0.55, 0.00, 0.26, "#b98d6a"),
    (0.92, 0.15, 0.24, "#5f93a8"),
)
"""Blurred studio lights: centre x, y and radius as shares, and a colour."""


def on_camera(png: bytes) -> bytes:
    """Lay a transparent overlay over something like a camera out of focus."""
    overlay = Image.open(io.BytesIO(png)).convert("RGBA")
    small = (overlay.width // 8, overlay.height // 8)
    camera = Image.new("RGB", small, "#2b3a4f")
    draw = ImageDraw.Draw(camera)
    for x, y, radius, colour in LIGHTS:
        size = radius * min(small)
        cx, cy = x * small[0], y * small[1]
        draw.ellipse((cx - size, cy - size, cx + size, cy + size), fill=colour)
    camera = camera.filter(ImageFilter.GaussianBlur(min(small) / 5))
    whole = camera.resize(overlay.size, Image.Resampling.BICUBIC).convert("RGBA")
    whole.alpha_composite(overlay)
    return _png(whole)


@dataclass(slots=True)
class Album:
    """Pictures by file name, encoded at the end.

    Encoding takes a second, and the simulated phones live in the same loop: in
    mid-question it would make all of them tap at the same moment.
    """

    taken: dict[str, bytes] = field(default_factory=dict)

    def write(self) -> None:
        """Write every picture to docs/pictures, as small as it may be."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, png in self.taken.items():
            kind = name.split("-")[0].removesuffix(".png")
            _smaller(png, LONGEST[kind], soft=kind in SOFT).save(
                PICTURES / name, optimize=True
            )


def _smaller(png: bytes, longest: int, *, soft: bool) -> Image.Image:
    """Return the picture with 256 colours, at most `longest` pixels long."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    few = picture.quantize(256, Image.Quantize.MAXCOVERAGE)
    if soft:  # Pillow spreads the error only over a palette given to it
        few = picture.quantize(palette=few, dither=Image.Dither.FLOYDSTEINBERG)
    return few


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


async def hero(browser: Browser, *, stage: bytes, panel: bytes, phone: bytes) -> bytes:
    """Return one picture of the overlay, the panel and the phone together."""
    page = await browser.new_page(viewport={"width": 1600, "height": 1220})
    drawn = HERO
    for place, png in (("STAGE", stage), ("PANEL", panel), ("PHONE", phone)):
        url = "data:image/png;base64," + base64.b64encode(png).decode()
        drawn = drawn.replace(place, url)
    await page.set_content(drawn)
    montage = await page.screenshot()
    await page.close()
    return montage
