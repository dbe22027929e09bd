"""One person with several phones stands out; strangers who agree do not."""

from collections.abc import Iterable, Iterator
from math import exp
from random import Random

import pytest

from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.domain.likeness import Likeness, Tap, likenesses

CARRIER = "0a1b2c3d4e5f"


def tap(who: str, n: int, option: str, ms: int, origin: str | None = CARRIER) -> Tap:
    return Tap(
        participant=ParticipantId(who),
        question=QuestionId(f"q{n}"),
        option=OptionId(option),
        time_ms=ms,
        origin=origin,
    )


def strangers(near: int, far: int, questions: int = 5) -> Iterator[Tap]:
    """Yield answers from elsewhere: so many D at 2 s, and A at 8 s."""
    for n in range(questions):
        for k in range(near + far):
            option, ms = ("D", 2_000) if k < near else ("A", 8_000)
            yield tap(f"s{k}", n, option, ms, origin=None)


def pair(questions: int = 5, gap_ms: int = 300, second: str = "D") -> list[Tap]:
    """Return two phones of one network that tap next to each other."""
    return [
        tap(*answer)
        for n in range(questions)
        for answer in (("x1", n, "D", 2_000), ("x2", n, second, 2_000 + gap_ms))
    ]


def sets(taps: Iterable[Tap]) -> list[tuple[str, tuple[str, ...], int, int]]:
    return [(f.kind, f.participants, f.hits, f.of) for f in likenesses(taps)]


# --- how rare it has to be ------------------------------------------------------


@pytest.mark.parametrize(("near", "is_found"), [(8, True), (9, False)])
def test_a_pair_is_measured_against_what_everybody_did(
    near: int, is_found: bool
) -> None:
    """Five questions, one pair: 14 bits; 10 of 80 earn 15, 11 of 80 less than 14."""
    taps = [*strangers(near, 78 - near), *pair()]
    expected = [("twins", ("x1", "x2"), 5, 5)] if is_found else []
    assert sets(taps) == expected


def test_the_more_pairs_there_are_the_less_one_of_them_says() -> None:
    """78 others who share the network: 3,160 pairs instead of one."""
    taps = [*strangers(8, 70), *pair()]
    assert len(sets(taps)) == 1
    crowd = [tap(f"c{k}", 9, "B", 5_000 + 20 * k) for k in range(78)]
    assert sets([*taps, *crowd]) == []


@pytest.mark.parametrize(("near", "is_found"), [(18, True), (20, False)])
def test_no_moment_counts_more_than_six_bits(near: int, is_found: bool) -> None:
    """15 bits for six questions: 6 of the rare one, and five times two or less."""
    rare = [tap("x1", 5, "C", 9_000), tap("x2", 5, "C", 9_100)]
    alone = [tap(f"t{k}", 5, "A", 3_000, origin=None) for k in range(5_000)]
    taps = [*strangers(near, 78 - near), *pair(), *rare, *alone]
    assert bool(sets(taps)) is is_found


@pytest.mark.parametrize(("near", "is_found"), [(12, True), (13, False)])
def test_a_pair_has_eight_bits_to_spare(near: int, is_found: bool) -> None:
    """Six questions, one pair: 6 + 1 + 8 bits, which is what 14 of 80 earn."""
    taps = [*strangers(near, 78 - near, 6), *pair(6)]
    assert bool(sets(taps)) is is_found


def test_only_people_of_one_known_network_are_compared() -> None:
    elsewhere = [
        tap(one.participant, int(one.question[1:]), one.option, one.time_ms, origin)
        for one in pair()
        for origin in [CARRIER if one.participant == "x1" else "ffffffffffff"]
    ]
    nowhere = [
        tap(one.participant, int(one.question[1:]), one.option, one.time_ms, None)
        for one in pair()
    ]
    crowd = list(strangers(0, 78))
    assert sets([*crowd, *elsewhere]) == []
    assert sets([*crowd, *nowhere]) == []
    assert sets([*crowd, *pair()]) != []


# --- twins ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap_ms", "is_found"), [(-1_000, True), (1_000, True), (1_001, False)]
)
def test_taps_of_one_hand_are_within_a_second(gap_ms: int, is_found: bool) -> None:
    assert bool(sets([*strangers(0, 78), *pair(gap_ms=gap_ms)])) is is_found


@pytest.mark.parametrize(("questions", "is_found"), [(4, False), (5, True)])
def test_twins_need_five_questions(questions: int, is_found: bool) -> None:
    taps = [*strangers(0, 600, questions), *pair(questions)]
    assert bool(sets(taps)) is is_found


def test_a_show_of_five_needs_all_of_them() -> None:
    taps = [*strangers(0, 600), *pair(4), tap("x1", 4, "D", 2_000)]
    assert sets([*taps, tap("x2", 4, "D", 9_000)]) == []


def test_twins_need_not_agree_each_time() -> None:
    """Each question that differs costs a bit and earns none."""
    taps = [*strangers(0, 78, 8), *pair(8)]
    odd = [one for one in taps if (one.participant, one.question) != ("x2", "q3")]
    assert sets([*odd, tap("x2", 3, "B", 6_000)]) == [("twins", ("x1", "x2"), 7, 8)]


def test_who_missed_a_question_can_be_a_twin() -> None:
    taps = [*strangers(0, 78, 6), *pair(6)]
    fewer = [one for one in taps if (one.participant, one.question) != ("x2", "q3")]
    assert ("twins", ("x1", "x2"), 5, 6) in sets(fewer)


def test_three_say_more_than_two() -> None:
    """What no pair of them could prove."""
    two = [*strangers(9, 69), *pair()]
    assert sets(two) == []
    third = [tap("x3", n, "D", 2_400) for n in range(5)]
    # Three near ones more or less must not be what decides.
    fewer = [*strangers(8, 70), *pair(), *third]
    assert sets(fewer) == [("twins", ("x1", "x2", "x3"), 5, 5)]


# --- coverage -------------------------------------------------------------------


def test_two_who_share_out_the_options_are_found_in_three_questions() -> None:
    taps = [*strangers(0, 600, 3), *pair(3, second="C")]
    assert sets(taps) == [("coverage", ("x1", "x2"), 3, 3)]


def test_two_questions_are_not_enough() -> None:
    assert sets([*strangers(0, 9_000, 2), *pair(2, second="C")]) == []


def test_coverage_is_within_a_second_too() -> None:
    crowd = list(strangers(0, 600, 3))
    assert sets([*crowd, *pair(3, gap_ms=1_001, second="C")]) == []


def test_who_covers_the_options_is_right_at_most_once() -> None:
    """Two with the same option cover nothing together."""
    crowd = list(strangers(0, 600, 4))
    both = [tap("x3", n, "D", 2_200) for n in range(4)]
    found = sets([*crowd, *pair(4, second="C"), *both])
    assert {(kind, people) for kind, people, _, _ in found} == {
        ("coverage", ("x1", "x2")),
        ("coverage", ("x2", "x3")),
    }


def test_four_who_share_out_four_options_are_one_set() -> None:
    crowd = list(strangers(0, 600, 4))
    four = [
        tap(f"x{k}", n, "ABCD"[(k + n) % 4], 1_900 + 90 * k)
        for n in range(4)
        for k in range(4)
    ]
    assert sets([*crowd, *four]) == [("coverage", ("x0", "x1", "x2", "x3"), 4, 4)]


# --- everybody ------------------------------------------------------------------


def audience(chance: Random, people: int, questions: int = 10) -> Iterator[Tap]:
    """Yield honest answers behind one address: half right, times log-normal.

    Half of what makes a time is the person, and some know more than others.
    """
    quickness = [chance.gauss(0, 0.35) for _ in range(people)]
    knowledge = [chance.uniform(0.2, 0.8) for _ in range(people)]
    for n in range(questions):
        for k in range(people):
            is_right = chance.random() < knowledge[k]
            option = "A" if is_right else chance.choice("BCD")
            ms = 450 + int(2_550 * exp(quickness[k] + chance.gauss(0, 0.35)))
            if ms < 15_000:
                yield tap(f"p{k}", n, option, ms)


def test_an_honest_audience_behind_one_address_is_left_alone() -> None:
    """2,000 phones, 2 million pairs: fewer than 1 % may be flagged."""
    found = likenesses(audience(Random(1), 2_000))
    assert len({who for one in found for who in one.participants}) < 20


def test_a_hand_with_four_phones_is_found_among_two_thousand() -> None:
    chance = Random(2)
    crowd = list(audience(chance, 2_000))
    blind: list[Tap] = []
    same: list[Tap] = []
    for n in range(10):
        options = chance.sample("ABCD", 4)
        blind += [tap(f"b{k}", n, options[k], 500 + 130 * k) for k in range(4)]
        option, ms = chance.choice("AABCD"), chance.randrange(1_000, 5_000)
        same += [tap(f"x{k}", n, option, ms + 200 * k) for k in range(4)]
    found = likenesses([*crowd, *blind, *same])
    assert sorted(found, key=lambda one: one.kind) == [
        Likeness(
            kind="coverage",
            participants=tuple(ParticipantId(f"b{k}") for k in range(4)),
            hits=10,
            of=10,
        ),
        Likeness(
            kind="twins",
            participants=tuple(ParticipantId(f"x{k}") for k in range(4)),
            hits=10,
            of=10,
        ),
    ]


def test_the_order_of_the_answers_changes_nothing() -> None:
    chance = Random(3)
    taps = [*strangers(8, 70), *pair(), *(tap("x3", n, "D", 2_400) for n in range(5))]
    first = sets(taps)
    chance.shuffle(taps)
    assert sets(taps) == first
