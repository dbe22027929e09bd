"""How late viewers see the picture, as they say it: the calibration.

Overlays count from 1 to 16 and begin again, a number every two seconds; viewers tap
on their phones what they see in the stream. Each tap says when its number was on the
overlay, and so how old the picture is. One tap is good for a second or so; a page's
median of many is good for less, as everybody taps at another moment of the two.
"""

from statistics import median
from typing import Final

from quizserver.domain.ids import ParticipantId
from quizserver.domain.stamps import Stamp
from quizserver.domain.stream import Stream
from quizserver.wire.host import DelayPart

EVERY_MS: Final = 2_000
"""How long a number stands."""

NUMBERS: Final = 16
ROUND_MS: Final = NUMBERS * EVERY_MS
"""Delays up to about so long can be told apart."""

REACTION_MS: Final = 1_000
"""What it takes to find a number among sixteen and to tap it, and to be heard."""


class Delays:
    """What viewers said since the last count began; memory only."""

    def __init__(self) -> None:
        self._began: Stamp | None = None
        self._seen: dict[ParticipantId, tuple[str, int]] = {}

    def follow(self, stream: Stream) -> None:
        """Begin anew with each count; what was found stays when it ends."""
        if stream.sync_at not in (None, self._began):
            self._began = stream.sync_at
            self._seen = {}

    def note(
        self, participant: ParticipantId, via: str, number: int, elapsed_ms: int
    ) -> None:
        """Take a tap, `elapsed_ms` after the count began; the last one stands."""
        delay_ms = delay_of(number, elapsed_ms)
        if delay_ms is not None:
            self._seen[participant] = (via, delay_ms)

    def parts(self) -> dict[str, DelayPart]:
        """Return how late the picture is by page."""
        pages: dict[str, list[int]] = {}
        for via, delay_ms in self._seen.values():
            pages.setdefault(via, []).append(delay_ms)
        return {via: _part(found) for via, found in sorted(pages.items())}


def delay_of(number: int, elapsed_ms: int) -> int | None:
    """Return the age of the picture that showed `number`; None when none can have."""
    if not 1 <= number <= NUMBERS:
        return None
    shown_ms = (number - 1) * EVERY_MS + EVERY_MS // 2
    delay_ms = (elapsed_ms - REACTION_MS - shown_ms) % ROUND_MS
    if delay_ms > ROUND_MS - EVERY_MS:
        delay_ms = 0  # quicker than most, at a picture that is hardly late
    return delay_ms if delay_ms <= elapsed_ms else None


def _part(found: list[int]) -> DelayPart:
    middle = median(found)
    spread = median(abs(one - middle) for one in found)
    return DelayPart(count=len(found), median_ms=round(middle), spread_ms=round(spread))
