"""The overlays of one show, how they are, and what a host tells one of them.

An overlay that loses its link stays on the list for some minutes: the host has to
see what is missing. When a page of the same kind comes, it takes that place and
its number, so "number 2" is the same source all evening.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock
from quizserver.wire.common import encode
from quizserver.wire.host import Identify, OutputPart, Reload

LOST_NS: Final = 300_000 * NS_PER_MS
"""How long an overlay that has gone is still spoken of."""

MOST_LOST: Final = 20
"""More of them than this are no source in OBS but a browser's reloads."""

Tell = Callable[[bytes], None]
"""Gives one overlay a JSON text; never waits, never fails."""

Do = Literal["identify", "reload"]

Order = Callable[[Do, str | None], None]


@dataclass(slots=True)
class _Seen:
    part: OutputPart
    number: int
    tell: Tell
    since_ns: int
    at_ns: int
    lag_ms: int | None = None


class Outputs:
    """Reports of overlays by connection."""

    def __init__(self, clock: Clock, spread: Order = lambda do, output: None) -> None:
        """Begin without any; `spread` has other processes order theirs as well."""
        self._clock = clock
        self._spread = spread
        self._seen: dict[str, _Seen] = {}
        self._lost: list[_Seen] = []
        self._told: tuple[int, int] = (0, 0)

    def report(self, part: OutputPart, tell: Tell) -> None:
        """Note what an overlay says of itself; the first report adds it."""
        now = self._clock.monotonic_ns()
        seen = self._seen.get(part.id)
        if seen is None:
            self._forget(now)
            number = self._number_for(part)
            self._seen[part.id] = _Seen(part, number, tell, now, now)
            return
        step, told_ns = self._told
        # Who was here when it was told, and says for the first time that it is drawn.
        if part.step == step != seen.part.step and seen.since_ns < told_ns:
            lag_ms = (now - told_ns) // NS_PER_MS - part.delay_ms
            seen.lag_ms = max(0, lag_ms)
        seen.part, seen.at_ns = part, now

    def gone(self, output: str) -> None:
        """Move an overlay to those that are missing."""
        seen = self._seen.pop(output, None)
        if seen is not None:
            self._lost = [*self._lost, seen][-MOST_LOST:]

    def told(self, step: int) -> None:
        """Note that overlays are being told of `step` now."""
        self._told = step, self._clock.monotonic_ns()

    def order(self, do: Do, output: str | None) -> None:
        """Tell one overlay, or all, to show its number or to open its page anew."""
        self.order_here(do, output)
        self._spread(do, output)

    def order_here(self, do: Do, output: str | None) -> None:
        """Tell those of this process."""
        for one, seen in tuple(self._seen.items()):
            if output in {None, one}:
                word = Reload() if do == "reload" else Identify(number=seen.number)
                seen.tell(encode(word))

    def parts(self) -> tuple[OutputPart, ...]:
        """Return all by number, those that are missing too."""
        now = self._clock.monotonic_ns()
        self._forget(now)
        parts = [_part(seen, now, lost=False) for seen in self._seen.values()]
        parts += [_part(seen, now, lost=True) for seen in self._lost]
        return tuple(sorted(parts, key=lambda part: part.number))

    def _number_for(self, part: OutputPart) -> int:
        """Return a missing one's number, of its kind, or the lowest that is free."""
        for seen in self._lost:
            if (seen.part.view, seen.part.layout) == (part.view, part.layout):
                self._lost.remove(seen)
                return seen.number
        taken = {seen.number for seen in (*self._seen.values(), *self._lost)}
        return next(n for n in range(1, len(taken) + 2) if n not in taken)

    def _forget(self, now: int) -> None:
        self._lost = [seen for seen in self._lost if now - seen.at_ns < LOST_NS]


def _part(seen: _Seen, now: int, *, lost: bool) -> OutputPart:
    return msgspec.structs.replace(
        seen.part,
        number=seen.number,
        seen_ms=(now - seen.at_ns) // NS_PER_MS,
        lag_ms=seen.lag_ms,
        lost=lost,
    )
