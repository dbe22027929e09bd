"""Results as a workbook (XLSX), the one form that takes a library to write."""

import io
from collections.abc import Iterable
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from quizserver.reports.cells import plain
from quizserver.reports.tables import (
    Cell,
    Row,
    question_table,
    sayer,
    seal_table,
    show_table,
)
from quizserver.reports.winners import question_prizes, show_prizes
from quizserver.wire.results import Results

_WIDTHS: Final = (8, 12, 34, 44, 14, 20, 44, 26, 22)


def workbook(results: Results) -> bytes:
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


def _free(book: Workbook, title: str) -> str:
    """Return a free sheet title; a reserve was played under a void one's number."""
    taken = set(book.sheetnames)
    names = [title, *(f"{title} ({n})" for n in range(2, 100))]
    return next(name for name in names if name not in taken)


def _sheet(book: Workbook, title: str, table: Iterable[Row]) -> None:
    created: Any = book.create_sheet(title)
    for letter, width in zip("ABCDEFGHI", _WIDTHS, strict=True):
        created.column_dimensions[letter].width = width
    sheet: WriteOnlyWorksheet = created
    for row in table:
        sheet.append([_typed(sheet, value) for value in row])


def _typed(sheet: WriteOnlyWorksheet, value: Cell) -> XlsxCell:
    cell = WriteOnlyCell(sheet, value=plain(value))
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
