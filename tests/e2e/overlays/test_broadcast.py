"""Every scenario of the kit, frame by frame, held to what television asks."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from tests.e2e.overlays import broadcast
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import LAYOUTS, NAMES, Frame, frames
from tests.e2e.overlays.stand import Stand

pytestmark = pytest.mark.browser

FACE = (0, 0, 1280, 324)
"""Where the presenter's face is at 1920 × 1080: left, top, right, bottom."""

HELD_BACK_MS = 8000
"""Longest time a part holds something back on purpose (the standings' old order)."""


def played(page: Page, stand: Stand, name: str) -> Iterator[Frame]:
    """Send the scenario live and stop at each frame when nothing moves any more."""
    for frame in frames(name):
        if frame.index:
            stand.say(frame.message)
        page.locator(f'html[data-step="{frame.step}"]').wait_for(state="attached")
        if frame.message["type"] == "presence":
            settle_presence(page, frame)
        if frame.message["type"] == "standings":
            page.locator("[data-part=standings][data-settled]").wait_for(
                timeout=HELD_BACK_MS
            )
        page.locator("[data-leaving]").wait_for(state="detached")
        broadcast.settle(page)
        yield frame


def settle_presence(page: Page, frame: Frame) -> None:
    """Wait until the count stands in the picture (it carries no step)."""
    part = "answered" if "answered" in frame.message else "online"
    count = f"{frame.message[part]:,}".replace(",", ".")
    spaced = page.locator(f"[data-part={part}]")
    spaced.filter(has_text=count).wait_for()


FAULTS = {
    "below the floor": ".option-text { font-size: 0.38rem }",
    "unsafe x": ".question-text { margin-left: -0.6rem }",
    "unsafe y": ".layers { top: -6rem }",
    "clipped in height": ".option-plate { min-height: 0; height: 0.4rem }",
    "number on two lines": ".tab { width: 1.2rem; white-space: normal }",
    "other font": ".question-text { font-family: serif }",
    "ellipsis": ".question-text { text-overflow: ellipsis }",
}


@pytest.mark.parametrize(("complaint", "css"), FAULTS.items())
def test_the_lint_sees_a_planted_fault(
    opened: Opened, complaint: str, css: str
) -> None:
    page = opened(query="&demo=show&at=5", key="")
    page.locator("[data-part=option]").first.wait_for()
    assert broadcast.on_page(page) == []
    page.add_style_tag(content=css)
    assert any(complaint in found for found in broadcast.on_page(page))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NAMES)
def test_every_frame_of_a_scenario_is_fit_for_air(
    opened: Opened, stand: Stand, tmp_path: Path, name: str, layout: str
) -> None:
    """The presenter's face (upper left two thirds in 16:9) stays free as well.

    The longest texts a pack may hold are the exception: they must be read.
    """
    stand.snapshot = frames(name)[0].message
    page = opened(layout, "&seal=1")
    for frame in played(page, stand, name):
        where = f"{name} frame {frame.index} ({frame.message['type']}) {layout}"
        assert broadcast.on_page(page) == [], where
        if frame.message["type"] == "presence":
            continue
        shot = tmp_path / f"{name}-{frame.index:02}-{layout}.png"
        image = broadcast.picture(page, shot)
        assert broadcast.corners(image) == [], where
        if layout == "16x9" and name != "long":
            assert broadcast.alpha_max(image, FACE) == 0, where


@pytest.mark.parametrize("layout", LAYOUTS)
def test_english_is_fit_for_air_too(opened: Opened, stand: Stand, layout: str) -> None:
    stand.snapshot = frames("show")[0].message
    page = opened(layout, "&lang=en")
    seen = []
    for frame in played_in_english(page, stand):
        seen.append(page.locator("main").inner_text())
        assert broadcast.on_page(page) == [], f"frame {frame.index}"
    assert "Question" in " ".join(seen)
    assert "Standings" in " ".join(seen)


def played_in_english(page: Page, stand: Stand) -> Iterator[Frame]:
    """As `played`, without counts (they are grouped another way)."""
    for frame in frames("show"):
        if frame.message["type"] == "presence":
            continue
        if frame.index:
            stand.say(frame.message)
        page.locator(f'html[data-step="{frame.step}"]').wait_for(state="attached")
        page.locator("[data-leaving]").wait_for(state="detached")
        broadcast.settle(page)
        yield frame


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_question_keeps_its_floor_where_the_text_allows(
    opened: Opened, stand: Stand, layout: str
) -> None:
    stand.snapshot = frames("show")[0].message
    page = opened(layout)
    for frame in played(page, stand, "show"):
        if frame.message["type"] not in {"asked", "roll", "open", "locked"}:
            continue
        size = page.locator("[data-part=question-text]").evaluate(
            "e => Number.parseFloat(getComputedStyle(e).fontSize)"
        )
        assert size >= 64, f"frame {frame.index}: {size} px"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_code_is_read_after_a_poor_stream(
    opened: Opened, stand: Stand, layout: str
) -> None:
    """At 360 lines and JPEG quality 60, as a bad stream leaves it."""
    stand.snapshot = frames("show")[0].message
    page = opened(layout)
    page.locator("[data-part=qr]:not([data-wait])").wait_for()
    box = page.locator("[data-part=qr]").bounding_box()
    assert box is not None
    assert box["width"] >= 300
    image = broadcast.picture(page)
    grey = Image.new("RGBA", image.size, (120, 110, 100, 255))
    grey.alpha_composite(image)
    short = 360 / min(image.size)
    small = grey.convert("RGB").resize(
        (round(image.width * short), round(image.height * short))
    )
    poor = io.BytesIO()
    small.save(poor, "JPEG", quality=60)
    read = [code.text for code in zxingcpp.read_barcodes(Image.open(poor))]
    assert read == ["HTTPS://QUIZ.VN/CCHC1"]
