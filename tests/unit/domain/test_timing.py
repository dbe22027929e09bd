"""T of an answer under rule `received`, at its edges."""

import pytest

from quizserver.domain.timing import Measured, take, window_ms

MS = 1_000_000
T0 = 77 * MS


@pytest.mark.parametrize(
    ("after_ns", "time_ms", "in_time"),
    [
        (0, 0, True),
        (999_999, 0, True),
        (14_999 * MS, 14_999, True),
        (15_000 * MS - 1, 14_999, True),
        (15_000 * MS, 15_000, False),
        (16_000 * MS, 16_000, False),
        (-5 * MS, 0, True),
    ],
)
def test_the_window_is_half_open(after_ns: int, time_ms: int, in_time: bool) -> None:
    """A3: 14 999 ms counts, 15 000 ms is too late."""
    taken = take(Measured(opened_ns=T0, received_ns=T0 + after_ns), 15_000)
    assert (taken.time_ms, taken.in_time) == (time_ms, in_time)


def test_answers_may_come_until_the_duration_is_over() -> None:
    assert window_ms(15_000) == 15_000
