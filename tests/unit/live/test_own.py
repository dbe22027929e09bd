"""What a participant is told of themselves, and how their time came about."""

from dataclasses import replace

import msgspec
import pytest

from quizserver.domain.board import Placing
from quizserver.domain.ids import OptionId, ShowCode
from quizserver.domain.timing import NS_PER_MS, Measured, Trip, take
from quizserver.live.evidence import evidence_text
from quizserver.live.own import own_answer, own_result, own_standing, own_timing
from quizserver.live.rows import AnswerRow, OwnResult, OwnStanding
from quizserver.wire.parts import OwnAnswerPart, OwnStandingPart, TimingPart
from tests.shows import AN, Q1

TRIP = Trip(
    sent_ns=2 * NS_PER_MS,
    sent_rule="live",
    pong_us=60_000,
    rtt_before_us=58_000,
    rtt_after_us=58_000,
    ring_us=(58_000, 60_000),
    tier="kernel",
)


def answered(rule: str, ms: int, *, trip: Trip = TRIP, c_ms: int | None) -> AnswerRow:
    """Return the row of an answer whose first byte came `ms` after T0."""
    measured = Measured(
        opened_ns=0, received_ns=ms * NS_PER_MS + 999, claimed_ms=c_ms, trip=trip
    )
    taken = take(rule, measured, 15_000)
    return AnswerRow(
        show=ShowCode("THU1"),
        epoch="e1",
        question=Q1,
        participant=AN,
        option=OptionId("B"),
        status="accepted" if taken.in_time else "late",
        time_ms=taken.time_ms,
        received_ns=measured.received_ns,
        at_ms=1,
        receipt="ABCD2345",
        evidence=evidence_text(rule, measured, taken, 15_000),
    )


def test_a_time_is_explained_by_what_was_measured() -> None:
    """R4.3 to R4.6: E, c, A, the credit and T."""
    assert own_timing(answered("fair-1", 3_002, c_ms=2_910)) == TimingPart(
        elapsed_ms=3_000,
        claimed_ms=2_910,
        most_ms=102,
        credited_ms=90,
        time_ms=2_910,
        tier="kernel",
        sent="live",
    )


@pytest.mark.parametrize("c_ms", [None, 0, 2_901, 2_950, 9_000])
def test_elapsed_less_credit_is_the_time_that_ranks(c_ms: int | None) -> None:
    row = answered("fair-1", 3_002, c_ms=c_ms)
    timing = own_timing(row)
    assert timing.elapsed_ms - timing.credited_ms == timing.time_ms == row.time_ms
    assert 0 <= timing.credited_ms <= timing.most_ms
    assert timing.claimed_ms == c_ms


def test_under_received_nothing_is_credited() -> None:
    timing = own_timing(answered("received", 3_002, c_ms=2_910))
    assert timing == TimingPart(
        elapsed_ms=3_002,
        time_ms=3_002,
        claimed_ms=2_910,
        tier="received",
        sent="received",
    )


def test_over_http_there_is_a_reason_for_little_credit() -> None:
    http = Trip(sent_ns=None)
    timing = own_timing(answered("fair-1", 3_002, trip=http, c_ms=None))
    assert (timing.tier, timing.sent, timing.most_ms) == ("http", "absent", 40)


def test_a_late_answer_is_explained_like_any_other() -> None:
    """Why it is late can be read from it (docs/reference/wire.md §3)."""
    row = answered("fair-1", 15_150, c_ms=15_100)
    own = own_result(None, row)
    assert (own.right, own.status) == (False, "late")
    assert own.timing is not None
    assert own.timing.time_ms >= 15_000


def test_who_did_not_answer_has_no_time() -> None:
    own = own_result(None, None)
    assert (own.right, own.status, own.timing) == (False, None, None)
    assert own.show == OwnStandingPart(right=0, total_ms=0)


def test_a_right_answer_has_its_place() -> None:
    row = answered("fair-1", 3_002, c_ms=2_910)
    standing = OwnStanding(
        participant=AN, rank=4, tied=True, right=2, total_ms=5_000, streak=2
    )
    result = OwnResult(
        participant=AN,
        answered=True,
        right=True,
        time_ms=2_910,
        placing=Placing(participant=AN, rank=2, tied=True, time_ms=2_910),
        standing=standing,
    )
    own = own_result(result, row)
    assert (own.right, own.time_ms, own.rank, own.tied) == (True, 2_910, 2, True)
    assert own.show == OwnStandingPart(
        right=2, total_ms=5_000, rank=4, tied=True, streak=2
    )
    assert (own.status, own.timing) == ("accepted", own_timing(row))
    wrong = own_result(replace(result, right=False, placing=None), row)
    assert (wrong.rank, wrong.tied) == (None, False)


def test_nobody_has_a_rank_before_the_first_right_answer() -> None:
    standing = OwnStanding(participant=AN, rank=1, tied=True, right=0, total_ms=0)
    assert own_standing(standing) == OwnStandingPart(right=0, total_ms=0)


def test_an_answer_is_shown_with_its_receipt() -> None:
    assert own_answer(None) is None
    assert own_answer(answered("fair-1", 3_002, c_ms=2_910)) == OwnAnswerPart(
        question="q1",
        option="B",
        status="accepted",
        receipt="ABCD2345",
        time_ms=2_910,
    )


def test_evidence_of_another_make_is_told_so() -> None:
    row = answered("fair-1", 3_002, c_ms=2_910)
    row.evidence = "{}"
    with pytest.raises(msgspec.ValidationError):
        own_timing(row)
