"""Prints what a recount would do, as tables for the terminal; decides nothing."""

from rich.console import Console
from rich.table import Table

from quizserver.wire.results import MovedRow, Recount

_ROWS = 20


def print_recount(found: Recount) -> None:
    """Print who moves and which prizes change hands."""
    console = Console(highlight=False)
    what = f"Question {found.number} ({found.question})"
    keys = f"{found.key_was or '–'} → {found.key or 'void'}"
    console.print(f"{what}: {keys}; {found.participants} people move.", markup=False)
    if found.moved:
        console.print(_moved(found.moved[:_ROWS]))
    if found.participants > _ROWS:
        console.print(f"… and {found.participants - _ROWS} more.")
    for change in found.prizes:
        prize = f"question {change.number}" if change.number else "the show"
        was, now = (", ".join(names) or "nobody" for names in (change.was, change.now))
        console.print(f"Prize of {prize}: {was} → {now}", markup=False)
    if not found.prizes:
        console.print("No prize changes hands.")


def _moved(rows: tuple[MovedRow, ...]) -> Table:
    table = Table("Name", "In the question", "In the show", "Right", "Time (ms)")
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
