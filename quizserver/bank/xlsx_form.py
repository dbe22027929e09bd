"""Packs written in XLSX: sheet to rows, rows to a sheet.

A cell counts only when what it holds is what the writer saw: texts and plain
whole numbers. Formulas, dates, percentages and decimals are shown differently
on each machine, so they are refused with a cure instead of guessed. Called by
`load`, `export` and `template`.
"""

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from quizserver.bank.drafts import PackDraft, Spoilt
from quizserver.bank.names import COLUMNS
from quizserver.bank.sheet_form import HEADER_ROW, Row, draft_from_rows
from quizserver.bank.sources import read_bytes, refuse
from quizserver.domain.ids import OPTION_IDS

_MOST_COLUMNS: Final = 100
_MOST_UNPACKED: Final = 60 * 1024 * 1024
_SHORT: Final = 40
_TEXT_FORMAT: Final = "@"
_AS_SEEN: Final = frozenset({"General", "0", _TEXT_FORMAT})
_WIDTHS: Final = {"id": 12, "text": 60, "explanation": 60, "source": 40, "key": 10}


class _SheetCell(Protocol):
    """What we use of openpyxl's cells, the empty ones too."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...
    @property
    def number_format(self) -> str: ...


def read_xlsx(path: Path) -> PackDraft:
    """Return the draft in the first sheet of `path`.

    Raises:
        PackRefused: not an XLSX file, cells that are not text, or no header.
    """
    file = str(path)
    content = read_bytes(path)
    try:
        rows = list(_rows(content))
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
    ):
        refuse("bad_xlsx", file)
    return draft_from_rows(path, rows)


def _rows(content: bytes) -> Iterator[Row]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
            raise ValueError("unpacks to too much")
    with warnings.catch_warnings():
        # openpyxl warns of drawings and rules it will not keep; we keep none.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_col=_MOST_COLUMNS)
        for number, cells in enumerate(rows, start=1):
            yield number, [_seen(cell) for cell in cells]
        book.close()


def _seen(cell: _SheetCell) -> object:
    """Return the cell's value as its writer saw it, "" when it is empty."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in {"f", "e"}:
        return Spoilt(code="cell_formula", found=str(value)[:_SHORT])
    if isinstance(value, str):
        return value.strip()
    # Dates and yes/no stay what they are: only as_of and reserve take them, any
    # other field says that it wants text.
    if isinstance(value, bool | datetime | date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and cell.number_format in _AS_SEEN:
        return str(value)
    return Spoilt(code="cell_number", found=str(value)[:_SHORT])


def xlsx_bytes(
    rows: Iterable[Sequence[str]], title: str, notes: tuple[str, Sequence[str]] | None
) -> bytes:
    """Return a workbook: a sheet `title` of `rows`, and a sheet of notes.

    Every cell and column is formatted as text, so that neither a formula nor
    a date comes into being when somebody opens it or writes on. `notes` is the
    second sheet's title and its lines.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        _write_row(sheet, number, row)
    _dress(sheet)
    if notes is not None:
        beside = book.create_sheet(notes[0])
        beside.column_dimensions["A"].width = 110
        for number, line in enumerate(notes[1], start=1):
            _write_row(beside, number, (line,))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write_row(sheet: Worksheet, number: int, row: Sequence[str]) -> None:
    for column, text in enumerate(row, start=1):
        if not text:
            continue
        cell = sheet.cell(row=number, column=column)
        cell.value = text
        cell.data_type = "s"
        cell.number_format = _TEXT_FORMAT
        cell.quotePrefix = True
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _dress(sheet: Worksheet) -> None:
    """Set widths, the header's look and the letters that a key may be."""
    for at, name in enumerate(COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width = _WIDTHS.get(name, 20)
        dimension.number_format = _TEXT_FORMAT
        heading = sheet.cell(row=HEADER_ROW, column=at)
        heading.font = Font(bold=True, color="FFFFFF")
        heading.fill = PatternFill("solid", fgColor="304FFE")
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    letters = DataValidation(type="list", formula1=f'"{",".join(OPTION_IDS)}"')
    sheet.add_data_validation(letters)
    column = get_column_letter(COLUMNS.index("key") + 1)
    letters.add(f"{column}{HEADER_ROW + 1}:{column}{HEADER_ROW + 500}")
