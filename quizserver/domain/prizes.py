"""Who wins what, as far as the host has decided (Source: R5.4, R5.5).

A question's prize goes to its fastest right answer, the show's to the first
of the standings. Winners are provisional until a host confirms them; a skipped
one makes room for the next right answer. A tie at the top of a prize is never
broken here: it stays undecided until a named person confirms someone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizserver.domain.board import Placing, Standing
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import QuestionState
from quizserver.domain.show import Decision, Show

SHOW_PRIZE = "show"
"""The prize of the whole show; the others are named by their question's id."""


class AwardStatus(StrEnum):
    """How far an award has come."""

    PROVISIONAL = "provisional"
    UNDECIDED = "undecided"
    CONFIRMED = "confirmed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One person's claim to one prize.

    `time_ms` is T of a question's prize, the total of the show's; `right` only
    for the show's.
    """

    prize: str
    participant: ParticipantId
    status: AwardStatus
    rank: int
    tied: bool
    time_ms: int
    right: int | None = None
    reason: str = ""


def awards(show: Show) -> tuple[Award, ...]:
    """Return the awards of every revealed question and, at the end, the show's."""
    rows: list[Award] = []
    for question in show.order:
        play = show.plays[question]
        if play.state is QuestionState.REVEALED and play.board is not None:
            rows += _of_prize(show, question, play.board.fastest)
    # Who took part without one right answer has a rank and wins nothing (R5.4).
    with_right = [row for row in show.leaderboard.top if row.right]
    return (*rows, *_of_prize(show, SHOW_PRIZE, with_right))


def _of_prize(
    show: Show, prize: str, order: Sequence[Placing] | Sequence[Standing]
) -> list[Award]:
    decisions = [d for d in show.decisions if d.prize == prize]
    skipped = {d.participant: d.reason for d in decisions if not d.confirmed}
    rows = [
        _award(prize, row, AwardStatus.SKIPPED, skipped[row.participant])
        for row in order
        if row.participant in skipped
    ]
    left = [row for row in order if row.participant not in skipped]
    top = [row for row in left if row.rank == left[0].rank]
    confirmed = _confirmed(decisions)
    for row in top:
        if row.participant in confirmed:
            status = AwardStatus.CONFIRMED
        elif len(top) > 1:
            status = AwardStatus.UNDECIDED
        else:
            status = AwardStatus.PROVISIONAL
        rows.append(_award(prize, row, status))
    return rows


def _confirmed(decisions: Iterable[Decision]) -> set[ParticipantId]:
    return {d.participant for d in decisions if d.confirmed}


def _award(
    prize: str, row: Placing | Standing, status: AwardStatus, reason: str = ""
) -> Award:
    return Award(
        prize=prize,
        participant=row.participant,
        status=status,
        rank=row.rank,
        tied=row.tied,
        time_ms=row.total_ms if isinstance(row, Standing) else row.time_ms,
        right=row.right if isinstance(row, Standing) else None,
        reason=reason,
    )
