"""What people tap rises at the edge, behind the plates; few, however many (R1.11)."""

import itertools
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import LAYOUTS
from tests.e2e.overlays.script import ASKED, LOBBY, conn, live_lobby
from tests.e2e.overlays.stand import Stand

pytestmark = pytest.mark.browser

MOST: Final = {"16x9": 24, "9x16": 15}
LONGEST_MS: Final = 4_000
STEP_MS: Final = 250
NEWS_MS: Final = 1_050
"""After which what people tapped is no news to a picture."""
LATER: Final = """(ms) => {
  const now = performance.now.bind(performance);
  performance.now = () => now() + ms;
}"""

FLYING: Final = """(ms) => [...document.querySelectorAll(".flight")]
  .flatMap((flight) => flight.getAnimations().map((animation) => {
    animation.pause();
    animation.currentTime = ms;
    const { left, top, right, bottom } = flight.getBoundingClientRect();
    const name = flight.querySelector("[fill]").getAttribute("fill");
    return { name, box: [left, top, right, bottom].map(Math.round),
      opacity: getComputedStyle(flight).opacity };
  }))"""
"""What flies, `ms` after it was told: its colour, box and how opaque it is."""


def flying(page: Page, ms: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(FLYING, ms)
    return found


def cheers(seconds: int = 1, **counts: int) -> dict[str, Any]:
    totals = {name: taps * seconds for name, taps in counts.items()}
    return {"type": "cheers", "counts": counts, "totals": totals}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_ten_thousand_who_cheer_are_a_few_pictures_in_their_lane(
    opened: Opened, stand: Stand, layout: str
) -> None:
    page = live_lobby(opened, stand, layout=layout)
    for second in range(1, 6):
        stand.say(cheers(second, clap=5_000, heart=3_000, fire=2_000))
    expect(page.locator(".flight svg")).to_have_count(MOST[layout])
    width, height = LAYOUTS[layout]
    assert page.viewport_size == {"width": width, "height": height}
    colours = [one["name"] for one in flying(page)]
    assert colours.count("#35c3d2") > colours.count("#ff9142") > 0
    heights: set[int] = set()
    for ms in range(0, LONGEST_MS, STEP_MS):
        for one in flying(page, ms):
            left, top, right, bottom = one["box"]
            assert left > width * 2 // 3
            heights.add(top)
            if one["opacity"] != "0":
                assert right <= width - (96 if layout == "16x9" else 54)
                assert top >= (54 if layout == "16x9" else 269)
                assert bottom < height * 2 // 3
    assert len(heights) > LONGEST_MS // STEP_MS
    stand.say(ASKED)
    expect(page.locator(".flights")).to_have_css("opacity", "0")


def test_few_rise_one_by_one_alike_everywhere_and_never_twice(
    opened: Opened, stand: Stand
) -> None:
    """A picture and its key are two pages; a reload replays nothing."""
    page = live_lobby(opened, stand)
    other = opened(name="reactions")
    conn(other, "live")
    stand.say(cheers(heart=2, star=1))
    expect(other.locator(".cheers-row .digits")).to_have_text(["2", "1"])
    seen = flying(page, 1_200)
    assert [one["name"] for one in seen] == ["#ff6b8f", "#b79bff", "#ff6b8f"]
    alone = flying(other, 1_200)
    assert [one["box"][::2] for one in alone] == [one["box"][::2] for one in seen]
    stand.snapshot = LOBBY
    page.reload()
    conn(page, "live")
    assert flying(page) == []
    page.emulate_media(reduced_motion="reduce")
    stand.say(cheers(heart=1))
    expect(page.locator(".flight svg")).to_have_count(1)
    seen = [one for ms in (600, 1_200, 1_800) for one in flying(page, ms)]
    assert len({tuple(one["box"]) for one in seen}) == 1


def test_counts_go_with_the_switch_and_outlive_a_recount(
    opened: Opened, stand: Stand
) -> None:
    page = live_lobby(opened, stand, name="reactions")
    stand.say(cheers(clap=12))
    shown = page.locator(".cheers-row .digits")
    expect(shown).to_have_text(["12"])
    again = LOBBY | {"step": LOBBY["step"] + 1, "cheering": True}
    stand.say(again)
    stand.say(cheers(2, clap=12))
    expect(shown).to_have_text(["24"])
    stand.say(again | {"step": again["step"] + 1})
    stand.say({"type": "presence", "online": 7})
    expect(shown).to_have_text(["24"])
    off = {"type": "step", "epoch": again["epoch"], "step": again["step"] + 2}
    stand.say(off | {"cheering": False})
    expect(shown).to_have_count(0, timeout=5_000)  # a silent line hides them later


def test_what_came_while_the_picture_was_held_does_not_rise_later(
    opened: Opened, stand: Stand
) -> None:
    page = live_lobby(opened, stand)
    steps = itertools.count(LOBBY["step"] + 1)

    def look(word: str) -> None:
        said = {"type": "step", "epoch": LOBBY["epoch"], "step": next(steps)}
        stand.say(said | {"look": word})
        expect(page.locator("html")).to_have_attribute("data-look", word)

    look("hold")
    stand.say(cheers(clap=9))
    page.evaluate(LATER, NEWS_MS)
    look("live")
    assert flying(page) == []
    stand.say(cheers(clap=1))
    expect(page.locator(".flight svg")).to_have_count(1)
