"""Rows of the two queries of candidates, and the prizes' lines made of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from quizserver.domain.board import Candidate, PrizeLine
from quizserver.domain.ids import ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A candidate and the prize, as `queries` reads them."""

    prize: str
    participant: ParticipantId
    rank: int
    tied: bool
    time_ms: int
    right: int


def prize_lines(
    of_questions: Iterable[LineRow], of_show: Iterable[LineRow]
) -> tuple[PrizeLine, ...]:
    """Return a line for each question with candidates, then the show's."""
    questions = tuple(
        PrizeLine(prize=prize, candidates=_candidates(rows))
        for prize, rows in groupby(of_questions, key=lambda row: row.prize)
    )
    return (*questions, PrizeLine(prize="show", candidates=_candidates(of_show)))


def _candidates(rows: Iterable[LineRow]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            participant=row.participant,
            rank=row.rank,
            tied=row.tied,
            time_ms=row.time_ms,
            right=row.right,
        )
        for row in rows
    )
