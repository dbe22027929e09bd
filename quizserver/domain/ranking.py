"""Ranks with ties as data; the rules in pure Python.

The ledger ranks with SQL while a show runs; this module is what the rules
mean, what tests hold the SQL to, and what a recount uses. The order in which
answers arrived plays no part (Source: R4.8, R5.1, R5.2).
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from quizserver.domain.board import Placing, Standing
from quizserver.domain.ids import ParticipantId

RANK_UNIT_MS = 10
"""Times are compared in hundredths of a second (Source: R4.8)."""


def rank_question(
    right: Iterable[tuple[ParticipantId, int]],
) -> tuple[Placing, ...]:
    """Rank the right answers of a question, (participant, T in ms).

    Equal hundredths share a rank and the next rank skips: 1, 1, 3
    (Source: R5.1). Within a rank rows stand by participant id, which decides
    nothing.
    """
    rows = sorted(right, key=lambda row: (row[1] // RANK_UNIT_MS, row[0]))
    keys = [ms // RANK_UNIT_MS for _, ms in rows]
    return tuple(
        Placing(participant=participant, rank=rank, tied=tied, time_ms=ms)
        for (participant, ms), (rank, tied) in zip(rows, _ranks(keys), strict=True)
    )


def rank_show(
    scores: Iterable[tuple[ParticipantId, int, int]],
) -> tuple[Standing, ...]:
    """Rank a show, (participant, right answers, sum of their T in ms).

    Most right answers first, then the smallest sum; then an equal rank
    (Source: R5.2).
    """
    rows = sorted(scores, key=lambda row: (-row[1], row[2], row[0]))
    keys = [(-right, total) for _, right, total in rows]
    return tuple(
        Standing(
            participant=participant, rank=rank, tied=tied, right=right, total_ms=total
        )
        for (participant, right, total), (rank, tied) in zip(
            rows, _ranks(keys), strict=True
        )
    )


def _ranks(keys: Sequence[object]) -> list[tuple[int, bool]]:
    """Return (rank, tied) for sorted keys; equal keys share, the next skips."""
    ranks: list[tuple[int, bool]] = []
    for _, group in groupby(keys):
        size = len(list(group))
        ranks.extend([(len(ranks) + 1, size > 1)] * size)
    return ranks
