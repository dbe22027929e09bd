"""An overlay on air: what happens when the key, the link or the server fails.

Nothing that goes wrong is ever drawn, and a reload shows the present at once.
"""

import pytest
from playwright.sync_api import expect

from quizserver.wire.common import Close
from tests.e2e.overlays import broadcast
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import EPOCH, frames
from tests.e2e.overlays.script import (
    ASKED,
    LOBBY,
    LOCKED,
    OPEN,
    REVEALED,
    ROLL,
    STANDINGS,
    conn,
    hide,
    live_lobby,
    nothing_is_drawn,
    open_question,
    reached,
    seconds_left,
    snapshot,
)
from tests.e2e.overlays.stand import WAIT, Stand

pytestmark = pytest.mark.browser


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
        live_lobby(opened, stand)
        assert stand.asked
        assert [path for path in stand.asked if stand.key in path] == []

    def test_it_reports_its_health_every_five_seconds(
        self, opened: Opened, stand: Stand
    ) -> None:
        page = live_lobby(opened, stand, clock=True)
        page.clock.fast_forward(5_000)
        output = stand.outputs.get(timeout=WAIT)
        assert output.visible
        assert output.build == stand.files.build
        assert output.fonts

        page.evaluate(
            """() => {
              const broken = new FontFace("theme", new Uint8Array(3));
              document.fonts.add(broken);
              return broken.loaded.catch(() => null);
            }"""
        )
        page.clock.fast_forward(5_000)
        while stand.outputs.get(timeout=WAIT).fonts:
            pass  # those that were on their way


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

    def test_a_key_that_is_taken_back_takes_the_picture_with_it(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = {**LOBBY, "notice": "Mời quý vị chuẩn bị"}
        page = opened()
        conn(page, "live")
        expect(page.locator("[data-part=notice]")).to_be_visible()
        stand.close(Close.TOKEN)
        conn(page, "none")
        nothing_is_drawn(page)

    def test_a_line_that_went_dead_without_a_word_is_noticed(
        self, opened: Opened, stand: Stand
    ) -> None:
        """Nothing comes from the server, and no end of the connection either."""
        page = live_lobby(opened, stand, clock=True)
        page.clock.fast_forward(10_000)
        assert stand.hellos.empty()
        page.clock.fast_forward(11_000)
        assert stand.hellos.get(timeout=WAIT).key == stand.key

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
        page = live_lobby(opened, stand, clock=True)
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
        page = live_lobby(opened, stand)
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
        page = live_lobby(opened, stand)
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

    def test_what_happened_while_the_source_was_hidden_is_not_played_later(
        self, opened: Opened, stand: Stand
    ) -> None:
        """OBS stops a hidden source's animations and would play them when seen."""
        page = live_lobby(opened, stand)
        hide(page, hidden=True)
        for cue in (ASKED, ROLL, OPEN, LOCKED, {**REVEALED, "step": 6}):
            stand.say(cue)
        reached(page, 6)
        hide(page, hidden=False)
        expect(page.locator("[data-part=place]")).to_have_count(3)
        assert page.locator("[data-fresh]").count() == 0
        assert page.evaluate("document.getAnimations().length") == 0

    def test_a_pause_keeps_its_reason_over_a_reload_and_takes_it_along(
        self, opened: Opened, stand: Stand
    ) -> None:
        rows = {key: STANDINGS[key] for key in ("top", "participants")}
        stand.snapshot = snapshot(
            "standings", 9, standings=rows, paused=True, notice="Mất tiếng"
        )
        page = opened()
        expect(page.locator("[data-part=pause]")).to_contain_text("Mất tiếng")
        stand.say({"type": "resumed", "epoch": EPOCH, "step": 10, "phase": "standings"})
        expect(page.locator("[data-part=row]")).to_have_count(10)
        expect(page.locator("[data-part=notice]")).to_have_count(0)

    def test_a_pause_takes_the_roll_back_for_those_who_stayed(
        self, opened: Opened, stand: Stand
    ) -> None:
        """As for those who load now: the host has to open the question again."""
        page = live_lobby(opened, stand)
        for cue in (ASKED, ROLL):
            stand.say(cue)
        page.locator("html[data-scene=roll]").wait_for(state="attached")
        step = int(ROLL["step"])
        stand.say({"type": "paused", "epoch": EPOCH, "step": step + 1, "text": ""})
        page.locator("html[data-scene=paused]").wait_for(state="attached")
        stand.say(
            {"type": "resumed", "epoch": EPOCH, "step": step + 2, "phase": "asked"}
        )
        reached(page, step + 2)
        assert page.locator("html").get_attribute("data-scene") == "asked"

    def test_a_missing_step_asks_for_the_whole_state(
        self, opened: Opened, stand: Stand
    ) -> None:
        page = live_lobby(opened, stand)
        stand.snapshot = open_question(9_000, step=7)
        stand.say({**LOCKED, "step": 6})
        stand.hellos.get(timeout=WAIT)
        reached(page, 7)
        expect(page.locator("[data-part=option]")).to_have_count(4)

    def test_a_gap_is_asked_for_once_however_many_messages_wait_behind_a_delay(
        self, opened: Opened, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = opened(query="&delay=3000", clock=True)
        stand.hellos.get(timeout=WAIT)
        page.clock.fast_forward(3_000)
        conn(page, "live")
        stand.snapshot = open_question(9_000, step=9)
        for step in (6, 7, 8):
            stand.say({**LOCKED, "step": step})
            page.clock.run_for(500)
        page.clock.run_for(1_600)
        stand.hellos.get(timeout=WAIT)
        page.clock.run_for(4_500)
        reached(page, 9)
        assert stand.hellos.empty()

    def test_a_cue_it_does_not_know_is_a_step_like_any_other(
        self, opened: Opened, stand: Stand
    ) -> None:
        page = live_lobby(opened, stand)
        stand.say({"type": "fireworks", "epoch": EPOCH, "step": 2, "colour": "red"})
        stand.say({**ASKED, "step": 3})
        reached(page, 3)
        expect(page.locator("[data-part=question-text]")).to_be_visible()
        assert stand.hellos.empty()

    def test_another_epoch_asks_for_the_whole_state(
        self, opened: Opened, stand: Stand
    ) -> None:
        page = live_lobby(opened, stand)
        stand.snapshot = {**LOBBY, "epoch": "e2"}
        stand.say({**ASKED, "epoch": "e2", "step": 2})
        stand.hellos.get(timeout=WAIT)
        page.locator("html[data-epoch=e2]").wait_for(state="attached")

    def test_a_message_that_cannot_be_read_costs_itself_alone(
        self, opened: Opened, stand: Stand
    ) -> None:
        """The console says so, the next is drawn, and nobody has to reload."""
        page = live_lobby(opened, stand)
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text))
        stand.say(ASKED)
        stand.say({"type": "roll", "epoch": EPOCH, "step": ROLL["step"]})
        stand.say({"type": "presence", "online": 77})
        stand.say(ROLL)
        reached(page, ROLL["step"])
        assert "TypeError" in "".join(said)
        assert stand.hellos.empty()

    def test_a_cue_that_comes_twice_changes_nothing(
        self, opened: Opened, stand: Stand
    ) -> None:
        page = live_lobby(opened, stand)
        for cue in (ASKED, ASKED, ROLL):
            stand.say(cue)
        reached(page, ROLL["step"])
        assert stand.hellos.empty()


class TestTheSeal:
    def test_the_code_stands_beside_a_closed_question_until_the_next_scene(
        self, opened: Opened, stand: Stand
    ) -> None:
        """Said on air once a question is closed, and after the reveal (R6.1)."""
        sealed = [frame.message for frame in frames("seal")]
        stand.snapshot = sealed[0]
        page = opened(query="&seal=1")
        conn(page, "live")
        seal = page.locator("[data-part=question] [data-part=seal]")
        stand.say(sealed[1])
        reached(page, 2)
        expect(seal).to_have_count(0)
        stand.say(sealed[2])
        expect(seal).to_have_text("Niêm phong 7K3M-Q09D-XV2B")
        stand.say(sealed[3])
        beside = page.locator("[data-part=fastest] [data-part=seal]")
        expect(beside).to_have_text("Niêm phong 7K3M-Q09D-XV2B")
        stand.say(sealed[4])
        now = page.locator(".layer:not([data-leaving], [data-gone])")
        expect(now.locator("[data-part=standings]")).to_be_visible()
        expect(now.locator("[data-part=seal]")).to_have_count(0)

    def test_a_reload_shows_it_again(self, opened: Opened, stand: Stand) -> None:
        question = {**OPEN["question"], "state": "locked", "seal": "0GHD-6TWN-R5PC"}
        stand.snapshot = snapshot("locked", 7, question=question)
        page = opened(query="&seal=1")
        for _ in range(2):
            expect(page.locator("[data-part=seal]")).to_contain_text("0GHD-6TWN-R5PC")
            page.reload()

    def test_it_is_left_out_unless_the_address_asks_for_it(
        self, opened: Opened, stand: Stand
    ) -> None:
        """The cue still counts as a step: no gap, no reload of the state."""
        sealed = [frame.message for frame in frames("seal")]
        stand.snapshot = sealed[0]
        page = opened()
        stand.hellos.get(timeout=WAIT)
        conn(page, "live")
        for cue in sealed[1:4]:
            stand.say(cue)
        reached(page, 4)
        expect(page.locator("[data-part=seal]")).to_have_count(0)
        assert stand.hellos.empty()
