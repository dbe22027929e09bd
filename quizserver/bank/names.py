"""The fields of packs and questions, and what people may call them.

One table for the TOML keys, the columns of sheets in both languages and the
nearest-name advice. Has no rule about values: those are in `fields`.
"""

import difflib
import unicodedata
from collections.abc import Iterable
from typing import Final

from quizserver.domain.ids import OPTION_IDS

PACK_FIELDS: Final = ("id", "title", "lang")

QUESTION_FIELDS: Final = (
    "id",
    "text",
    "options",
    "key",
    "explanation",
    "source",
    "as_of",
    "author",
    "reviewer",
    "image",
    "duration_ms",
    "reserve",
)

COLUMNS: Final = tuple(
    column
    for name in QUESTION_FIELDS
    for column in (OPTION_IDS if name == "options" else (name,))
)
"""Columns of a sheet in order: `options` is written as A to F."""

HEADINGS: Final[dict[str, dict[str, str]]] = {
    "en": {column: column for column in COLUMNS},
    "vi": {
        "id": "Mã câu",
        "text": "Câu hỏi",
        **{letter: str(letter) for letter in OPTION_IDS},
        "key": "Đáp án",
        "explanation": "Giải thích",
        "source": "Nguồn",
        "as_of": "Đúng đến ngày",
        "author": "Người soạn",
        "reviewer": "Người thẩm định",
        "image": "Tệp ảnh",
        "duration_ms": "Thời gian (ms)",
        "reserve": "Dự phòng",
    },
}
"""What the first row of an exported sheet says, by language."""

PACK_HEADINGS: Final[dict[str, dict[str, str]]] = {
    "en": {"id": "pack", "title": "title", "lang": "lang"},
    "vi": {"id": "Mã gói", "title": "Tên gói", "lang": "Ngôn ngữ"},
}
"""What the rows above the header say."""

_ALSO: Final[dict[str, str]] = {
    "câu": "text",
    "question": "text",
    "nội dung câu hỏi": "text",
    "mã": "id",
    "correct": "key",
    "answer": "key",
    "phương án đúng": "key",
    "phương án": "options",
    "options": "options",
    **{f"option {x}".lower(): x for x in OPTION_IDS},
    **{f"option_{x}".lower(): x for x in OPTION_IDS},
    **{f"phương án {x}".lower(): x for x in OPTION_IDS},
}

_ALSO_PACK: Final = {"pack id": "id", "pack.id": "id", "pack_id": "id"}


def folded(text: str) -> str:
    """Return `text` so that texts that read the same are equal.

    NFC, one blank for any run of white space, no case.
    """
    plain = unicodedata.normalize("NFC", " ".join(text.split()).casefold())
    return unicodedata.normalize("NFC", plain.casefold())


AUTHORS_APART: Final = ";"
"""Between the names of several authors: “Tổ biên soạn; thao”."""


def authors_of(author: str) -> list[str]:
    """Return the names that the field `author` holds, in order."""
    return [name for part in author.split(AUTHORS_APART) if (name := part.strip())]


def is_author(person: str, author: str) -> bool:
    """Tell whether `person` is one of the authors."""
    return folded(person) in {folded(name) for name in (author, *authors_of(author))}


def _known(headings: dict[str, dict[str, str]], also: dict[str, str]) -> dict[str, str]:
    known = {folded(name): column for name, column in also.items()}
    for by_column in headings.values():
        known |= {folded(name): column for column, name in by_column.items()}
    return known


_COLUMN_OF: Final = _known(HEADINGS, _ALSO)
_PACK_FIELD_OF: Final = _known(PACK_HEADINGS, _ALSO_PACK)


def column_named(heading: str) -> str | None:
    """Return the column that a heading of a sheet means, or None."""
    return _COLUMN_OF.get(folded(heading))


def pack_field_named(heading: str) -> str | None:
    """Return the field of the pack that the first cell of a row means."""
    return _PACK_FIELD_OF.get(folded(heading))


def nearest(wrong: str, names: Iterable[str]) -> str:
    """Return the name most like `wrong`, or "" when none is near."""
    by_fold = {folded(name): name for name in names}
    found = difflib.get_close_matches(folded(wrong), by_fold, n=1, cutoff=0.55)
    return by_fold[found[0]] if found else ""


def all_headings() -> list[str]:
    """Return every heading a sheet may use, for the nearest-name advice."""
    return [name for by_column in HEADINGS.values() for name in by_column.values()]
