"""How an event gets into the ledger: with the ranking it needs, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cmp_to_key
from typing import Final

from quizserver.domain import events as e
from quizserver.domain.board import Board
from quizserver.domain.evolve import evolve
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.phases import QuestionState
from quizserver.domain.prizes import LINE
from quizserver.domain.show import Show
from quizserver.domain.stamps import Stamp
from quizserver.live.ports import Ledger
from quizserver.live.rows import EventRow, Link, PersonChange, Rescored, ShowHead

TOP: Final = 10
"""How many rows of a board and of the standings are shown and journaled."""

MakeRow = Callable[[e.Event], EventRow]
"""Makes the row of an event; called once, perhaps on the writer's thread."""


async def append(
    ledger: Ledger,
    show: Show,
    event: e.Event,
    make_row: MakeRow,
    people: Sequence[PersonChange] = (),
) -> EventRow:
    """Store the event that follows `show`, and what it tells of people.

    Returns its row.

    Raises:
        StepTaken: another event has the step or the ref.
        LedgerDown: nothing was stored.
    """
    written: list[EventRow] = []

    def row(changed: e.Event) -> EventRow:
        written.append(make_row(changed))
        return written[-1]

    if isinstance(event, e.AnswerRevealed):
        await _append_reveal(ledger, show, event, row)
    elif isinstance(event, e.QuestionSealed):
        await _append_seal(ledger, show, event, row)
    elif isinstance(event, e.KeyCorrected | e.QuestionVoided) and (
        show.over or show.plays[event.question].state is QuestionState.REVEALED
    ):
        await _append_recount(ledger, show, event, row)
    else:
        head = _head(show, event)
        await ledger.append(row(event), head=head, people=people)
    return written[-1]


async def _append_seal(
    ledger: Ledger, show: Show, event: e.QuestionSealed, row: MakeRow
) -> None:
    def with_link(link: Link) -> EventRow:
        return row(replace(event, link=link.no, sha256=link.sha256))

    await ledger.append_seal(
        with_link,
        show=show.code,
        epoch=show.epoch,
        question=event.question,
        head=_head(show, event),
    )


async def _append_reveal(
    ledger: Ledger, show: Show, event: e.AnswerRevealed, row: MakeRow
) -> None:
    def with_board(board: Board) -> EventRow:
        return row(replace(event, board=board))

    await ledger.append_reveal(
        with_board,
        show=show.code,
        epoch=show.epoch,
        question=event.question,
        key=event.key,
        top=TOP,
    )


async def _append_recount(
    ledger: Ledger,
    show: Show,
    event: e.KeyCorrected | e.QuestionVoided,
    row: MakeRow,
) -> None:
    """Store the event with ranks that are made anew (Source: R1.6)."""

    def with_ranks(found: Rescored) -> EventRow:
        lines = found.lines if show.over else ()
        ranked = replace(event, leaderboard=found.leaderboard, lines=lines)
        if isinstance(ranked, e.KeyCorrected):
            ranked = replace(ranked, board=found.boards[event.question])
        return row(ranked)

    await ledger.append_rescore(
        with_ranks,
        show=show.code,
        epoch=show.epoch,
        keys=_keys(evolve(show, event)),
        top=TOP,
        least_right=show.rules.prize_min_right,
        depth=LINE,
        head=_head(show, event),
    )


def _head(show: Show, event: e.Event) -> ShowHead:
    """Return what the list of shows says after `event`."""
    after = evolve(show, event)
    return ShowHead(title=after.title, lang=after.lang, phase=after.stage_phase)


_in_order: Final = cmp_to_key(Stamp.ms_since)


def _keys(show: Show) -> dict[QuestionId, OptionId]:
    """Return the keys of the questions that count, as they were played (R5.7)."""
    began = {
        question: play.opened_at
        for question, play in show.plays.items()
        if play.state is QuestionState.REVEALED and play.opened_at is not None
    }
    # Not by the wall clock, which may be set back during a show.
    played = sorted(began, key=lambda question: _in_order(began[question]))
    return {question: show.questions[question].key for question in played}
