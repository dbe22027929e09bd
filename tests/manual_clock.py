"""A clock that tests drive: time moves when they say so, and timers ring."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from quizserver.domain.stamps import NS_PER_MS, Stamp


@dataclass
class ManualClock:
    """Implements `live.ports.Clock`; starts at one hour, 19/10/2023 13:00 UTC."""

    mono_ns: int = 3_600_000 * NS_PER_MS
    utc: int = 1_697_720_400_000
    boot: str = "boot-1"
    _alarms: list[tuple[int, Callable[[], None]]] = field(default_factory=list)
    _sleepers: list[tuple[int, asyncio.Future[None]]] = field(default_factory=list)

    def monotonic_ns(self) -> int:
        """Return the time it is."""
        return self.mono_ns

    def utc_ms(self) -> int:
        """Return UTC, which follows."""
        return self.utc

    def stamp(self) -> Stamp:
        """Return this moment."""
        return Stamp(boot=self.boot, mono_ns=self.mono_ns, utc_ms=self.utc)

    def resolve_ns(self, stamp: Stamp) -> int:
        """Return a stamp on this clock."""
        if stamp.boot == self.boot:
            return stamp.mono_ns
        return self.mono_ns - (self.utc - stamp.utc_ms) * NS_PER_MS

    def at(self, mono_ns: int, call: Callable[[], None]) -> Callable[[], None]:
        """Ring at `mono_ns`, when `forward` gets there."""
        alarm = (mono_ns, call)
        self._alarms.append(alarm)

        def cancel() -> None:
            if alarm in self._alarms:
                self._alarms.remove(alarm)

        return cancel

    async def sleep_until(self, mono_ns: int) -> None:
        """Wait until `forward` gets there."""
        if mono_ns > self.mono_ns:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.append((mono_ns, future))
            await future

    @property
    def waits(self) -> bool:
        """Whether anybody sleeps."""
        return bool(self._sleepers)

    def forward(self, ms: int) -> None:
        """Move time on; what was due meanwhile rings in order."""
        end = self.mono_ns + ms * NS_PER_MS
        while due := [alarm for alarm in self._alarms if alarm[0] <= end]:
            first = min(due, key=lambda alarm: alarm[0])
            self._alarms.remove(first)
            self._to(first[0])
            first[1]()
        self._to(end)

    def _to(self, mono_ns: int) -> None:
        mono_ns = max(mono_ns, self.mono_ns)
        self.utc += (mono_ns - self.mono_ns) // NS_PER_MS
        self.mono_ns = mono_ns
        for sleeper in [s for s in self._sleepers if s[0] <= mono_ns]:
            self._sleepers.remove(sleeper)
            if not sleeper[1].done():
                sleeper[1].set_result(None)


@dataclass
class WaitedFor(ManualClock):
    """One on which whoever sleeps moves the time on; says how long they all slept."""

    waited_ms: int = 0

    async def sleep_until(self, mono_ns: int) -> None:
        """Return at once: it is `mono_ns`."""
        ms = max(0, mono_ns - self.mono_ns) // NS_PER_MS
        self.waited_ms += ms
        self.forward(ms)
