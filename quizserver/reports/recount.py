"""What a recount would do: a question made void, or a key corrected.

Computed before anybody applies it, from what was read and from nothing else:
who moves in the question and in the show, and which prizes change hands. Raw
answers never change (Source: R1.6). The ledger makes the same ranks with SQL
when the command comes; a test holds the two together.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.board import (
    Board,
    Candidate,
    Leaderboard,
    Placing,
    PrizeLine,
    Standing,
)
from quizserver.domain.decide import decide
from quizserver.domain.evolve import evolve
from quizserver.domain.ids import ParticipantId, QuestionId, ShowCode
from quizserver.domain.prizes import (
    IMPOSSIBLE_MS,
    LINE,
    SHOW_PRIZE,
    AwardStatus,
    awards,
)
from quizserver.domain.ranking import rank_question, rank_show
from quizserver.domain.rejections import Rejected
from quizserver.domain.show import Show
from quizserver.live.review import counting
from quizserver.live.rows import AnswerRow, AnswerStatus
from quizserver.reports.results import (
    Reading,
    Record,
    ranked_answer,
    read_record,
)
from quizserver.wire.results import MovedRow, PrizeChange, RankedAnswer, Recount

Change = c.VoidQuestion | c.CorrectKey

SHOWN: Final = 10
"""Rows of a board and of the standings that are made public."""

MOVED: Final = 200
"""How many who move are named; the number of all is told beside them."""

_OUT: Final = (AwardStatus.PASSED, AwardStatus.SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """All ranks of a show at one moment: each question's, and the show's."""

    places: Mapping[QuestionId, Sequence[Placing]]
    standings: Sequence[Standing]


async def recount_of(
    ledger: Reading, code: ShowCode, change: Change
) -> Recount | Rejected:
    """Return what `change` would do now, or why it is refused.

    Raises:
        NoSuchShow: the ledger has no show of this code.
    """
    record = await read_record(ledger, code)
    # Twenty thousand people take a second: not on the loop of the phones.
    return await asyncio.to_thread(preview, record, change)


def preview(record: Record, change: Change) -> Recount | Rejected:
    """Return what `change` would do to what was read; pure."""
    show = record.show
    event = decide(show, change)
    if isinstance(event, Rejected):
        return event
    assert isinstance(event, e.QuestionVoided | e.KeyCorrected)
    was = order_of(record, show)
    now = order_of(record, evolve(show, event), was)
    after = evolve(show, _filled(record, event, now))
    question = event.question
    moved, participants = _moved(record, question, was, now)
    return Recount(
        question=question,
        number=record.number(question),
        action="void" if isinstance(event, e.QuestionVoided) else "correct_key",
        step=show.step,
        key_was=show.questions[question].key if question in was.places else None,
        key=after.questions[question].key if question in now.places else None,
        fastest_was=_fastest(record, was.places.get(question, ())),
        fastest=_fastest(record, now.places.get(question, ())),
        moved=moved,
        participants=participants,
        prizes=_prizes(record, after),
    )


def order_of(record: Record, show: Show, was: Order | None = None) -> Order:
    """Return all ranks by the keys and the states of `show` (R5.1, R5.2).

    What did not change since `was` is taken from it.
    """
    places: dict[QuestionId, Sequence[Placing]] = {}
    right: dict[ParticipantId, int] = {}
    total: dict[ParticipantId, int] = {}
    for question, key in counting(show).items():
        answers = _accepted(record, question)
        for row in answers:
            who = row.participant
            if row.option == key:
                right[who] = right.get(who, 0) + 1
                total[who] = total.get(who, 0) + row.time_ms
            else:
                right.setdefault(who, 0)
        if was and key == record.show.questions[question].key:
            places[question] = was.places[question]
        else:
            times = ((r.participant, r.time_ms) for r in answers if r.option == key)
            places[question] = rank_question(times)
    scores = ((who, n, total.get(who, 0)) for who, n in right.items())
    return Order(places=places, standings=rank_show(scores))


def _accepted(record: Record, question: QuestionId) -> list[AnswerRow]:
    rows = record.answers.get(question, [])
    return [row for row in rows if row.status == AnswerStatus.ACCEPTED]


def lines_of(order: Order, least_right: int) -> tuple[PrizeLine, ...]:
    """Return who comes next for each prize, as the ledger does (R5.4).

    A question that nobody got right has no line.
    """
    right = {row.participant: row.right for row in order.standings}
    lines = []
    for question in sorted(order.places):
        places = order.places[question]
        may = (
            at
            for at, row in enumerate(places)
            if row.time_ms >= IMPOSSIBLE_MS and right[row.participant] >= least_right
        )
        kept = sorted({*range(min(SHOWN, len(places))), *islice(may, LINE)})
        chosen = tuple(
            _candidate(row, row.time_ms, right[row.participant])
            for row in (places[at] for at in kept)
        )
        if chosen:
            lines.append(PrizeLine(prize=question, candidates=chosen))
    of_show = [
        _candidate(row, row.total_ms, row.right)
        for row in order.standings[:LINE]
        if row.right
    ]
    return (*lines, PrizeLine(prize=SHOW_PRIZE, candidates=tuple(of_show)))


def _candidate(row: Placing | Standing, time_ms: int, right: int) -> Candidate:
    return Candidate(
        participant=row.participant,
        rank=row.rank,
        tied=row.tied,
        time_ms=time_ms,
        right=right,
    )


def _filled(
    record: Record, event: e.QuestionVoided | e.KeyCorrected, now: Order
) -> e.Event:
    """Return the event with the ranks that the ledger would give it."""
    show = record.show
    if event.question not in counting(show):
        return event
    top = tuple(now.standings[:SHOWN])
    leaderboard = Leaderboard(top=top, participants=len(now.standings))
    lines = lines_of(now, show.rules.prize_min_right) if show.over else ()
    if isinstance(event, e.QuestionVoided):
        return replace(event, leaderboard=leaderboard, lines=lines)
    chosen = Counter(row.option for row in _accepted(record, event.question))
    fastest = tuple(now.places[event.question][:SHOWN])
    board = Board(counts=tuple(sorted(chosen.items())), fastest=fastest)
    return replace(event, board=board, leaderboard=leaderboard, lines=lines)


def _moved(
    record: Record, question: QuestionId, was: Order, now: Order
) -> tuple[tuple[MovedRow, ...], int]:
    """Return the best of those whom the change moves, and how many they all are."""
    before, after = _by_person(was.standings), _by_person(now.standings)
    place_was = {p.participant: p.rank for p in was.places.get(question, ())}
    place_now = {p.participant: p.rank for p in now.places.get(question, ())}
    last = len(before) + len(after) + 1
    found = []
    for who in before.keys() | after.keys():
        old, new = before.get(who, _NOTHING), after.get(who, _NOTHING)
        if old != new or place_was.get(who) != place_now.get(who):
            found.append((min(old[0] or last, new[0] or last), who))
    found.sort()
    rows = []
    for _, who in found[:MOVED]:
        old, new = before.get(who, _NOTHING), after.get(who, _NOTHING)
        rows.append(
            MovedRow(
                participant=who,
                name=record.named(who)[0],
                rank_was=old[0],
                rank=new[0],
                right_was=old[1],
                right=new[1],
                total_ms_was=old[2],
                total_ms=new[2],
                place_was=place_was.get(who),
                place=place_now.get(who),
            )
        )
    return tuple(rows), len(found)


_Figures = tuple[int | None, int, int]
_NOTHING: Final[_Figures] = (None, 0, 0)


def _by_person(standings: Iterable[Standing]) -> dict[ParticipantId, _Figures]:
    """Return (rank, right, total) by participant; no rank without a right one."""
    return {
        row.participant: (row.rank if row.right else None, row.right, row.total_ms)
        for row in standings
    }


def _prizes(record: Record, after: Show) -> tuple[PrizeChange, ...]:
    """Return the prizes whose winners, so far as they are known, change."""
    was, now = _winners(record.show), _winners(after)

    def names(winners: Iterable[ParticipantId]) -> tuple[str, ...]:
        return tuple(record.named(who)[0] for who in winners)

    return tuple(
        PrizeChange(
            prize=prize,
            number=None if prize == SHOW_PRIZE else record.number(QuestionId(prize)),
            was=names(was.get(prize, ())),
            now=names(now.get(prize, ())),
        )
        for prize in dict.fromkeys([*was, *now])
        if was.get(prize) != now.get(prize)
    )


def _winners(show: Show) -> dict[str, list[ParticipantId]]:
    """Return who wins each prize, or may; of an undecided tie all."""
    winners: dict[str, list[ParticipantId]] = {}
    for award in awards(show):
        if award.status not in _OUT:
            winners.setdefault(award.prize, []).append(award.participant)
    return winners


def _fastest(record: Record, places: Sequence[Placing]) -> tuple[RankedAnswer, ...]:
    return tuple(ranked_answer(record, row) for row in places[:SHOWN])
