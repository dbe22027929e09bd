"""Watches the event loop and the ledger's writer: how late each is.

A blocked loop cannot be seen from outside by a thread that still answers; here
the loop itself is asked to be on time ten times a second, and looks each time
how long the writer has been at its batch. The last minute of both is kept for
`/metrics` and the panel's status bar.
"""

from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock

_EVERY_NS: Final = 100 * NS_PER_MS
_KEPT: Final = 600


class Writing(Protocol):
    """What the watch looks at of the ledger's writer (`store.journal.Health`)."""

    @property
    def commits(self) -> int:
        """How many batches were written."""
        ...

    @property
    def commit_ns(self) -> int:
        """How long the last of them took."""
        ...

    @property
    def busy_ns(self) -> int:
        """How long it has been at the one in hand; 0 when there is none."""
        ...


class Minute:
    """The last minute of a figure in milliseconds, ten a second."""

    def __init__(self) -> None:
        self._values: deque[float] = deque(maxlen=_KEPT)

    def add(self, ns: int) -> None:
        """Take the newest."""
        self._values.append(ns / NS_PER_MS)

    @property
    def last(self) -> float:
        """The newest, 0 before the first."""
        return self._values[-1] if self._values else 0.0

    @property
    def worst(self) -> float:
        """The greatest."""
        return max(self._values, default=0.0)

    @property
    def p99(self) -> float:
        """What 99 of 100 do not exceed."""
        ordered = sorted(self._values)
        return ordered[(len(ordered) * 99 - 1) // 100] if ordered else 0.0


class Watchdog:
    """The lag of the loop and of the writer over the last minute."""

    def __init__(self, clock: Clock, writing: Callable[[], Writing]) -> None:
        self._clock = clock
        self._writing = writing
        self._commits = 0
        self.loop = Minute()
        self.writer = Minute()

    async def run(self) -> None:
        """Measure, for ever."""
        while True:
            due = self._clock.monotonic_ns() + _EVERY_NS
            await self._clock.sleep_until(due)
            self.loop.add(self._clock.monotonic_ns() - due)
            self.writer.add(self._writer_ns())

    def _writer_ns(self) -> int:
        """Return the time of the batch in hand, or of one written since last time."""
        writing = self._writing()
        is_new, self._commits = writing.commits != self._commits, writing.commits
        return max(writing.busy_ns, writing.commit_ns if is_new else 0)
