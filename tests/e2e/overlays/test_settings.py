"""What a host sets for one output, at the page itself: layers, delay, sound."""

import pytest
from playwright.sync_api import expect

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.script import ASKED, STANDINGS, live_lobby, snapshot
from tests.e2e.overlays.stand import WAIT, Stand

pytestmark = pytest.mark.browser

ALL = "lobby,question,standings,winner,pause,notice"


@pytest.mark.parametrize(
    ("frame", "hide", "gone", "stays"),
    [
        ("show&at=5", "clock", "clock bar", "question option"),
        ("show&at=10", "fastest,shares", "fastest share", "question option"),
        ("pause&at=2", "pause,notice", "pause notice", "stage"),
        ("show&at=0", ALL, "lobby", "stage"),
        ("show&at=14", ALL, "question", "stage"),
        ("show&at=18", ALL, "standings", "stage"),
        ("show&at=19", ALL, "winner", "stage"),
    ],
)
def test_a_layer_that_is_left_out_is_not_drawn(
    opened: Opened, frame: str, hide: str, gone: str, stays: str
) -> None:
    page = opened(query=f"&demo={frame}&hide={hide}", key="")
    page.locator("html:not([data-scene=empty])").wait_for(state="attached")
    for part in stays.split():
        shown = page.locator(f"[data-part={part}]").first
        expect(shown).to_be_attached()
        assert shown.evaluate("e => getComputedStyle(e).opacity") == "1"
    for part in gone.split():
        expect(page.locator(f"[data-part={part}]")).to_have_count(0)


def test_settings_are_taken_over_and_reported(opened: Opened, stand: Stand) -> None:
    page = live_lobby(opened, stand)
    settings = {"delay_ms": 100, "safe": True, "mute": False, "hide": ["lobby"]}
    word = {"place": "stage 16x9 2", "settings": settings}
    stand.say({"type": "settings", "output": word})
    page.locator("html.show-safe").wait_for()
    expect(page.locator("[data-part=lobby]")).to_have_count(0)
    # With another delay it asks for a snapshot, and says what it was called.
    assert stand.hellos.get(timeout=WAIT).place == "stage 16x9 2"
    while (report := stand.outputs.get(timeout=WAIT)).place != "stage 16x9 2":
        pass
    assert report.fixed == ("layout",)
    assert report.has is not None
    assert (report.has.delay_ms, report.has.mute, report.has.safe) == (100, False, True)


@pytest.mark.parametrize("name", ["stage", "question"])
def test_a_question_stands_where_it_was_placed_and_nothing_else_does(
    opened: Opened, stand: Stand, name: str
) -> None:
    """R1.10: before what was set for the output, after what its address says."""
    page = live_lobby(opened, stand, name=name)
    fixed = live_lobby(opened, stand, name=name, query="&position=lower")
    word = {"place": "stage 16x9", "settings": {"position": "full"}}
    stand.say({"type": "settings", "output": word})
    question = {**ASKED["question"], "state": "asked", "position": "side"}
    mark = {"epoch": ASKED["epoch"]}
    told = [
        (snapshot("asked", 4, question=question), "side"),
        ({"type": "step", "step": 5, "position": "lower", **mark}, "lower"),
        ({"type": "step", "step": 6, "position": "", **mark}, "full"),
        ({"type": "step", "step": 7, "position": "side", **mark}, "side"),
        ({"type": "step", "step": 8, **mark}, "side"),
        ({**STANDINGS, "step": 9}, "full"),
    ]
    for message, position in told:
        stand.say(message)
        step = f'html[data-step="{message["step"]}"]'
        at = page.locator(f"{step}[data-position={position}]")
        at.wait_for(state="attached")
        fixed.locator(f"{step}[data-position=lower]").wait_for(state="attached")
        if position == "side" and message["step"] < 9:
            box = page.locator("[data-part=question]").bounding_box()
            assert box is not None
            assert box["x"] > 1920 * 2 / 3


def test_a_page_that_stands_nowhere_else_is_not_drawn_anew_where_a_question_is_placed(
    opened: Opened, stand: Stand
) -> None:
    """On air that would be a cut."""
    page = live_lobby(opened, stand, name="ticker")
    question = {**ASKED["question"], "state": "asked"}
    stand.say(snapshot("asked", 4, question=question))
    layer = page.locator("html[data-step='4'] [data-part=stage] > *").first
    layer.evaluate("e => { e.dataset.same = '1'; }")
    placed = {"type": "step", "step": 5, "position": "side", "epoch": ASKED["epoch"]}
    stand.say(placed)
    page.locator("html[data-step='5'] [data-same]").wait_for(state="attached")
