"""The how-to for writers names the columns and messages there really are."""

import re
from pathlib import Path

import pytest

from quizserver.bank.names import HEADINGS, PACK_HEADINGS
from quizserver.domain.ids import OPTION_IDS

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to"
PAGES = {"vi": "write-questions.vi.md", "en": "write-questions.md"}


def first_cells(lang: str) -> list[str]:
    page = (HOW_TO / PAGES[lang]).read_text(encoding="utf-8")
    return re.findall(r"^\| ([^|]+?) \|", page, re.MULTILINE)


@pytest.mark.parametrize("lang", PAGES)
def test_every_column_is_explained_in_order(lang: str) -> None:
    headings = list(HEADINGS[lang].values())
    letters = ", ".join(OPTION_IDS)
    at = headings.index("A")
    expected = [*headings[:at], letters, *headings[at + len(OPTION_IDS) :]]

    cells = first_cells(lang)

    start = cells.index(expected[0])
    assert cells[start : start + len(expected)] == expected


@pytest.mark.parametrize("lang", PAGES)
def test_every_row_about_the_pack_is_explained(lang: str) -> None:
    assert set(PACK_HEADINGS[lang].values()) <= set(first_cells(lang))
