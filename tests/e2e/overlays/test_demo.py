"""Scenarios without a show: what a designer opens in a browser."""

import pytest
from playwright.sync_api import expect

from tests.e2e.overlays import broadcast
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.stand import Stand

pytestmark = pytest.mark.browser

SCENES = """() => {
  window.scenes = new Set();
  const note = () => window.scenes.add(document.documentElement.dataset.scene);
  new MutationObserver(note).observe(document, { attributes: true, subtree: true });
}"""
"""Keeps what was on, however briefly."""


def test_a_scenario_stands_still_on_the_frame_asked_for(
    opened: Opened, stand: Stand
) -> None:
    page = opened(query="&demo=show&at=10", key="")
    expect(page.locator("[data-part=place]")).to_have_count(3)
    expect(page.locator("html")).to_have_attribute("data-demo", "show")
    assert page.evaluate("document.getAnimations().length") == 0
    assert stand.hellos.empty(), "no server is asked"


def test_a_scenario_plays_by_itself(opened: Opened, stand: Stand) -> None:
    page = opened(query="&demo=show&speed=20", key="", before=SCENES)
    page.wait_for_function("() => window.scenes.has('standings')")
    assert {"lobby", "open", "revealed"} <= set(page.evaluate("[...window.scenes]"))


def test_the_lobby_of_a_scenario_has_a_code_of_its_own(
    opened: Opened, stand: Stand
) -> None:
    page = opened(query="&demo=show&at=0", key="")
    page.locator("[data-part=qr]:not([data-wait])").wait_for()
    assert [path for path in stand.asked if path.endswith("/CCHC1/qr.svg")] == []


def test_an_unknown_scenario_draws_nothing(opened: Opened, stand: Stand) -> None:
    page = opened(query="&demo=no-such-thing", key="")
    page.locator("html[data-scene=empty]").wait_for(state="attached")
    image = broadcast.picture(page)
    assert broadcast.alpha_max(image, (0, 0, *image.size)) == 0


def test_debug_shows_facts_and_never_the_key(opened: Opened, stand: Stand) -> None:
    page = opened(query="&demo=show&at=0&debug=1&safe=1&bg=checker")
    expect(page.locator(".debug")).to_contain_text("stage 16x9")
    expect(page.locator(".debug")).not_to_contain_text(stand.key)


def test_custom_css_of_obs_wins(opened: Opened, stand: Stand) -> None:
    """OBS adds a style element at the end of head; variables are the contract."""
    page = opened(query="&demo=show&at=0", key="")
    page.add_style_tag(content=":root { --q-info: rgb(1, 2, 3) }")
    tab = page.locator(".tab").first
    expect(tab).to_have_css("background-color", "rgb(1, 2, 3)")


def test_english_texts_come_with_the_address(opened: Opened, stand: Stand) -> None:
    page = opened(query="&demo=show&at=0&lang=en", key="")
    expect(page.locator("h1")).to_have_text("Play along on your phone")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_two_signals_for_a_mixer(opened: Opened) -> None:
    """Fill is the picture on black, key how opaque it is, as white."""
    fill = opened(query="&demo=show&at=5&out=fill", key="")
    fill.locator("[data-part=option]").first.wait_for()
    shot = broadcast.picture(fill)
    box = fill.locator("[data-option=a] .badge").bounding_box()
    assert box is not None
    mark = (round(box["x"]) + 6, round(box["y"]) + 20)
    assert shot.getpixel((4, 4)) == (0, 0, 0, 255)
    assert shot.getpixel(mark) == (0xC2, 0x18, 0x5B, 255)
    fill.evaluate("document.documentElement.dataset.out = 'key'")
    key = broadcast.picture(fill)
    assert key.getpixel((4, 4)) == (0, 0, 0, 255)
    assert key.getpixel(mark) == (255, 255, 255, 255)
    plate = (mark[0] + round(box["width"]), mark[1])
    seen = key.getpixel(plate)
    assert isinstance(seen, tuple)
    assert all(225 <= channel <= 240 for channel in seen[:3]), "92 % opaque"
