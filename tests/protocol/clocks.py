"""A clock that only a test moves."""

import asyncio
from collections.abc import Callable

from quizserver.domain.stamps import Stamp

START_NS = 1_000_000_000_000


class ManualClock:
    """Implements `live.ports.Clock`; `advance` rings what falls due, in order."""

    def __init__(self) -> None:
        self.now_ns = START_NS
        self._alarms: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0

    def monotonic_ns(self) -> int:
        return self.now_ns

    def utc_ms(self) -> int:
        return self.now_ns // 1_000_000

    def stamp(self) -> Stamp:
        return Stamp(boot="test", mono_ns=self.now_ns, utc_ms=self.utc_ms())

    def resolve_ns(self, stamp: Stamp) -> int:
        return stamp.mono_ns

    def at(self, mono_ns: int, call: Callable[[], None]) -> Callable[[], None]:
        self._count += 1
        alarm = (mono_ns, self._count, call)
        self._alarms.append(alarm)
        return lambda: self._alarms.remove(alarm) if alarm in self._alarms else None

    async def sleep_until(self, mono_ns: int) -> None:
        rung = asyncio.Event()
        self.at(mono_ns, rung.set)
        await rung.wait()

    def advance(self, seconds: float) -> None:
        """Move on and ring every alarm on the way at its own moment."""
        end_ns = self.now_ns + round(seconds * 1_000_000_000)
        while due := [alarm for alarm in self._alarms if alarm[0] <= end_ns]:
            alarm = min(due)
            self._alarms.remove(alarm)
            self.now_ns = max(self.now_ns, alarm[0])
            alarm[2]()
        self.now_ns = end_ns
