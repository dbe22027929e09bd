"""What the settings of a show may be."""

from dataclasses import fields

import pytest

from quizserver.domain.bounds import TIMES, NoSuchTiming, OutOfBounds, check, counts
from quizserver.domain.rundown import Rules
from tests.shows import pack

PLANNED = 10


def test_the_settings_a_show_has_unasked_are_within_their_bounds() -> None:
    check(Rules(), planned=1)


def test_every_setting_that_is_a_number_has_bounds() -> None:
    numbers = {one.name for one in fields(Rules) if type(one.default) is int}
    assert numbers == TIMES.keys() | counts(PLANNED).keys()


@pytest.mark.parametrize(
    ("rules", "name", "least", "most"),
    [
        (Rules(duration_ms=4_999), "duration_ms", 5_000, 120_000),
        (Rules(duration_ms=120_001), "duration_ms", 5_000, 120_000),
        (Rules(roll_ms=999), "roll_ms", 1_000, 10_000),
        (Rules(prize_min_right=11), "prize_min_right", 0, 10),
        (Rules(max_prizes_per_person=-1), "max_prizes_per_person", 0, 11),
        (Rules(max_prizes_per_person=12), "max_prizes_per_person", 0, 11),
    ],
)
def test_what_is_out_of_bounds_is_named_with_them(
    rules: Rules, name: str, least: int, most: int
) -> None:
    """R4.10, R5.4: nobody could be given a prize that needs eleven of ten answers."""
    with pytest.raises(OutOfBounds) as refused:
        check(rules, PLANNED)
    bound = refused.value.bound
    assert (refused.value.name, bound.least, bound.most) == (name, least, most)


def test_the_bounds_themselves_may_be_set() -> None:
    most = {name: bound.most for name, bound in (*TIMES.items(), *counts(9).items())}
    check(Rules(**most), planned=9)  # type: ignore[arg-type]


def test_a_timing_rule_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(NoSuchTiming):
        check(Rules(timing="fairest"), PLANNED)


def test_a_reserve_is_none_of_the_questions_a_prize_can_ask_for() -> None:
    """R5.8: whoever is right in all that are played has what can be had."""
    assert pack().planned == 3
