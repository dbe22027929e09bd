"""Packs written in a spreadsheet: rows to draft, pack to rows.

Shared by CSV and XLSX. Above the header, rows name the pack (id, title,
language); the header names the columns, in Vietnamese or English; rows whose
first cell begins with # are remarks. Opens no file.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from quizserver.bank.drafts import Cell, PackDraft, QuestionDraft
from quizserver.bank.flaws import Flaw, Shown
from quizserver.bank.names import (
    COLUMNS,
    HEADINGS,
    PACK_FIELDS,
    PACK_HEADINGS,
    all_headings,
    column_named,
    nearest,
    pack_field_named,
)
from quizserver.bank.sources import refuse
from quizserver.domain.ids import OPTION_IDS
from quizserver.domain.rundown import Pack, Question

Row = tuple[int, Sequence[object]]
"""Number of the row in its file, from 1, and its cells; empty cells are ""."""

REMARK: Final = "#"

HEADER_ROW: Final = 5
"""Where `rows_of` puts the header: below three rows about the pack."""

_FEWEST_COLUMNS: Final = 3
_NO_COLUMN: Final = "-"
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


def draft_from_rows(path: Path, rows: list[Row]) -> PackDraft:
    """Return the draft that the rows of `path` hold.

    Without rows about the pack, its id and title come from the file's name
    and its language is Vietnamese.

    Raises:
        PackRefused: no row names the columns.
    """
    file = str(path)
    full = [row for row in rows if _counts(row[1])]
    top = next((at for at, row in enumerate(full) if _is_header(row[1])), None)
    if top is None:
        refuse("no_header", file, full[0][0] if full else 1)
    line, header = full[top]
    flaws: list[Flaw] = []
    cells = _pack_cells(path, full[:top], flaws)
    columns = _columns(file, line, header, flaws)
    questions = tuple(
        _question(file, number, row, columns, flaws)
        for number, row in enumerate(full[top + 1 :], start=1)
    )
    return PackDraft(
        file=file, line=line, cells=cells, questions=questions, flaws=flaws
    )


def header_columns(cells: Sequence[object]) -> int:
    """Return how many cells name a column."""
    return sum(column_named(str(cell)) is not None for cell in cells)


def _counts(cells: Sequence[object]) -> bool:
    texts = [str(cell).strip() for cell in cells]
    # A remark stands alone in its row: no question is lost for a "#".
    return any(texts) and not (texts[0].startswith(REMARK) and not any(texts[1:]))


def _is_header(cells: Sequence[object]) -> bool:
    return header_columns(cells) >= _FEWEST_COLUMNS


def _pack_cells(path: Path, rows: list[Row], flaws: list[Flaw]) -> dict[str, Cell]:
    cells = {
        "id": Cell(value=_id_from(path.stem), line=None),
        "title": Cell(value=path.stem, line=None),
        "lang": Cell(value="vi", line=None),
    }
    for line, row in rows:
        name = pack_field_named(str(row[0]))
        if name is None:
            flaws.append(_flaw("strange_row", path, line, found=str(row[0])[:40]))
        else:
            cells[name] = Cell(value=row[1] if len(row) > 1 else "", line=line)
    return cells


def _id_from(stem: str) -> str:
    """Return a file's name as an id: "Câu hỏi số 1" is "cau-hoi-so-1"."""
    apart = unicodedata.normalize("NFD", stem.casefold().replace("đ", "d"))
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return _NOT_IN_ID.sub("-", plain).strip("-")


def _columns(
    file: str, line: int, header: Sequence[object], flaws: list[Flaw]
) -> list[str | None]:
    columns: list[str | None] = []
    for cell in header:
        heading = str(cell).strip()
        column = column_named(heading) if heading else None
        if heading and column is None:
            near = nearest(heading, all_headings())
            code = "unknown_column" if near else "strange_column"
            flaws.append(_flaw(code, file, line, found=heading[:40], nearest=near))
            # Read on as if it were spelt right: one slip, one flaw.
            column = column_named(near) or _NO_COLUMN
        elif column is not None and column in columns:
            flaws.append(_flaw("column_twice", file, line, found=heading))
        columns.append(column)
    return columns


def _question(
    file: str,
    number: int,
    row: Row,
    columns: list[str | None],
    flaws: list[Flaw],
) -> QuestionDraft:
    line, values = row
    cells: dict[str, Cell] = {}
    strays = []
    for at, value in enumerate(values):
        column = columns[at] if at < len(columns) else None
        if value == "" or column == _NO_COLUMN:
            continue
        if column is None:
            strays.append(str(value)[:40])
        else:
            cells[column] = Cell(value=value, line=line)
    if strays:
        flaws.append(
            Flaw(
                code="stray_cell",
                file=file,
                line=line,
                number=number,
                question=str(cells["id"].value)[:40] if "id" in cells else "",
                values={"found": strays[0]},
            )
        )
    return QuestionDraft(number=number, line=line, cells=_with_options(cells, line))


def _with_options(cells: dict[str, Cell], line: int) -> dict[str, Cell]:
    """Return the cells with columns A to F as one list of options.

    A column left empty between two full ones stays as an empty option, so that
    letters never move; one cell may also hold all options, one per line or
    with | between them.
    """
    lettered = [cells.pop(letter, None) for letter in OPTION_IDS]
    texts = [cell.value if cell else "" for cell in lettered]
    while texts and texts[-1] == "":
        texts.pop()
    whole = cells.get("options")
    if whole and not texts:
        texts = list(str(whole.value).replace("\n", "|").split("|"))
    if texts:
        cells["options"] = Cell(value=texts, line=line)
    return cells


def _flaw(code: str, file: str | Path, line: int, **values: Shown) -> Flaw:
    return Flaw(code=code, file=str(file), line=line, values=values)


def rows_of(pack: Pack, lang: str) -> Iterator[list[str]]:
    """Yield the rows of `pack` with headings in `lang`, every cell a text."""
    about = {"id": pack.id, "title": pack.title, "lang": pack.lang}
    for name in PACK_FIELDS:
        yield [PACK_HEADINGS[lang][name], about[name]]
    yield []
    yield [HEADINGS[lang][column] for column in COLUMNS]
    for question in pack.questions:
        cells = _cells_of(question, lang)
        yield [cells.get(column, "") for column in COLUMNS]


def _cells_of(question: Question, lang: str) -> dict[str, str]:
    duration = question.duration_ms
    reserve = {"vi": "có", "en": "yes"}[lang]
    return {
        "id": question.id,
        "text": question.text,
        **{option.id: option.text for option in question.options},
        "key": question.key,
        "explanation": question.explanation,
        "source": question.source,
        "as_of": question.as_of,
        "author": question.author,
        "reviewer": question.reviewer,
        "image": question.image or "",
        "duration_ms": "" if duration is None else str(duration),
        "reserve": reserve if question.reserve else "",
    }
