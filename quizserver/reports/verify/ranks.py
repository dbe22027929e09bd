"""The ranks of R5 a second time, from answers and keys.

Equals share a rank and the next rank skips: 1, 1, 3. Rows of one rank stand by
participant id, which decides nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

TOP: Final = 10
"""How many rows a board and the standings show (docs/reference/wire.md §7)."""


class Given(NamedTuple):
    """An answer that counts: who, which option, T in whole milliseconds."""

    participant: str
    option: str
    time_ms: int


class Place(NamedTuple):
    """A right answer's place in its question (R5.1)."""

    rank: int
    tied: bool
    participant: str
    time_ms: int


class Standing(NamedTuple):
    """A participant's place in the show (R5.2)."""

    rank: int
    tied: bool
    participant: str
    right: int
    total_ms: int


def places(given: Iterable[Given], key: str) -> list[Place]:
    """Rank the right answers by hundredths of a second (R4.8, R5.1)."""
    right = [row for row in given if row.option == key]
    right.sort(key=lambda row: (row.time_ms // 10, row.participant))
    ranks = ranked([row.time_ms // 10 for row in right])
    return [
        Place(*rank, row.participant, row.time_ms)
        for rank, row in zip(ranks, right, strict=True)
    ]


def standings(counting: Iterable[tuple[Sequence[Given], str]]) -> list[Standing]:
    """Rank everybody who answered, (answers, key) of each question that counts.

    Most right answers, then the least time over them (R5.2).
    """
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for given, key in counting:
        for row in given:
            right[row.participant] += row.option == key
            total[row.participant] += row.time_ms if row.option == key else 0
    order = sorted(right, key=lambda who: (-right[who], total[who], who))
    ranks = ranked([(-right[who], total[who]) for who in order])
    return [
        Standing(*rank, who, right[who], total[who])
        for rank, who in zip(ranks, order, strict=True)
    ]


def ranked(keys: Sequence[Any]) -> list[tuple[int, bool]]:
    """Return (rank, tied) for sorted keys."""
    ranks: list[tuple[int, bool]] = []
    for _, same in groupby(keys):
        size = len(list(same))
        ranks += [(len(ranks) + 1, size > 1)] * size
    return ranks


def counts(given: Iterable[Given]) -> dict[str, int]:
    """Return how many chose each option."""
    return dict(Counter(row.option for row in given))
