"""Wrong recovery codes: guessing gets slow, people are never refused."""

from quizserver.domain.ids import ShowCode
from quizserver.live.guesses import FREE, LONGEST_MS, Guesses
from tests.manual_clock import WaitedFor

SHOW, OTHER = ShowCode("CCHC1"), ShowCode("CCHC2")


async def waited_ms(guesses: Guesses, clock: WaitedFor, show: ShowCode) -> int:
    """Return how long a try has to wait."""
    clock.waited_ms = 0
    await guesses.wait(show)
    return clock.waited_ms


async def test_who_mistypes_waits_for_nothing() -> None:
    clock = WaitedFor()
    guesses = Guesses(clock)
    for _ in range(FREE):
        assert await waited_ms(guesses, clock, SHOW) == 0
        guesses.note(SHOW)
    assert await waited_ms(guesses, clock, SHOW) == 0


async def test_each_further_one_slows_down_all_of_that_show_and_no_other() -> None:
    clock = WaitedFor()
    guesses = Guesses(clock)
    for _ in range(FREE + 4):
        guesses.note(SHOW)
    assert await waited_ms(guesses, clock, SHOW) == 200
    assert await waited_ms(guesses, clock, OTHER) == 0


async def test_nobody_waits_longer_than_some_seconds_whatever_comes() -> None:
    """R2.4: who shares the show with a flood gets in."""
    clock = WaitedFor()
    guesses = Guesses(clock)
    for _ in range(100_000):
        guesses.note(SHOW)
    assert await waited_ms(guesses, clock, SHOW) == LONGEST_MS


async def test_a_minute_later_it_is_forgotten() -> None:
    clock = WaitedFor()
    guesses = Guesses(clock)
    for _ in range(100):
        guesses.note(SHOW)
    clock.forward(59_000)
    guesses.note(SHOW)
    clock.forward(1_000)
    assert await waited_ms(guesses, clock, SHOW) == 0
