"""The only reader of clocks, and the only sleeper.

Durations run on the monotonic clock, which no administrator and no time server
can move; UTC is for people and for a restart after a reboot. Everything else
is handed a `ports.Clock`.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from quizserver.domain.stamps import NS_PER_MS, Stamp

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""Where the kernel tells one boot of the machine from the next."""

_NS_PER_S = 1_000_000_000


class SystemClock:
    """The machine's clocks. One per process."""

    def __init__(self) -> None:
        self._boot = _read_boot_id()
        self._offsets: dict[tuple[str, int], int] = {}

    def monotonic_ns(self) -> int:
        """Return CLOCK_MONOTONIC in nanoseconds."""
        return time.monotonic_ns()

    def utc_ms(self) -> int:
        """Return UTC in whole milliseconds."""
        return time.time_ns() // NS_PER_MS

    def stamp(self) -> Stamp:
        """Return this moment as it may be stored."""
        return Stamp(boot=self._boot, mono_ns=self.monotonic_ns(), utc_ms=self.utc_ms())

    def resolve_ns(self, stamp: Stamp) -> int:
        """Return `stamp` on this boot's monotonic clock.

        On the same boot that is its own monotonic part, whatever happened to
        the wall clock since; after a reboot, or of another machine, it is counted
        back over UTC. That is done once, also for moments reckoned from it
        (`Stamp.plus_ms`): a jump of UTC moves no question that is open.
        """
        if stamp.boot == self._boot:
            return stamp.mono_ns
        made = stamp.boot, stamp.mono_ns - stamp.utc_ms * NS_PER_MS
        if made not in self._offsets:
            self._offsets[made] = self.monotonic_ns() - self.utc_ms() * NS_PER_MS
        return stamp.utc_ms * NS_PER_MS + self._offsets[made]

    def at(self, mono_ns: int, call: Callable[[], None]) -> Callable[[], None]:
        """Call `call` at `mono_ns`, never before it; return what cancels it."""
        return _Alarm(self, mono_ns, call).cancel

    async def sleep_until(self, mono_ns: int) -> None:
        """Return at `mono_ns`, or at once when it has passed."""
        while (left := mono_ns - self.monotonic_ns()) > 0:
            await asyncio.sleep(left / _NS_PER_S)


def rfc3339(utc_ms: int) -> str:
    """Return UTC milliseconds as a time of day, `2023-10-19T13:00:00.125Z`."""
    moment = datetime.fromtimestamp(utc_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Alarm:
    """One call at one moment; the loop's timer may be early, this is not."""

    def __init__(
        self, clock: SystemClock, mono_ns: int, call: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._mono_ns = mono_ns
        self._call = call
        self._handle = self._armed()

    def cancel(self) -> None:
        """Take the call back."""
        self._handle.cancel()

    def _armed(self) -> asyncio.TimerHandle:
        left_ns = self._mono_ns - self._clock.monotonic_ns()
        loop = asyncio.get_running_loop()
        return loop.call_later(max(0, left_ns) / _NS_PER_S, self._ring)

    def _ring(self) -> None:
        if self._clock.monotonic_ns() < self._mono_ns:
            self._handle = self._armed()
        else:
            self._call()


def _read_boot_id() -> str:
    """Return the kernel's id of this boot; one per process where it has none."""
    if BOOT_ID.exists():
        return BOOT_ID.read_text(encoding="ascii").strip()
    return f"process-{time.time_ns()}"
