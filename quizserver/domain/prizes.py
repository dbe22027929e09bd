"""Who wins what, as far as the host has decided (Source: R5.4, R5.5).

A question's prize goes to its fastest right answer, the show's to the first of
the standings. Winners are provisional until a host confirms them. The rules pass
some over by themselves, each with a code that the panel turns into a sentence:

- `impossible`: T below 300 ms. Nobody reads and chooses that fast; void for the
  speed prize, though the answer keeps its rank (R4.11).
- `min_right`: fewer right answers in the show than `prize_min_right`. Ten people
  who tap blindly at the first moment would take almost every question's prize;
  hardly one of them has eight right answers in ten (R5.4).
- `max_prizes`: has been confirmed for `max_prizes_per_person` prizes already. So
  the order in which a host confirms decides which prize somebody keeps.
- `not_eligible`: somebody of the organisers, and the like (R2.5).
- `withdrawn`: has had what was kept of them erased before they were confirmed: there
  is nobody left to hand it to (R2.6).

A host skips others, with a reason; the next right answer moves up. A tie at the
top of a prize is never broken here: it stays undecided until a named person
confirms one or several of them; those who were not chosen then count as skipped.
Before the show's end there is no line yet, and
the boards on the screens stand for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from quizserver.domain.board import Candidate, Placing, PrizeLine, Standing
from quizserver.domain.ids import ParticipantId, QuestionId
from quizserver.domain.phases import QuestionState
from quizserver.domain.show import Show

SHOW_PRIZE: Final = "show"
"""The prize of the whole show; the others are named by their question's id."""

IMPOSSIBLE_MS: Final = 300
"""Below this T an answer wins no speed prize (Source: R4.11)."""

LINE: Final = 50
"""How many who satisfy the rules a prize's line holds: skips that are enough."""


class AwardStatus(StrEnum):
    """How far an award has come."""

    PROVISIONAL = "provisional"
    UNDECIDED = "undecided"
    CONFIRMED = "confirmed"
    SKIPPED = "skipped"
    PASSED = "passed"


CONFIRMABLE: Final = frozenset(
    {AwardStatus.PROVISIONAL, AwardStatus.UNDECIDED, AwardStatus.SKIPPED}
)
"""Claims that a host may confirm; who was skipped too: the last word counts."""

SKIPPABLE: Final = frozenset(
    {AwardStatus.PROVISIONAL, AwardStatus.UNDECIDED, AwardStatus.CONFIRMED}
)
"""Claims that a host may pass over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One person's claim to one prize.

    `time_ms` is T of a question's prize, the total of the show's; `right` counts
    right answers in the show, None before its end. `reason` is what a host wrote
    (`skipped`) or a rule's code (`passed`).
    """

    prize: str
    participant: ParticipantId
    status: AwardStatus
    rank: int
    tied: bool
    time_ms: int
    right: int | None = None
    reason: str = ""


_Words = Mapping[tuple[str, ParticipantId], str | None]
"""A host's last word on (prize, participant): why skipped, None: confirmed."""


def awards(show: Show) -> tuple[Award, ...]:
    """Return the awards of every revealed question and, at the end, the show's."""
    words = {
        (d.prize, d.participant): None if d.confirmed else d.reason
        for d in show.decisions
    }
    won = Counter(who for (_, who), reason in words.items() if reason is None)
    return tuple(
        award
        for line in _lines(show)
        for award in _awarded(_judged(show, claim, words, won) for claim in line)
    )


def _lines(show: Show) -> Iterator[Iterable[Award]]:
    """Yield the claims to each prize, in the order of the show."""
    lines = {line.prize: line for line in show.lines}
    for question in show.order:
        play = show.plays[question]
        if play.state is not QuestionState.REVEALED or play.board is None:
            continue
        if question in lines:
            yield _of_line(lines[question])
        else:
            yield (_of_placing(question, row) for row in play.board.fastest)
    if SHOW_PRIZE in lines:
        yield _of_line(lines[SHOW_PRIZE])
    elif show.over:
        # Who took part without one right answer has a rank and wins nothing.
        yield (_of_standing(row) for row in show.leaderboard.top if row.right)


def _judged(
    show: Show, claim: Award, words: _Words, won: Mapping[ParticipantId, int]
) -> Award:
    """Return the claim as the rules and the host's words leave it."""
    code = _passed_by(show, claim, words, won)
    if code:
        return replace(claim, status=AwardStatus.PASSED, reason=code)
    word = words.get((claim.prize, claim.participant), "")
    if word is None:
        return replace(claim, status=AwardStatus.CONFIRMED)
    return replace(claim, status=AwardStatus.SKIPPED, reason=word) if word else claim


def _passed_by(
    show: Show, claim: Award, words: _Words, won: Mapping[ParticipantId, int]
) -> str:
    """Return the code of the rule that passes this claim over, "" for none."""
    who, rules = claim.participant, show.rules
    if who in show.not_eligible:
        return "not_eligible"
    here = words.get((claim.prize, who), "") is None
    if who in show.withdrawn and not here:
        return "withdrawn"
    if rules.max_prizes_per_person and won[who] - here >= rules.max_prizes_per_person:
        return "max_prizes"
    if claim.prize == SHOW_PRIZE:
        return ""
    if claim.time_ms < IMPOSSIBLE_MS:
        return "impossible"
    too_few = claim.right is not None and claim.right < rules.prize_min_right
    return "min_right" if too_few else ""


def _awarded(line: Iterable[Award]) -> list[Award]:
    """Return those who win, or may, and who was passed over before them.

    Looks no further down the line than that.
    """
    before: list[Award] = []
    top: list[Award] = []
    for claim in line:
        if top and claim.rank > top[0].rank:
            break
        is_out = claim.status in (AwardStatus.PASSED, AwardStatus.SKIPPED)
        (before if is_out else top).append(claim)
    return [*before, *(_tied(top) if len(top) > 1 else top)]


def _tied(top: Sequence[Award]) -> list[Award]:
    """Return a tie as a named person has decided it, if anybody has (R5.5)."""
    decided = any(claim.status is AwardStatus.CONFIRMED for claim in top)
    status = AwardStatus.SKIPPED if decided else AwardStatus.UNDECIDED
    return [
        claim
        if claim.status is AwardStatus.CONFIRMED
        else replace(claim, status=status)
        for claim in top
    ]


def _of_line(line: PrizeLine) -> Iterator[Award]:
    return (_of_candidate(line.prize, row) for row in line.candidates)


def _of_candidate(prize: str, row: Candidate) -> Award:
    return replace(_of_placing(prize, row), right=row.right)


def _of_placing(prize: str | QuestionId, row: Placing | Candidate) -> Award:
    return Award(
        prize=prize,
        participant=row.participant,
        status=AwardStatus.PROVISIONAL,
        rank=row.rank,
        tied=row.tied,
        time_ms=row.time_ms,
    )


def _of_standing(row: Standing) -> Award:
    return Award(
        prize=SHOW_PRIZE,
        participant=row.participant,
        status=AwardStatus.PROVISIONAL,
        rank=row.rank,
        tied=row.tied,
        time_ms=row.total_ms,
        right=row.right,
    )
