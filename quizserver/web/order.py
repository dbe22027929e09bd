"""The order in which people look for shows in a list."""

import re
from collections.abc import Iterable
from typing import Final

from quizserver.domain.phases import Phase
from quizserver.domain.show import OVER
from quizserver.live.rows import ShowRow

_NUMBER: Final = re.compile(r"([0-9]+)")


def as_played(rows: Iterable[ShowRow]) -> list[ShowRow]:
    """Return shows, given oldest first: on air, coming as they will be played, over.

    Shows have no date, and one whose rehearsal was wiped is the youngest: so those to
    come stand by their codes, 2 before 10. Of those that are over the newest is first.
    """
    there = list(rows)
    over = [row for row in there if row.phase in OVER]
    coming = [row for row in there if row.phase == Phase.DRAFT]
    on_air = [row for row in there if row not in over and row not in coming]
    return [*on_air, *sorted(coming, key=_by_code), *reversed(over)]


def _by_code(row: ShowRow) -> list[tuple[int, str]]:
    """Return a code's letters and numbers, to be compared one after another."""
    parts = _NUMBER.split(row.code)
    return [
        (int(part or 0), "") if n % 2 else (0, part) for n, part in enumerate(parts)
    ]
