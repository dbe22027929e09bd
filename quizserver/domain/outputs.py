"""What a host sets for single overlays while the show runs.

An output is a source in OBS by the name of its place ("stage 16x9", or the name in
its address). What its address says itself wins over all of this; the overlay knows.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_OUTPUTS: Final = 64
"""Most outputs of a show that something can be set for."""

LONGEST_NAME: Final = 100
"""Longest name of an output, in characters."""


class Position(StrEnum):
    """Where overlays draw one question: over a camera, beside the face, in its place.

    What is chosen for a question comes before what is set for an output, and after
    what stands in the output's address.
    """

    LOWER = "lower"
    SIDE = "side"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSettings:
    """The settings of one output; None where it does as it would by itself.

    `hide` are the layers that it leaves out.
    """

    theme: str | None = None
    lang: str | None = None
    layout: str | None = None
    position: str | None = None
    delay_ms: int | None = None
    safe: bool | None = None
    mute: bool | None = None
    hide: tuple[str, ...] = ()


AS_IT_IS: Final = OutputSettings()
"""Nobody has set anything."""
