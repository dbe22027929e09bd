"""The loop's and the writer's lag, on a clock whose lateness the test decides."""

import asyncio
from dataclasses import dataclass

import pytest

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.watch import Minute, Watchdog
from tests.manual_clock import ManualClock


@dataclass(frozen=True)
class Writer:
    """What the writer says of itself (`live.watch.Writing`)."""

    commits: int = 0
    commit_ns: int = 0
    busy_ns: int = 0


class LateClock(ManualClock):
    """Wakes sleepers late: by so many milliseconds as the test has listed."""

    def late_by(self, *lags_ms: float) -> None:
        self._lags = list(lags_ms)

    async def sleep_until(self, mono_ns: int) -> None:
        if not self._lags:
            raise asyncio.CancelledError
        self.mono_ns = mono_ns + int(self._lags.pop(0) * NS_PER_MS)


async def watched(*lags_ms: float, writer: tuple[Writer, ...] = ()) -> Watchdog:
    """Return a watchdog that has seen these lags, and the writer like this."""
    clock = LateClock()
    clock.late_by(*lags_ms)
    said = iter(writer)
    dog = Watchdog(clock, lambda: next(said, Writer()))
    with pytest.raises(asyncio.CancelledError):
        await dog.run()
    return dog


async def test_before_the_first_measurement_there_is_no_lag() -> None:
    dog = await watched()
    for minute in (dog.loop, dog.writer):
        assert (minute.last, minute.p99, minute.worst) == (0.0, 0.0, 0.0)


async def test_the_newest_and_the_worst_lag_are_told() -> None:
    dog = await watched(0.5, 120.25, 3)
    assert (dog.loop.last, dog.loop.worst) == (3.0, 120.25)


async def test_a_bad_moment_is_forgotten_after_a_minute() -> None:
    dog = await watched(900, *([1] * 600))
    assert dog.loop.worst == 1.0


@pytest.mark.parametrize(("count", "p99"), [(1, 1), (99, 99), (100, 99), (600, 594)])
def test_p99_is_what_99_of_100_do_not_exceed(count: int, p99: float) -> None:
    minute = Minute()
    for ms in range(count, 0, -1):
        minute.add(ms * NS_PER_MS)
    assert minute.p99 == p99


async def test_a_write_that_hangs_is_seen_while_it_does() -> None:
    ms = NS_PER_MS
    dog = await watched(
        0, 0, 0, writer=(Writer(), Writer(busy_ns=90 * ms), Writer(busy_ns=190 * ms))
    )
    assert (dog.writer.last, dog.writer.worst) == (190.0, 190.0)


async def test_a_short_commit_counts_once_and_not_for_ever() -> None:
    done = Writer(commits=7, commit_ns=40 * NS_PER_MS)
    dog = await watched(0, 0, writer=(done, done))
    assert (dog.writer.worst, dog.writer.last) == (40.0, 0.0)
