"""Ranks: hundredths, ties, sums; never the order of arrival."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizserver.domain.ids import ParticipantId
from quizserver.domain.ranking import rank_question, rank_show

People = st.dictionaries(
    st.integers(0, 40).map(lambda n: ParticipantId(f"p{n:02}")),
    st.integers(0, 3_000),
    max_size=40,
)


def _p(name: str) -> ParticipantId:
    return ParticipantId(name)


def test_equal_hundredths_share_a_rank_and_the_next_rank_skips() -> None:
    """R4.8, R5.1, A8: Chi and Dũng 1st with 2,915 s, An 3rd."""
    rows = rank_question([(_p("an"), 3_482), (_p("chi"), 2_915), (_p("dung"), 2_915)])
    assert [(r.participant, r.rank, r.tied) for r in rows] == [
        ("chi", 1, True),
        ("dung", 1, True),
        ("an", 3, False),
    ]


@pytest.mark.parametrize(
    ("first", "second", "tied"),
    [(2_910, 2_919, True), (2_919, 2_920, False), (2_915, 2_915, True)],
)
def test_a_tie_is_the_same_hundredth(first: int, second: int, tied: bool) -> None:
    """R4.8: T // 10 ms."""
    rows = rank_question([(_p("an"), first), (_p("chi"), second)])
    assert rows[0].tied is tied
    assert rows[1].rank == (1 if tied else 2)


def test_a_show_is_ranked_by_right_answers_then_by_their_time() -> None:
    """R5.2, A10: B, A, C."""
    rows = rank_show(
        [(_p("a"), 10, 62_410), (_p("b"), 10, 61_905), (_p("c"), 9, 20_000)]
    )
    assert [r.participant for r in rows] == ["b", "a", "c"]
    assert [r.rank for r in rows] == [1, 2, 3]


def test_equal_shows_share_a_rank() -> None:
    """A11: D and E both n, the next is n + 2."""
    rows = rank_show([(_p("d"), 8, 40_000), (_p("e"), 8, 40_000), (_p("f"), 7, 1)])
    assert [(r.rank, r.tied) for r in rows] == [(1, True), (1, True), (3, False)]


def test_nobody_right_is_an_empty_ranking() -> None:
    """A9."""
    assert rank_question([]) == ()
    assert rank_show([]) == ()


@given(People, st.randoms(use_true_random=False))
def test_the_order_of_arrival_plays_no_part(
    people: dict[ParticipantId, int], chance: Random
) -> None:
    """R4.8: the same ranks for every order of the same answers."""
    answers = list(people.items())
    shuffled = chance.sample(answers, len(answers))
    assert rank_question(answers) == rank_question(shuffled)


@given(People)
def test_a_rank_is_one_more_than_the_number_of_faster_people(
    people: dict[ParticipantId, int],
) -> None:
    """R5.1, by another computation."""
    hundredths = [ms // 10 for ms in people.values()]
    for row in rank_question(people.items()):
        own = row.time_ms // 10
        assert row.rank == 1 + sum(other < own for other in hundredths)
        assert row.tied is (hundredths.count(own) > 1)
