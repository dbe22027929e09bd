"""A question's picture is seen whole, whatever else is on."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.script import LOBBY, conn, open_question
from tests.e2e.overlays.stand import Stand

pytestmark = pytest.mark.browser

SIZE = (640, 400)
SAFE = 54
"""Design pixels that stay free above everything in the wide layout."""


def drawn() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", SIZE, (15, 163, 177)).save(kept, "PNG")
    return kept.getvalue()


@pytest.mark.parametrize("layout", ["16x9", "9x16"])
def test_picture_gives_way_to_a_notice_and_is_not_cut(
    opened: Opened, stand: Stand, layout: str
) -> None:
    stand.snapshot = LOBBY
    page = opened(layout)
    conn(page, "live")
    page.route("**/chart.png", lambda route: route.fulfill(body=drawn()))
    state = open_question(14_000)
    state["question"]["image"] = "/chart.png"
    stand.say(state)
    picture = page.locator(".picture img")
    expect(picture).to_be_visible()
    text = page.locator("[data-part=question-text]")
    alone = text.evaluate("e => getComputedStyle(e).fontSize")
    stand.say({**state, "notice": "Mời quý vị chuẩn bị điện thoại.", "step": 5})
    expect(page.locator("[data-part=notice]")).to_be_visible()
    page.evaluate("document.getAnimations().forEach((a) => a.finish())")
    box = picture.bounding_box()
    assert box is not None
    assert box["y"] >= SAFE - 1
    # What stands around the picture is as wide on every side.
    frame = 2 * 12
    ratio = (box["width"] - frame) / (box["height"] - frame)
    assert ratio == pytest.approx(SIZE[0] / SIZE[1], rel=0.05)
    assert text.evaluate("e => getComputedStyle(e).fontSize") == alone
