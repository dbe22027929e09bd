"""Every state of every face in one picture: the contact sheet of the docs.

The tests of each face keep their pictures here; the last one lays them out.
"""

import base64
import io
import shutil
from html import escape
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser

from tests.e2e.shots.canvas import PICTURES

KEPT: Final = Path(__file__).parents[3] / "build" / "sheet"
"""Where the pictures wait; one folder for each face."""

FACES: Final = {
    "phone": ("Điện thoại", 143),
    "panel": ("Bàn điều khiển", 374),
    "editor": ("Soạn câu hỏi", 374),
    "overlay": ("Lớp phủ truyền hình", 300),
}
"""What each folder is called on the sheet, and how wide a picture is there."""

WIDTH: Final = 1_600
BEHIND: Final = "#3d4c5f"
"""In place of a camera: soft light would fall into bands in so few colours."""

PAGE: Final = f"""\
<!doctype html><meta charset="utf-8"><style>
  body {{ margin: 0; width: {WIDTH}px; background: #0b2a4a; color: #fff;
    font: 13px/1.3 sans-serif; }}
  h1 {{ margin: 24px 22px 4px; font-size: 24px; }}
  section {{ display: flex; flex-wrap: wrap; gap: 14px; padding: 10px 22px; }}
  figure {{ margin: 0; }}
  img {{ display: block; width: 100%; border-radius: 6px; }}
  figcaption {{ padding-top: 4px; color: #c9dbef; overflow-wrap: anywhere; }}
</style>"""


def forget(face: str) -> None:
    """Throw away the pictures of a face that an earlier run kept."""
    shutil.rmtree(KEPT / face, ignore_errors=True)


def keep(face: str, name: str, png: bytes) -> None:
    """Keep one picture for the sheet, under what stands below it."""
    folder = KEPT / face
    folder.mkdir(parents=True, exist_ok=True)
    number = len(list(folder.iterdir()))
    (folder / f"{number:03} {name}.png").write_bytes(png)


async def contact_sheet(browser: Browser) -> None:
    """Lay out all that was kept; write docs/pictures/contact-sheet.png."""
    html = PAGE + "".join(_section(face) for face in FACES)
    page = await browser.new_page(viewport={"width": WIDTH, "height": 900})
    await page.set_content(html)
    png = await page.screenshot(full_page=True)
    await page.close()
    few = Image.open(io.BytesIO(png)).convert("RGB")
    few = few.quantize(256, Image.Quantize.MAXCOVERAGE)
    few.save(PICTURES / "contact-sheet.png", optimize=True)


def _section(face: str) -> str:
    title, width = FACES[face]
    pictures = sorted((KEPT / face).iterdir())
    assert pictures, f"no pictures of {face}: run all of `make shots`"
    figures = "".join(_figure(path, face, width) for path in pictures)
    return f"<h1>{title} · {face}</h1><section>{figures}</section>"


def _figure(path: Path, face: str, width: int) -> str:
    picture = Image.open(path).convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, BEHIND), picture)
    if picture.height > picture.width and face == "overlay":
        width = width * 9 // 16 * 9 // 16  # as high as those that lie
    height = picture.height * width // picture.width
    small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    data = io.BytesIO()
    small.save(data, "PNG")
    url = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
    label = escape(path.stem.partition(" ")[2])
    return (
        f'<figure style="width:{width}px"><img src="{url}">'
        f"<figcaption>{label}</figcaption></figure>"
    )
