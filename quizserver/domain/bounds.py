"""What each setting of a show may be (Source: R1.3, R4, R4.10, R5.4).

The panel's form, the command line and question packs all go by this one place. Names
and defaults are those of `Rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from quizserver.domain.rundown import Rules
from quizserver.domain.timing import RULES


@dataclass(frozen=True, slots=True)
class Bound:
    """The least and the most that a setting may be, both included."""

    least: int
    most: int


TIMES: Final[Mapping[str, Bound]] = MappingProxyType(
    {"duration_ms": Bound(5_000, 120_000), "roll_ms": Bound(1_000, 10_000)}
)
"""Settings in milliseconds, the same for every pack. Of a shorter roll nobody could
get ready; during a longer one nothing happens on any screen."""


class OutOfBounds(Exception):
    """A setting is not between its bounds."""

    def __init__(self, name: str, value: int, bound: Bound) -> None:
        super().__init__(f"{name}: {value}, not {bound.least} to {bound.most}")
        self.name = name
        self.value = value
        self.bound = bound


class NoSuchTiming(Exception):
    """A timing rule that is none of `domain.timing`."""


def counts(planned: int) -> Mapping[str, Bound]:
    """Return the settings that are numbers of something; 0 turns each off.

    More right answers than there are questions to play could never be reached. There
    is one prize more than questions: that of the whole show.
    """
    return {
        "prize_min_right": Bound(0, planned),
        "max_prizes_per_person": Bound(0, planned + 1),
    }


def check(rules: Rules, planned: int) -> None:
    """Make sure that the rules make sense for a show of so many planned questions.

    Raises:
        NoSuchTiming: its timing rule is none of ours.
        OutOfBounds: the first setting that is not between its bounds.
    """
    if rules.timing not in RULES:
        raise NoSuchTiming(rules.timing)
    for name, bound in (dict(TIMES) | dict(counts(planned))).items():
        value: int = getattr(rules, name)
        if not bound.least <= value <= bound.most:
            raise OutOfBounds(name, value, bound)
