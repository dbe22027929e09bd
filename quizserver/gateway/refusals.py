"""Overlays that came with a key that is not good (any more), of late.

Such an overlay is transparent and says nothing, as it must on air; so the host
has to hear of it here. Nobody knows which show it was meant for.
"""

from collections import deque
from typing import Final

from quizserver.gateway.limits import SECOND
from quizserver.live.ports import Clock

LATELY_NS: Final = 60 * SECOND
"""An overlay that was refused comes back every 30 s."""

_MOST: Final = 99


class Refusals:
    """Refused overlays of this process; made once by `app`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at_ns: deque[int] = deque(maxlen=_MOST)

    def note(self) -> None:
        """Count one that was refused just now."""
        self._at_ns.append(self._clock.monotonic_ns())

    def lately(self) -> int:
        """Return how many were refused within the last minute, 99 at most."""
        since_ns = self._clock.monotonic_ns() - LATELY_NS
        return sum(at_ns > since_ns for at_ns in self._at_ns)
