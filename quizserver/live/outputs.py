"""The overlays connected to one show, and how they are."""

from dataclasses import dataclass

import msgspec

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock
from quizserver.wire.host import OutputPart


@dataclass(slots=True)
class _Seen:
    part: OutputPart
    at_ns: int


class Outputs:
    """Reports of overlays by connection."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def report(self, output: str, part: OutputPart) -> None:
        """Note what an overlay says of itself; the first report adds it."""
        self._seen[output] = _Seen(part, self._clock.monotonic_ns())

    def gone(self, output: str) -> None:
        """Forget an overlay."""
        self._seen.pop(output, None)

    def parts(self) -> tuple[OutputPart, ...]:
        """Return all of them, with the time since each was heard of."""
        now = self._clock.monotonic_ns()
        return tuple(
            msgspec.structs.replace(seen.part, seen_ms=(now - seen.at_ns) // NS_PER_MS)
            for seen in self._seen.values()
        )
