"""`make shots`: one picture of all overlays, wide and tall, from their samples."""

import io
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.chromium import chromium
from tests.e2e.overlays import broadcast
from tests.e2e.overlays.overlays import DRAWN, MANIFESTS
from tests.e2e.overlays.scenarios import LAYOUTS
from tests.e2e.overlays.stand import Stand, assets
from tests.e2e.shots.canvas import PICTURES, on_camera

pytestmark = [pytest.mark.shots, pytest.mark.timeout(200)]

HEIGHT: Final = 264
GAP: Final = 10
COLUMNS: Final = 3


def test_a_sheet_of_all_overlays() -> None:
    """Each overlay with its own sample, over something like a camera."""
    cells = taken()
    wide = sum(image.width for image in cells[0]) + 2 * GAP
    rows = -(-len(cells) // COLUMNS)
    sheet = Image.new(
        "RGB", (wide * COLUMNS + GAP, (HEIGHT + GAP) * rows + GAP), "#e8edf2"
    )
    for at, pair in enumerate(cells):
        left = GAP + at % COLUMNS * wide
        for image in pair:
            sheet.paste(image, (left, GAP + at // COLUMNS * (HEIGHT + GAP)))
            left += image.width + GAP
    few = sheet.quantize(256, Image.Quantize.MAXCOVERAGE)
    soft = sheet.quantize(palette=few, dither=Image.Dither.FLOYDSTEINBERG)
    soft.save(PICTURES / "overlays.png", optimize=True)
    assert (PICTURES / "overlays.png").stat().st_size <= 800_000


def taken() -> list[list[Image.Image]]:
    """Return a wide and a tall picture of each overlay."""
    stand = Stand(files=assets())
    stand.start()
    cells = []
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        for name in ["stage", *(one for one in DRAWN if one != "stage")]:
            pair = []
            for layout, (width, height) in LAYOUTS.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                said = MANIFESTS[name]
                query = f"layout={layout}&demo={said.demo}&at={said.at}"
                page.goto(f"{stand.url}/overlay/{name}?{query}")
                page.locator('html[data-step]:not([data-step="0"])').wait_for(
                    state="attached"
                )
                page.wait_for_load_state("networkidle")
                broadcast.settle(page)
                png = on_camera(page.screenshot(omit_background=True))
                picture = Image.open(io.BytesIO(png)).convert("RGB")
                pair.append(
                    picture.resize(
                        (HEIGHT * width // height, HEIGHT), Image.Resampling.LANCZOS
                    )
                )
                page.close()
            cells.append(pair)
        browser.close()
    stand.stop()
    return cells
