"""How late viewers see the picture, and what the show makes of it.

A stream reaches its viewers seconds after the studio, each page by its own delay,
and phones hear the show at once. Either phones go first, and the picture follows;
or the show is aligned: overlays run ahead of the phones by the longest delay, so
that nobody's phone asks before their picture does. T0 is one moment for all phones
in both (Source: R4.1): who sees the picture sooner gets no question sooner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from quizserver.domain.stamps import Stamp

LONGEST_MS: Final = 60_000
"""Longest delay of a page that can be set."""

PAGES: Final = 40
"""Most pages with a delay of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The delays in milliseconds by page (`via`; "" is everybody without one).

    `sync_at` is when the overlays began to count for the calibration, None while
    they do not.
    """

    aligned: bool = False
    delays: Mapping[str, int] = field(default_factory=dict[str, int])
    sync_at: Stamp | None = None

    @property
    def lead_ms(self) -> int:
        """How far overlays run ahead of the phones."""
        return max(self.delays.values(), default=0) if self.aligned else 0


AS_IT_COMES: Final = Stream()
"""Nobody has said anything of the delay: phones go first."""


def is_sound(delays: Mapping[str, int]) -> bool:
    """Tell whether these delays can be set."""
    in_range = all(0 <= ms <= LONGEST_MS for ms in delays.values())
    return in_range and len(delays) <= PAGES
