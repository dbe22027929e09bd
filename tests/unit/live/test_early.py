"""Answers that wait for the news that their question is open."""

from quizserver.domain.ids import ParticipantId
from quizserver.domain.timing import NO_TRIP
from quizserver.live.early import MOST, Came, Early
from quizserver.wire.phone import Answer


def came(who: str, received_ns: int) -> Came:
    answer = Answer(question="q1", option="A", nonce="n")
    return ParticipantId(who), answer, received_ns, lambda payload: None, NO_TRIP


def test_what_waited_is_taken_once_in_its_order_and_bounded_for_each() -> None:
    early = Early()
    for number in range(MOST + 3):
        early.keep(came("an", number))
    early.keep(came("bình", 99))
    taken = early.taken()
    assert [one[2] for one in taken] == [*range(MOST), 99]
    assert early.taken() == []
