"""Results as files: JSON, CSV and XLSX, ready for Excel in Vietnamese.

Texts of participants can start like a formula; they are made plain text here
and nowhere else. Pure: results in, bytes out. Source: wire.md §7, R5.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from quizserver.reports.tables import (
    Cell,
    Row,
    long_table,
    question_table,
    sayer,
    seal_table,
    show_table,
)
from quizserver.reports.winners import question_prizes, show_prizes
from quizserver.wire.results import Results

BOM: Final = "\ufeff"
"""Excel takes a CSV for UTF-8 only when it begins with this."""

_FORMULA: Final = tuple("=+-@|%\t\r\n＝＋－＠")
_WIDTHS: Final = (8, 12, 34, 44, 14, 20, 44, 22)


def to_json(results: Results) -> bytes:
    """Return `results.json`, indented for people."""
    return msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n"


def to_csv(results: Results) -> bytes:
    """Return one table with the show's and every question's order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in long_table(results):
        writer.writerow([plain(cell) for cell in row])
    return (BOM + out.getvalue()).encode("utf-8")


def to_xlsx(results: Results) -> bytes:
    """Return a workbook: the show, each question, the winner lists, the seals."""
    say = sayer(results)
    book = Workbook(write_only=True)
    _sheet(book, say("sheet_show"), show_table(results))
    for question in results.questions:
        title = say("sheet_question", number=question.number)
        _sheet(book, _free(book, title), question_table(results, question))
    _sheet(book, say("sheet_winners"), show_prizes([results]))
    _sheet(book, say("sheet_question_winners"), question_prizes(results))
    _sheet(book, say("sheet_seals"), seal_table(results))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMATS: Final[Mapping[str, Callable[[Results], bytes]]] = {
    "json": to_json,
    "csv": to_csv,
    "xlsx": to_xlsx,
}
"""Every format of `results export` that comes from `Results`, by its ending."""


def plain(cell: Cell) -> Cell:
    """Return a cell that a spreadsheet reads as text and never as a formula."""
    if not isinstance(cell, str):
        return cell
    clean = ILLEGAL_CHARACTERS_RE.sub("", cell)
    starts = clean.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA)
    return f"'{clean}" if starts or clean.startswith(_FORMULA) else clean


def _free(book: Workbook, title: str) -> str:
    """Return a free sheet title; a reserve was played under a void one's number."""
    taken = set(book.sheetnames)
    names = [title, *(f"{title} ({n})" for n in range(2, 100))]
    return next(name for name in names if name not in taken)


def _sheet(book: Workbook, title: str, table: Iterable[Row]) -> None:
    created: Any = book.create_sheet(title)
    for letter, width in zip("ABCDEFGH", _WIDTHS, strict=True):
        created.column_dimensions[letter].width = width
    sheet: WriteOnlyWorksheet = created
    for row in table:
        sheet.append([_typed(sheet, value) for value in row])


def _typed(sheet: WriteOnlyWorksheet, value: Cell) -> XlsxCell:
    cell = WriteOnlyCell(sheet, value=plain(value))
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
