"""Watches the event loop: how late it is with what was due.

A blocked loop cannot be seen from outside by a thread that still answers; here
the loop itself is asked to be on time ten times a second, and the worst delay
of the last minute is kept for `/metrics` and the panel's status bar.
"""

from collections import deque
from typing import Final

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock

_EVERY_NS: Final = 100 * NS_PER_MS
_KEPT: Final = 600


class LoopWatch:
    """The loop's lag over the last minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lags: deque[float] = deque(maxlen=_KEPT)

    async def run(self) -> None:
        """Measure, for ever."""
        while True:
            due = self._clock.monotonic_ns() + _EVERY_NS
            await self._clock.sleep_until(due)
            late_ns = self._clock.monotonic_ns() - due
            self._lags.append(late_ns / NS_PER_MS)

    @property
    def last_ms(self) -> float:
        """The newest lag in milliseconds."""
        return self._lags[-1] if self._lags else 0.0

    @property
    def worst_ms(self) -> float:
        """The worst lag of the last minute in milliseconds."""
        return max(self._lags, default=0.0)
