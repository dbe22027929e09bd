"""What a participant is told of themselves: answer, place, result and time.

Pure: rows of the ledger in, parts of messages out. Nobody else is told any of it.
Made for each phone at each reveal, so it decodes no more than it shows.
"""

from typing import Final

import msgspec

from quizserver.domain.timing import US_PER_MS
from quizserver.live.rows import AnswerRow, OwnResult, OwnStanding
from quizserver.wire.parts import (
    OwnAnswerPart,
    OwnResultPart,
    OwnStandingPart,
    TimingPart,
)


class _Shown(msgspec.Struct, gc=False):
    """The numbers of an answer's evidence that its owner sees (`live.evidence`)."""

    T_us: int
    E_us: int
    tier: str
    S_rule: str
    c_ms: int | None = None
    A_us: int = 0


_DECODE: Final = msgspec.json.Decoder(_Shown).decode


def own_answer(row: AnswerRow | None) -> OwnAnswerPart | None:
    """Return a durable answer as its owner sees it."""
    if row is None:
        return None
    return OwnAnswerPart(
        question=row.question,
        option=row.option,
        status=row.status,
        receipt=row.receipt,
        time_ms=row.time_ms,
    )


def own_standing(standing: OwnStanding | None) -> OwnStandingPart:
    """Return a participant's place; no rank before the first right answer."""
    if standing is None or standing.right == 0:
        return OwnStandingPart(right=0, total_ms=0)
    return OwnStandingPart(
        right=standing.right,
        total_ms=standing.total_ms,
        rank=standing.rank,
        tied=standing.tied,
        streak=standing.streak,
    )


def own_result(own: OwnResult | None, answer: AnswerRow | None) -> OwnResultPart:
    """Return how a participant did in the revealed question, with its time."""
    status = answer.status if answer is not None else None
    timing = own_timing(answer) if answer is not None else None
    if own is None:
        return OwnResultPart(
            right=False, show=own_standing(None), status=status, timing=timing
        )
    return OwnResultPart(
        right=own.right,
        show=own_standing(own.standing),
        time_ms=own.time_ms,
        rank=own.placing.rank if own.placing else None,
        tied=own.placing.tied if own.placing else False,
        status=status,
        timing=timing,
    )


def own_timing(answer: AnswerRow) -> TimingPart:
    """Return how the time of a durable answer came about (Source: R4.3 to R4.6).

    In whole milliseconds, cut, so that E less the credit is the T which ranks.
    """
    shown = _DECODE(answer.evidence)
    elapsed_ms, time_ms = shown.E_us // US_PER_MS, shown.T_us // US_PER_MS
    return TimingPart(
        elapsed_ms=elapsed_ms,
        time_ms=time_ms,
        credited_ms=elapsed_ms - time_ms,
        most_ms=shown.A_us // US_PER_MS,
        claimed_ms=shown.c_ms,
        tier=shown.tier,
        sent=shown.S_rule,
    )
