"""Packs written in CSV: text to rows, rows to text.

Excel writes what the machine's region says: comma, semicolon or tab; the
header tells which. What leaves is UTF-8 with a byte-order mark, and no cell of
it can be a formula. Called by `load` and `export`.
"""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from quizserver.bank.drafts import PackDraft
from quizserver.bank.sheet_form import Row, draft_from_rows, header_columns
from quizserver.bank.sources import read_utf8, refuse

_DELIMITERS: Final = (",", ";", "\t")

# A spreadsheet takes these as a formula; an apostrophe before them as "text".
# A text that has the apostrophe already gets one more, so that reading, which
# takes one off, gives back every text as it was.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r]")


def read_csv(path: Path) -> PackDraft:
    """Return the draft in `path`.

    Raises:
        PackRefused: unreadable, not UTF-8, broken quoting or no header.
    """
    source = read_utf8(path)
    first, _, rest = source.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        # Excel's own hint; the row stays in the count of lines.
        return draft_from_rows(path, _rows(path, "\n" + rest, first.strip()[-1]))
    return draft_from_rows(path, _rows(path, source, _delimiter(source)))


def _delimiter(source: str) -> str:
    """Return the delimiter under which some line names the most columns."""
    lines = source.splitlines()[:50]

    def columns(delimiter: str) -> int:
        rows = csv.reader(lines, delimiter=delimiter)
        try:
            return max((header_columns(row) for row in rows), default=0)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=columns)


def _rows(path: Path, source: str, delimiter: str) -> list[Row]:
    reader = csv.reader(
        io.StringIO(source, newline=""), delimiter=delimiter, strict=True
    )
    rows: list[Row] = []
    start = 1
    try:
        for cells in reader:
            rows.append((start, [_plain(cell) for cell in cells]))
            start = reader.line_num + 1
    except csv.Error:
        refuse("bad_csv", str(path), start)
    return rows


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if _DEFUSED.match(text) else text


def csv_text(rows: Iterable[list[str]]) -> str:
    """Return the rows as CSV with a byte-order mark, safe to open anywhere."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_defused(cell) for cell in row])
    return "\ufeff" + written.getvalue()


def _defused(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
