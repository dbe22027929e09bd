"""The calibration: from "I see a 7" to how late the picture is."""

import pytest

from quizserver.domain.ids import ParticipantId
from quizserver.domain.stamps import Stamp
from quizserver.domain.stream import AS_IT_COMES, Stream
from quizserver.live.delays import (
    EVERY_MS,
    NUMBERS,
    REACTION_MS,
    ROUND_MS,
    Delays,
    delay_of,
)
from quizserver.wire.host import DelayPart


def count(second: int) -> Stream:
    """Return a stream whose count began at `second`."""
    return Stream(sync_at=Stamp(boot="b", mono_ns=second * 10**9, utc_ms=second))


def tap(delay_ms: int, at_ms: int) -> tuple[int, int]:
    """Return what somebody sees `delay_ms` late and taps at `at_ms`."""
    shown_ms = at_ms - REACTION_MS - delay_ms
    return shown_ms // EVERY_MS % NUMBERS + 1, at_ms


@pytest.mark.parametrize("delay_ms", [0, 400, 3_000, 7_700, 13_000, 29_000])
@pytest.mark.parametrize("at_ms", [33_000, 40_321, 71_999])
def test_one_tap_is_good_to_half_a_number(delay_ms: int, at_ms: int) -> None:
    found = delay_of(*tap(delay_ms, at_ms))
    assert found is not None
    assert abs(found - delay_ms) <= EVERY_MS // 2


@pytest.mark.parametrize("number", [0, -1, NUMBERS + 1])
def test_what_no_overlay_shows_says_nothing(number: int) -> None:
    assert delay_of(number, 40_000) is None


def test_a_number_that_has_not_been_shown_yet_says_nothing() -> None:
    assert delay_of(9, 4_000) is None


def test_who_taps_quickly_at_a_picture_that_is_not_late_has_no_delay() -> None:
    assert delay_of(1, REACTION_MS) == 0
    assert delay_of(1, ROUND_MS + REACTION_MS) == 0


def test_a_page_is_told_by_its_median_and_the_spread_around_it() -> None:
    delays = Delays()
    delays.follow(count(1))
    for name, late_ms in (("An", 7_000), ("Bình", 9_000), ("Chi", 11_000)):
        delays.note(ParticipantId(name), "a", *tap(late_ms, 41_000))
    delays.note(ParticipantId("Dung"), "", *tap(0, 41_000))
    delays.note(ParticipantId("Em"), "a", 0, 41_000)
    assert delays.parts() == {
        "": DelayPart(count=1, median_ms=0, spread_ms=0),
        "a": DelayPart(count=3, median_ms=9_000, spread_ms=2_000),
    }


def test_the_last_tap_of_somebody_stands() -> None:
    delays = Delays()
    delays.follow(count(1))
    delays.note(ParticipantId("An"), "a", *tap(3_000, 41_000))
    delays.note(ParticipantId("An"), "a", *tap(9_000, 47_000))
    assert delays.parts() == {"a": DelayPart(count=1, median_ms=9_000, spread_ms=0)}


def test_what_was_found_stays_until_the_next_count_begins() -> None:
    delays = Delays()
    delays.follow(count(1))
    delays.note(ParticipantId("An"), "a", *tap(3_000, 41_000))
    delays.follow(AS_IT_COMES)
    delays.follow(count(1))
    assert delays.parts()
    delays.follow(count(2))
    assert delays.parts() == {}
