"""Overlays with a bad key: how many, of late."""

from quizserver.gateway.limits import SECOND
from quizserver.gateway.refusals import Refusals
from tests.manual_clock import ManualClock


def test_a_refusal_counts_for_a_minute() -> None:
    clock = ManualClock()
    refusals = Refusals(clock)
    assert refusals.lately() == 0
    refusals.note()
    clock.mono_ns += 59 * SECOND
    refusals.note()
    assert refusals.lately() == 2
    clock.mono_ns += 1 * SECOND
    assert refusals.lately() == 1
    clock.mono_ns += 59 * SECOND
    assert refusals.lately() == 0


def test_a_flood_of_bad_keys_takes_no_more_memory() -> None:
    refusals = Refusals(ManualClock())
    for _ in range(10_000):
        refusals.note()
    assert refusals.lately() == 99
