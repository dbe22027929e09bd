"""Any name, workplace and question is text on every face (P10, R2.1).

One show of people who are called as nobody should be; each face is held to what it
showed of it: every name as it was typed (cleaned as R2.1 says), nothing executed, no
policy violated, nothing beyond an edge.
"""

import csv
import io
import json
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from quizserver.live.names import clean
from quizserver.reports.cells import plain as as_text
from tests.e2e.names.conftest import AT_ONCE, UNIT, WATCHER, Seen
from tests.hostile_texts import HOSTILE, authored

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(600),
]

NAMED = {kind for kind, text in HOSTILE.items() if clean(text)}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝")


async def test_on_ones_own_phone_any_name_is_text(seen: Seen) -> None:
    assert seen.faults["own phone"] == []
    assert seen.names_on("own phone") == NAMED


async def test_on_other_phones_any_name_is_text(seen: Seen) -> None:
    assert seen.faults["phone"] == []
    assert seen.names_on("phone") == NAMED
    assert questions_missing(seen, "phone") == []


async def test_on_the_panel_any_name_is_text(seen: Seen) -> None:
    assert seen.faults["panel"] == []
    assert seen.names_on("panel") == NAMED
    assert questions_missing(seen, "panel") == []


@pytest.mark.parametrize("face", ["stage", "tall stage"])
async def test_on_the_overlay_any_name_is_text(seen: Seen, face: str) -> None:
    assert seen.faults[face] == []
    # Beside a long question there may be room for the very fastest alone.
    assert seen.names_on(face) >= {*list(HOSTILE)[::AT_ONCE]} & NAMED
    assert questions_missing(seen, face) == []


async def test_on_the_overlay_of_the_fastest_any_name_is_text(seen: Seen) -> None:
    assert seen.faults["fastest"] == []
    assert seen.names_on("fastest") == NAMED


async def test_on_the_public_results_any_name_is_text(seen: Seen) -> None:
    assert seen.faults["results"] == []
    # It has the winners and the first of the standings, not everybody.
    assert seen.names_on("results")


def questions_missing(seen: Seen, face: str) -> list[str]:
    """Return the texts of questions and options that a face has not shown."""
    told = "\n".join(seen.texts[face])
    return [text for text in authored() if text not in told]


async def test_in_the_csv_any_name_is_a_cell_and_no_formula(seen: Seen) -> None:
    rows = list(csv.reader(io.StringIO(seen.files["results.csv"].decode("utf-8-sig"))))
    assert {len(row) for row in rows if row} == {len(rows[0])}, "a name broke a row"
    cells = {cell for row in rows for cell in row}
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
    assert {as_text(clean(text)) for text in HOSTILE.values()} <= cells


async def test_in_the_workbook_any_name_is_text_and_no_formula(seen: Seen) -> None:
    body = seen.files["results.xlsx"]
    book = load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.startswith(FORMULA)]
    assert {as_text(clean(text)) for text in HOSTILE.values()} <= set(texts)
    with ZipFile(io.BytesIO(body)) as parts:
        for name in parts.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(parts.read(name))  # noqa: S314 - our own file
            assert b"<f>" not in parts.read(name)


async def test_in_the_json_any_name_is_a_string(seen: Seen) -> None:
    said = json.loads(seen.files["results.json"])
    names = {row["name"] for row in said["standings"]}
    assert names == {clean(text) for text in HOSTILE.values()}
    units = {row["unit"] for row in said["standings"]}
    assert units == {clean(f"{text} {UNIT}") for text in HOSTILE.values()}


@pytest.mark.parametrize("file", ["audit.jsonl", "metrics"])
async def test_in_the_audit_export_and_the_figures_there_is_no_name(
    seen: Seen, file: str
) -> None:
    assert told_of_people(seen.files[file].decode()) == []


async def test_in_the_log_there_is_no_name(seen: Seen) -> None:
    assert seen.log
    assert told_of_people(seen.log) == []


def told_of_people(text: str) -> list[str]:
    """Return what a text tells of people: a name or the end of a workplace."""
    return [
        words for words in (WATCHER, UNIT) if words in text or json_of(words) in text
    ]


def json_of(words: str) -> str:
    """Return the words as JSON in ASCII writes them."""
    return json.dumps(words)[1:-1]
