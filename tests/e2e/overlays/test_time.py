"""Time on air: digits, bar, delay, standings that change places, and idleness."""

from typing import Final

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.overlays import DRAWN, MANIFESTS
from tests.e2e.overlays.scenarios import EPOCH
from tests.e2e.overlays.script import (
    ASKED,
    LOBBY,
    LOCKED,
    OPEN,
    REVEALED,
    ROLL,
    SHOW,
    STANDINGS,
    conn,
    freeze,
    live_lobby,
    nothing_is_drawn,
    open_question,
    reached,
    seconds_left,
    snapshot,
)
from tests.e2e.overlays.stand import WAIT, Stand

pytestmark = pytest.mark.browser


class TestTime:
    def test_nothing_shifts_when_digits_change(
        self, opened: Opened, stand: Stand
    ) -> None:
        """Be Vietnam Pro's own digits differ in width; the boxes do not."""
        stand.snapshot = {**LOBBY, "online": 1111}
        page = opened()
        conn(page, "live")
        narrow = page.locator("[data-part=online] .digits")
        before = narrow.bounding_box()
        stand.say({"type": "presence", "online": 8888})
        expect(narrow).to_contain_text("8.888")
        assert narrow.bounding_box() == before

    def test_the_clock_stays_where_it_is_while_it_counts(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = open_question(19_900)
        page = opened(clock=True)
        conn(page, "live")
        freeze(page)
        places = set()
        for second in range(seconds_left(page) - 1, 9, -1):
            page.clock.run_for(1_000)
            expect(page.locator("[data-part=seconds]")).to_have_text(str(second))
            box = page.locator("[data-part=seconds] .digit").first.bounding_box()
            assert box is not None
            places.add((box["x"], box["width"]))
        assert len(places) == 1

    def test_the_last_five_seconds_are_marked(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = open_question(12_000)
        page = opened(clock=True)
        conn(page, "live")
        freeze(page)
        assert page.locator("[data-urgent]").count() == 0
        page.clock.run_for(7_500)
        expect(page.locator("[data-part=clock][data-urgent]")).to_have_count(1)

    def test_an_extension_gives_the_clock_more_time(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = open_question(3_000)
        page = opened()
        conn(page, "live")
        stand.say(
            {
                "type": "extended", "epoch": EPOCH, "step": 5, "question": "q1",
                "duration_ms": 25_000, "closes_in_ms": 13_000,
            }
        )  # fmt: skip
        reached(page, 5)
        assert 5 < seconds_left(page) <= 13

    def test_a_delay_holds_every_message_back_and_the_clock_with_it(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = open_question(57_000)
        page = opened(query="&delay=30000", clock=True)
        stand.hellos.get(timeout=WAIT)
        page.locator("html[data-scene=empty]").wait_for(state="attached")
        nothing_is_drawn(page)
        page.clock.fast_forward(30_000)
        expect(page.locator("[data-part=option]")).to_have_count(4)
        assert 40 < seconds_left(page) <= 57


def test_standings_seen_live_change_places_from_the_old_order(
    opened: Opened, stand: Stand
) -> None:
    """FLIP: the old order stands first, then every row travels by transform."""
    old = {key: STANDINGS[key] for key in ("top", "participants")}
    stand.snapshot = snapshot("revealed", 18, standings=old)
    page = opened()
    conn(page, "live")
    stand.say({**SHOW[18].message, "step": 19})
    row = page.locator("[data-part=row]").first
    expect(row).to_contain_text("Trần Quốc Khánh")
    page.locator("[data-part=standings][data-settled]").wait_for()
    expect(row).to_contain_text("Nguyễn Thị Phương Thảo")
    expect(row).to_have_attribute("data-delta", "1")


_DELAYS: Final = """all => all.map(one =>
  one.getAnimations()[0].effect.getTiming().delay)"""


def test_the_first_comes_last_and_one_alone_at_once(
    opened: Opened, stand: Stand
) -> None:
    page = live_lobby(opened, stand)
    found: list[list[float]] = []
    places = page.locator("[data-part=place]")
    for frame in SHOW[3:18]:
        cue = frame.message
        if cue["type"] == "revealed":
            cue = cue | {"fastest": cue["fastest"][: 1 if found else 3]}
        stand.say(cue)
        reached(page, frame.step)
        if cue["type"] == "revealed":
            expect(places).to_have_count(len(cue["fastest"]))
            found.append(places.evaluate_all(_DELAYS))
    (first, second, third), alone = found
    assert first > second > third
    assert alone == [third]


def test_a_change_of_picture_is_seldom_laid_out(opened: Opened, stand: Stand) -> None:
    """Once to find its size, once to draw it; a frame may come between."""
    page = live_lobby(opened, stand, clock=True)
    page.locator("[data-part=qr]:not([data-wait])").wait_for()
    freeze(page)  # or a second may pass, which is laid out, too
    session, found = metrics_of(page), {}
    before = metric(session, "LayoutCount")
    for cue in (ASKED, ROLL, OPEN, LOCKED, REVEALED, STANDINGS):
        stand.say(cue)
        reached(page, cue["step"])
        page.clock.run_for(60)  # what leaves has begun to
        page.clock.run_for(300)
        page.locator("[data-leaving]").wait_for(state="detached")
        # Out of sight also where a look has no motion: it stays till the next change.
        expect(page.locator("[data-gone]")).to_be_hidden()
        page.evaluate("document.body.offsetHeight")
        after = metric(session, "LayoutCount")
        found[cue["type"]], before = after - before, after
    assert {name: count for name, count in found.items() if count > 3} == {}


def test_an_idle_overlay_does_no_work(opened: Opened, stand: Stand) -> None:
    """No style is computed again between two health reports, nor in any still picture.

    The test card moves on purpose.
    """
    stand.snapshot = LOBBY
    page = opened()
    page.locator("[data-part=qr]:not([data-wait])").wait_for()
    idle = {"live": metrics_of(page)}
    for name in sorted(set(DRAWN) - {"testcard"}):
        demo, at = STILLS.get(name, (MANIFESTS[name].demo, MANIFESTS[name].at))
        still = opened(query=f"&demo={demo}&at={at}", key="", name=name)
        still.locator(".layer").wait_for()
        assert still.evaluate("document.getAnimations().length") == 0, name
        idle[name] = metrics_of(still)
    stand.outputs.get(timeout=WAIT)
    counted = [_counts(idle)]
    while counted[-1:] != counted[-2:-1] and len(counted) < MOST_INTERVALS:
        while not stand.outputs.empty():
            stand.outputs.get()
        stand.outputs.get(timeout=WAIT)
        counted.append(_counts(idle))
    assert counted[-1] == counted[-2]


MOST_INTERVALS: Final = 4
"""On a busy machine the last of the first picture comes late."""


def _counts(idle: dict[str, CDPSession]) -> dict[str, float]:
    return {name: metric(session, "RecalcStyleCount") for name, session in idle.items()}


STILLS: Final = {"stage": ("show", 11), "timer": ("show", 9), "question": ("show", 9)}
"""Pictures without a running clock."""


def metrics_of(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    return session


def metric(session: CDPSession, name: str) -> float:
    return next(
        float(one["value"])
        for one in session.send("Performance.getMetrics")["metrics"]
        if one["name"] == name
    )


class TestSound:
    """Tones of our own, only of the stage, only when asked, only of what is seen."""

    VOICES = """() => {
      window.voices = { made: 0, stopped: 0 };
      const { createOscillator } = AudioContext.prototype;
      AudioContext.prototype.createOscillator = function () {
        window.voices.made += 1;
        const voice = createOscillator.call(this);
        const { stop } = voice;
        voice.stop = (when) => {
          if (when === undefined) window.voices.stopped += 1;
          stop.call(voice, when);
        };
        return voice;
      };
    }"""

    def test_it_is_off_by_default(self, opened: Opened, stand: Stand) -> None:
        page = live_lobby(opened, stand, before=self.VOICES)
        stand.say(ASKED)
        reached(page, 2)
        page.locator("[data-part=question-text]").wait_for()
        assert page.evaluate("window.voices.made") == 0

    def test_cues_sound_when_seen_and_the_last_seconds_tick_until_a_pause(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = open_question(57_000)
        page = opened(query="&sound=1", before=self.VOICES)
        conn(page, "live")
        page.wait_for_function(
            "() => window.voices.made === 5"
        )  # ticks to come, no cue
        stand.say({"type": "paused", "epoch": EPOCH, "step": 5, "text": ""})
        page.wait_for_function("() => window.voices.stopped === 5")
        stand.say({"type": "resumed", "epoch": EPOCH, "step": 6, "phase": "open"})
        page.wait_for_function("() => window.voices.made === 10")
        stand.say({"type": "locked", "epoch": EPOCH, "step": 7, "question": "q1"})
        page.wait_for_function("() => window.voices.made === 12")
        assert page.evaluate("window.voices.stopped") == 10
