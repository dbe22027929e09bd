"""An answer judged by the duration in force, and by another one when that changes."""

import gc
import json

import pytest

from quizserver.domain.ids import OptionId
from quizserver.domain.rundown import Rules
from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.timing import NO_TRIP
from quizserver.live.intake import Given
from quizserver.live.judging import AskedHere, Case
from quizserver.live.secrets import Seat, Signer
from quizserver.wire.phone import Answer
from tests.shows import AN, Q1, new_show

SIGNER = Signer(b"a secret of thirty-two bytes ...")


def case(after_ms: int, timing: str = "received") -> Case:
    """Return an answer that came `after_ms` after T0."""
    show = new_show(Rules(timing=timing))
    asked = AskedHere(
        run=(show.code, show.epoch),
        question=Q1,
        step=show.step,
        rule=timing,
        duration_ms=15_000,
        opened_ns=0,
        options=frozenset({OptionId("B")}),
        signer=SIGNER,
    )
    return Case(
        asked=asked,
        seat=Seat(show.code, show.epoch, AN),
        message=Answer(question=Q1, option="B", nonce=""),
        received_ns=after_ms * NS_PER_MS,
        first_ns=None,
        trip=NO_TRIP,
        at_ms=1_697_720_403_000,
    )


@pytest.mark.parametrize(
    ("duration_ms", "status"),
    [(15_000, "accepted"), (3_000, "late"), (3_001, "accepted")],
)
def test_same_answer_is_judged_by_each_duration(duration_ms: int, status: str) -> None:
    """R4.7: a lock that was written elsewhere makes it late."""
    came = case(3_000)
    row = came.judged(duration_ms)
    assert (row.status, row.time_ms) == (status, 3_000)
    assert json.loads(row.evidence)["duration_ms"] == duration_ms
    assert (row.show, row.epoch, row.question) == ("THU1", "e1", Q1)
    assert (row.participant, row.option, row.receipt) == (
        AN,
        "B",
        SIGNER.receipt(came.seat, Q1, OptionId("B")),
    )
    assert (row.received_ns, row.at_ms) == (3_000_000_000, 1_697_720_403_000)


def test_an_answer_is_judged_by_what_was_known_when_nothing_newer_is() -> None:
    came = case(3_000)
    assert came.judged() == came.judged(15_000) != came.judged(3_000)


def test_of_a_lost_answer_its_key_and_option_are_told() -> None:
    row = case(3_000).lost()
    assert (row.show, row.epoch, row.question) == ("THU1", "e1", Q1)
    assert (row.participant, row.option) == (AN, "B")
    assert (row.status, row.receipt) == ("", "")


def test_what_is_remarkable_goes_with_the_row() -> None:
    assert case(200).judged(15_000).flags == "impossible"
    assert case(650, "fair-1").judged(15_000).flags == "fast,absent"


def test_an_answer_is_nothing_the_collector_has_to_look_at() -> None:
    """Ten thousand may wait for the disk at once, and are kept until the next."""
    came = case(3_000)
    assert not gc.is_tracked(came)
    assert not gc.is_tracked(came.judged())
    assert not gc.is_tracked(Given(OptionId("B")))
