"""What a cell of a spreadsheet may hold: texts that no program takes for a formula.

Texts of participants can start like one; they are made plain here and nowhere else.
"""

import re
from typing import Final

from quizserver.reports.tables import Cell

_FORMULA: Final = tuple("=+-@|%\t\r\n＝＋－＠")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML 1.0 cannot hold."""


def plain(cell: Cell) -> Cell:
    """Return a cell that a spreadsheet reads as text and never as a formula."""
    if not isinstance(cell, str):
        return cell
    clean = _CONTROLS.sub("", cell)
    starts = clean.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA)
    return f"'{clean}" if starts or clean.startswith(_FORMULA) else clean
