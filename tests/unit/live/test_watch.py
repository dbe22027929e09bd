"""The loop's lag, measured on a loop whose lateness the test decides."""

import asyncio

import pytest

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.watch import LoopWatch
from tests.manual_clock import ManualClock


class LateClock(ManualClock):
    """Wakes sleepers late: by so many milliseconds as the test has listed."""

    def late_by(self, *lags_ms: float) -> None:
        self._lags = list(lags_ms)

    async def sleep_until(self, mono_ns: int) -> None:
        if not self._lags:
            raise asyncio.CancelledError
        self.mono_ns = mono_ns + int(self._lags.pop(0) * NS_PER_MS)


async def watched(*lags_ms: float) -> LoopWatch:
    """Return a watch that has seen these lags."""
    clock = LateClock()
    clock.late_by(*lags_ms)
    watch = LoopWatch(clock)
    with pytest.raises(asyncio.CancelledError):
        await watch.run()
    return watch


async def test_before_the_first_measurement_there_is_no_lag() -> None:
    watch = await watched()
    assert (watch.last_ms, watch.worst_ms) == (0.0, 0.0)


async def test_the_newest_and_the_worst_lag_are_told() -> None:
    watch = await watched(0.5, 120.25, 3)
    assert (watch.last_ms, watch.worst_ms) == (3.0, 120.25)


async def test_a_bad_moment_is_forgotten_after_a_minute() -> None:
    watch = await watched(900, *([1] * 600))
    assert watch.worst_ms == 1.0
