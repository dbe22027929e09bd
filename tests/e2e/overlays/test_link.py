"""An overlay on air: what happens when the key, the link or the server fails.

Nothing that goes wrong is ever drawn, and a reload shows the present at once.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.overlays import broadcast
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import EPOCH, frames
from tests.e2e.overlays.stand import WAIT, Stand

pytestmark = pytest.mark.browser

SHOW = frames("show")
LOBBY = SHOW[0].message
ASKED, ROLL, OPEN = (SHOW[i].message for i in (3, 4, 5))
LOCKED, REVEALED, STANDINGS = (SHOW[i].message for i in (9, 10, 11))


def reached(page: Page, step: int) -> None:
    page.locator(f'html[data-step="{step}"]').wait_for(state="attached")


def conn(page: Page, word: str) -> None:
    page.locator(f"html[data-conn={word}]").wait_for(state="attached")


def snapshot(phase: str, step: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": "state", "epoch": EPOCH, "step": step, "phase": phase,
        "show": LOBBY["show"], **fields,
    }  # fmt: skip


def open_question(closes_in_ms: int, step: int = 4) -> dict[str, Any]:
    question = {**OPEN["question"], "state": "open", "duration_ms": 15_000}
    return snapshot("open", step, question=question, closes_in_ms=closes_in_ms)


def nothing_is_drawn(page: Page) -> None:
    image = broadcast.picture(page)
    assert broadcast.alpha_max(image, (0, 0, *image.size)) == 0


def seconds_left(page: Page) -> int:
    return int(page.locator("[data-part=seconds]").inner_text())


def freeze(page: Page) -> None:
    """Stop the page's clock; `page.clock.run_for` moves it on."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 0.2)


class TestHello:
    def test_it_names_key_view_layout_and_build(
        self, opened: Opened, stand: Stand
    ) -> None:
        opened("9x16")
        hello = stand.hellos.get(timeout=WAIT)
        assert hello.v == 1
        assert hello.key == stand.key
        assert (hello.view, hello.layout) == ("stage", "9x16")
        assert hello.build == stand.files.build

    def test_the_key_is_in_no_address_that_the_server_sees(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened()
        conn(page, "live")
        assert stand.asked
        assert [path for path in stand.asked if stand.key in path] == []

    def test_it_reports_its_health_every_five_seconds(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened(clock=True)
        conn(page, "live")
        page.clock.fast_forward(5_000)
        output = stand.outputs.get(timeout=WAIT)
        assert output.visible
        assert output.build == stand.files.build


class TestNeverAnError:
    def test_without_a_key_nothing_is_drawn_and_nobody_is_called(
        self, opened: Opened, stand: Stand
    ) -> None:
        page = opened(key="")
        page.locator("html[data-scene=empty]").wait_for(state="attached")
        nothing_is_drawn(page)
        assert stand.hellos.empty()

    def test_a_wrong_key_draws_nothing_and_asks_again_half_a_minute_later(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened(key="wrong", clock=True)
        stand.hellos.get(timeout=WAIT)
        nothing_is_drawn(page)
        page.clock.fast_forward(10_000)
        assert stand.hellos.empty()
        page.clock.fast_forward(25_000)
        assert stand.hellos.get(timeout=WAIT).key == "wrong"

    def test_a_draft_is_transparent(self, opened: Opened, stand: Stand) -> None:
        stand.snapshot = snapshot("draft", 0)
        page = opened()
        conn(page, "live")
        nothing_is_drawn(page)

    def test_a_missing_picture_is_not_drawn(self, opened: Opened, stand: Stand) -> None:
        stand.snapshot = frames("picture")[0].message
        page = opened()
        conn(page, "live")
        stand.say(frames("picture")[1].message)
        reached(page, 2)
        expect(page.locator("[data-part=question-text]")).to_be_visible()
        expect(page.locator("[data-part=picture]")).to_be_hidden()

    def test_when_the_server_dies_the_last_look_stays_and_the_clock_runs_out(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = open_question(12_000)
        page = opened(clock=True)
        conn(page, "live")
        stand.stop()
        conn(page, "stale")
        expect(page.locator("[data-part=option]")).to_have_count(4)
        expect(page.locator("[data-part=seconds]")).to_be_visible()
        page.clock.fast_forward(13_000)
        expect(page.locator("[data-part=clock]")).to_have_count(0)
        expect(page.locator("[data-part=question-text]")).to_be_visible()
        assert broadcast.on_page(page) == []

    def test_half_a_minute_without_a_link_takes_away_what_claims_to_be_live(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = open_question(12_000)
        page = opened(clock=True)
        conn(page, "live")
        stand.stop()
        conn(page, "stale")
        page.clock.fast_forward(31_000)
        conn(page, "offline")
        expect(page.locator("[data-part=question]")).to_have_count(0)
        nothing_is_drawn(page)

    def test_half_a_minute_without_a_link_keeps_what_stays_true(
        self, opened: Opened, stand: Stand
    ) -> None:
        rows = {key: STANDINGS[key] for key in ("top", "participants")}
        stand.snapshot = snapshot("standings", 9, standings=rows)
        page = opened(clock=True)
        conn(page, "live")
        stand.stop()
        conn(page, "stale")
        page.clock.fast_forward(31_000)
        conn(page, "offline")
        expect(page.locator("[data-part=row]")).to_have_count(10)

    def test_half_a_minute_without_a_link_takes_the_count_out_of_the_lobby(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened(clock=True)
        conn(page, "live")
        expect(page.locator("[data-part=online]")).to_be_visible()
        stand.stop()
        conn(page, "stale")
        page.clock.fast_forward(31_000)
        conn(page, "offline")
        expect(page.locator("[data-part=online]")).to_have_count(0)
        expect(page.locator("[data-part=address]")).to_be_visible()

    def test_a_server_that_returns_is_found_and_its_present_shown(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened()
        conn(page, "live")
        stand.stop()
        conn(page, "stale")
        stand.snapshot = open_question(9_000, step=17)
        stand.start()
        reached(page, 17)
        conn(page, "live")
        expect(page.locator("[data-part=option]")).to_have_count(4)


class TestThePresent:
    def test_a_reload_stands_at_once_at_the_final_look(
        self, opened: Opened, stand: Stand
    ) -> None:
        """No in-animation is played again for what happened before."""
        question = {**OPEN["question"], "state": "revealed"}
        stand.snapshot = snapshot("revealed", 8, question=question, result=REVEALED)
        page = opened()
        for _ in range(2):
            expect(page.locator("[data-part=place]")).to_have_count(3)
            moving = page.evaluate("document.getAnimations().length")
            assert moving == 0
            assert page.locator("[data-fresh]").count() == 0
            page.reload()

    def test_a_transition_seen_live_is_animated(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened()
        conn(page, "live")
        stand.say(ASKED)
        reached(page, 2)
        assert page.locator("[data-part=question][data-fresh]").count() == 1

    def test_a_reload_in_mid_question_shows_the_time_that_is_left(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = open_question(57_000)
        page = opened()
        for _ in range(2):
            conn(page, "live")
            assert 40 < seconds_left(page) <= 57
            page.reload()

    def test_a_missing_step_asks_for_the_whole_state(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened()
        stand.hellos.get(timeout=WAIT)
        conn(page, "live")
        stand.snapshot = open_question(9_000, step=7)
        stand.say({**LOCKED, "step": 6})
        stand.hellos.get(timeout=WAIT)
        reached(page, 7)
        expect(page.locator("[data-part=option]")).to_have_count(4)

    def test_another_epoch_asks_for_the_whole_state(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened()
        stand.hellos.get(timeout=WAIT)
        conn(page, "live")
        stand.snapshot = {**LOBBY, "epoch": "e2"}
        stand.say({**ASKED, "epoch": "e2", "step": 2})
        stand.hellos.get(timeout=WAIT)
        page.locator("html[data-epoch=e2]").wait_for(state="attached")

    def test_a_cue_that_comes_twice_changes_nothing(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened()
        stand.hellos.get(timeout=WAIT)
        conn(page, "live")
        for cue in (ASKED, ASKED, ROLL):
            stand.say(cue)
        reached(page, ROLL["step"])
        assert stand.hellos.empty()


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


def test_an_idle_overlay_does_no_work(opened: Opened, stand: Stand) -> None:
    """No style is computed again between two health reports."""
    stand.snapshot = LOBBY
    page = opened()
    page.locator("[data-part=qr]:not([data-wait])").wait_for()
    stand.outputs.get(timeout=WAIT)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = recalcs(session.send("Performance.getMetrics"))
    stand.outputs.get(timeout=WAIT)
    assert recalcs(session.send("Performance.getMetrics")) == before


def recalcs(metrics: dict[str, Any]) -> float:
    return next(
        float(metric["value"])
        for metric in metrics["metrics"]
        if metric["name"] == "RecalcStyleCount"
    )
