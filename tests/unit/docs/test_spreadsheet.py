"""The formulas of the spreadsheet come to the server's T on thousands of answers.

The formulas are read from the page and put into Python by a few replacements; each
function does what the manuals of Excel and LibreOffice say.
"""

import math
import random
import re
from pathlib import Path
from typing import Any, Final

import pytest

from quizserver.domain.timing import Measured, take
from tests.chance import measured_by_chance

PAGES: Final = Path(__file__).parents[3] / "docs" / "how-to"
ROW: Final = re.compile(r"^\| (B\d+) \| [^|]* \| `=(.*)` \|$", re.MULTILINE)


class Blank(int):
    """An empty cell: 0 where a number is wanted, "" where a text is."""

    def __eq__(self, other: object) -> bool:
        return other in ("", 0)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return 0


def small(numbers: list[int], k: float) -> int:
    """Return the k-th smallest; beyond them the sheet shows an error."""
    return sorted(numbers)[int(k) - 1] if 1 <= k <= len(numbers) else 0


FUNCTIONS: Final[dict[str, Any]] = {
    "IF": lambda said, then, other: then if said else other,
    "AND": lambda *said: all(said),
    "OR": lambda *said: any(said),
    "MIN": lambda *v: min([*flat(v)], default=0),
    "MAX": lambda *v: max([*flat(v)], default=0),
    "COUNT": len,
    "SMALL": small,
    "ROUNDUP": lambda value, digits: math.ceil(value),
    "INT": math.floor,
}


def flat(values: tuple[Any, ...]) -> list[Any]:
    return [one for v in values for one in (v if isinstance(v, list) else [v])]


def formulas(page: str) -> dict[str, str]:
    """Return the formulas of a page by their cells, as Python."""
    found = dict(ROW.findall((PAGES / page).read_text(encoding="utf-8")))
    return {cell: as_python(text) for cell, text in found.items()}


def as_python(formula: str) -> str:
    text = formula.replace(";", ",").replace("<>", "!=")
    text = re.sub(r"(?<![!<>])=", "==", text)
    text = re.sub(r"\bB9:M9\b", "ring", text)
    return re.sub(r"\b(B\d+)\b", r'cell["\1"]', text)


def computed(page: str, cells: dict[str, Any], ring: list[int]) -> dict[str, Any]:
    """Return the sheet with its formulas computed, in order."""
    sheet = dict(cells)
    for cell, text in formulas(page).items():
        names = FUNCTIONS | {"cell": sheet, "ring": ring}
        sheet[cell] = eval(text, {"__builtins__": {}}, names)  # noqa: S307 - our own page
    return sheet


def cells_of(measured: Measured) -> dict[str, Any]:
    """Return what a person would type; what is null stays empty."""
    trip, taken = measured.trip, take("fair-1", measured, 15_000)
    typed = {
        "B1": taken.e_us,
        "B2": measured.claimed_ms,
        "B3": taken.p_us,
        "B4": trip.rtt_before_us,
        "B5": trip.rtt_after_us,
        "B6": trip.retrans,
        "B7": trip.tier,
        "B8": trip.sent_rule,
    }
    return {cell: Blank() if value is None else value for cell, value in typed.items()}


@pytest.mark.parametrize("page", ["check-a-result.md", "check-a-result.vi.md"])
def test_formulas_give_the_time_of_the_rules(page: str) -> None:
    """R4.4 to R4.6, R4.8."""
    chance = random.Random(4)
    for _ in range(3_000):
        measured = measured_by_chance(chance)
        if measured.claimed_ms is not None and measured.claimed_ms < 0:
            continue  # is stored as null
        taken = take("fair-1", measured, 15_000)
        ring = list(measured.trip.ring_us)
        sheet = computed(page, cells_of(measured), ring)
        told = (sheet["B11"], sheet["B13"], sheet["B15"], sheet["B16"])
        expected = (taken.m_us, taken.a_us, taken.t_us, taken.t_us // 10_000)
        assert told == expected, measured


def test_both_languages_give_the_same_formulas() -> None:
    assert formulas("check-a-result.md") == formulas("check-a-result.vi.md")
    assert len(formulas("check-a-result.md")) == 6
