"""Prints what a recount would do, as tables for the terminal; decides nothing."""

from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from quizserver.cli.output import speaker
from quizserver.wire.results import MovedRow, PrizeChange, Recount

Say = Callable[..., str]

_ROWS: Final = 20
_COLUMNS: Final = ("name", "place", "rank", "right", "time")


def print_recount(found: Recount) -> None:
    """Print who moves and which prizes change hands."""
    say, console = speaker(), Console(highlight=False)
    console.print(_summary(say, found), markup=False)
    if found.moved:
        console.print(_moved(say, found.moved[:_ROWS]))
    if found.participants > _ROWS:
        console.print(say("recount.more", count=found.participants - _ROWS))
    for change in found.prizes:
        console.print(_prize(say, change), markup=False)
    if not found.prizes:
        console.print(say("recount.no_prize"))


def _summary(say: Say, found: Recount) -> str:
    return say(
        "recount.question",
        number=found.number,
        question=found.question,
        was=found.key_was or "–",
        now=found.key or say("recount.void"),
        people=found.participants,
    )


def _prize(say: Say, change: PrizeChange) -> str:
    def names(winners: Sequence[str]) -> str:
        return ", ".join(winners) or say("recount.nobody")

    was, now = names(change.was), names(change.now)
    if change.number is None:
        return say("recount.prize_show", was=was, now=now)
    return say("recount.prize_question", number=change.number, was=was, now=now)


def _moved(say: Say, rows: tuple[MovedRow, ...]) -> Table:
    table = Table(*(say(f"recount.col_{column}") for column in _COLUMNS))
    for row in rows:
        table.add_row(
            row.name,
            _change(row.place_was, row.place),
            _change(row.rank_was, row.rank),
            _change(row.right_was, row.right),
            _change(row.total_ms_was, row.total_ms),
        )
    return table


def _change(was: int | None, now: int | None) -> str:
    before, after = ("–" if value is None else str(value) for value in (was, now))
    return before if before == after else f"{before} → {after}"
