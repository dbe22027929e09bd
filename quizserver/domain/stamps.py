"""A moment that survives a restart (Source: docs/reference/rules.md R4).

Pure: stamps are made by `live.clock` and travel inside commands and events.
"""

from dataclasses import dataclass

NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """One moment on three clocks.

    `mono_ns` is nanoseconds on the monotonic clock of boot `boot`, `utc_ms`
    the same moment in UTC milliseconds. On the same boot the monotonic part is
    the truth, so a jump of the wall clock changes nothing; after another boot
    only UTC is left.
    """

    boot: str
    mono_ns: int
    utc_ms: int

    def plus_ms(self, ms: int) -> "Stamp":
        """Return the moment `ms` later (or earlier, if negative)."""
        return Stamp(
            boot=self.boot,
            mono_ns=self.mono_ns + ms * NS_PER_MS,
            utc_ms=self.utc_ms + ms,
        )

    def ms_since(self, earlier: "Stamp") -> int:
        """Return whole milliseconds from `earlier` to this moment."""
        if self.boot == earlier.boot:
            return (self.mono_ns - earlier.mono_ns) // NS_PER_MS
        return self.utc_ms - earlier.utc_ms
