"""Files that Excel opens as they are meant, whatever people wrote."""

import csv
import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from quizserver.domain.flags import Flag
from quizserver.domain.ids import QuestionId
from quizserver.reports.cells import plain
from quizserver.reports.formats import FORMATS, to_csv, to_json, to_xlsx
from quizserver.reports.results import compute
from quizserver.texts.catalogue import LANGS
from tests.unit.reports.played import Played

TRAPS = [
    '=HYPERLINK("http://x")',
    "+84 123",
    "-2+3",
    "@SUM(A1)",
    "\tcmd",
    "\r=1",
    " =1+1",
    "＝1+1",
    "|calc",
]


def played_show() -> Played:
    played = Played()
    played.join("=cmd|' /C calc'!A0", unit="+Sở Nội vụ")
    played.play(
        "q1", {"=cmd|' /C calc'!A0": ("C", 2_915), "Nguyễn Văn Ẫn": ("C", 3_010)}
    )
    played.play("q2", {"Nguyễn Văn Ẫn": ("B", 1_000)})
    played.end()
    return played


def book_of(played: Played) -> Workbook:
    return load_workbook(io.BytesIO(to_xlsx(compute(played.record))))


def csv_rows(played: Played) -> list[list[str]]:
    text = to_csv(compute(played.record)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("trap", TRAPS)
def test_formula_like_text_becomes_plain_text(trap: str) -> None:
    assert str(plain(trap)).startswith("'")


@pytest.mark.parametrize("text", ["Nguyễn Thị Phương Thảo", "31/10/2023", "A-B", ""])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_numbers_stay_numbers() -> None:
    assert plain(-5) == -5


class TestCsv:
    def test_begins_with_the_mark_that_excel_needs(self) -> None:
        assert to_csv(compute(Played().record)).startswith(b"\xef\xbb\xbf")

    def test_no_cell_can_be_a_formula(self) -> None:
        cells = [cell for row in csv_rows(played_show()) for cell in row]
        assert not [c for c in cells if c[:1] in set("=+-@\t\r")]

    def test_holds_show_and_questions_with_vietnamese_heads(self) -> None:
        head, *rows = csv_rows(played_show())
        assert head[:5] == [
            "Phần",
            "Hạng",
            "Đồng hạng",
            "Họ và tên",
            "Địa chỉ, nơi công tác",
        ]
        parts = {row[0] for row in rows}
        assert parts == {"Cả số phát sóng", "Câu 1", "Câu 2"}
        nobody = next(row for row in rows if row[0] == "Câu 2")
        assert nobody[7] == "không có người đạt giải"


def test_every_table_says_who_agreed_to_be_called() -> None:
    """R2.1: only winners who agreed to it may be called."""
    played = Played()
    played.join("An", contact=True)
    played.play("q1", {"An": ("C", 2_000), "Ba": ("C", 3_000)})
    told = {"An": "hiện tên; liên hệ về giải", "Ba": "hiện tên"}
    head, *rows = csv_rows(played)
    at, who = head.index("Đồng ý"), head.index("Họ và tên")
    assert {(row[who], row[at]) for row in rows} == set(told.items())
    for sheet in ("Số phát sóng", "Câu 1"):
        cells = list(book_of(played)[sheet].iter_rows(values_only=True))
        column = next(row for row in cells if "Đồng ý" in row).index("Đồng ý")
        assert [row[column] for row in cells[-2:]] == list(told.values())


class TestFlags:
    """R4.11: whoever signs reads words; the code beside them is for looking it up."""

    @pytest.mark.parametrize("lang", LANGS)
    def test_every_flag_is_told_in_words(self, lang: str) -> None:
        played = Played(lang=lang)
        played.play("q1", {"An": ("C", 2_000)})
        played.answers[QuestionId("q1")][0].flags = ",".join(Flag)
        _, show, question = csv_rows(played)
        for told in (show[-1], question[-1]):
            pairs = [part.split(": ", 1) for part in told.split("; ") if ": " in part]
            assert sorted(code for code, _ in pairs) == sorted(Flag)
            assert all(words and words not in set(Flag) for _, words in pairs)

    def test_sheets_say_the_same(self) -> None:
        played = Played()
        played.play("q1", {"An": ("C", 2_000)})
        played.answers[QuestionId("q1")][0].flags = "fast,of-another-version"
        told = "fast: nhanh bất thường (dưới 0,7 giây); of-another-version"
        for sheet in ("Số phát sóng", "Câu 1"):
            rows = list(book_of(played)[sheet].iter_rows(values_only=True))
            assert told in rows[-1]


class TestXlsx:
    def test_has_a_sheet_for_the_show_each_question_and_the_winners(self) -> None:
        assert book_of(played_show()).sheetnames == [
            "Số phát sóng",
            "Câu 1",
            "Câu 2",
            "Danh sách đạt giải",
            "Giải từng câu",
            "Niêm phong",
        ]

    def test_no_cell_is_a_formula(self) -> None:
        cells = [
            cell
            for sheet in book_of(played_show()).worksheets
            for row in sheet.iter_rows()
            for cell in row
        ]
        assert not [c for c in cells if c.data_type == "f"]
        texts = [c.value for c in cells if isinstance(c.value, str)]
        assert not [t for t in texts if t[:1] in set("=+-@\t\r")]

    def test_ranking_of_a_question_is_on_its_sheet(self) -> None:
        rows = list(book_of(played_show())["Câu 1"].iter_rows(values_only=True))
        names = [row[2] for row in rows if row[0] in (1, 2)]
        assert names == ["'=cmd|' /C calc'!A0", "Nguyễn Văn Ẫn"]

    def test_control_characters_do_not_break_the_file(self) -> None:
        played = Played()
        played.play("q1", {"A\x0bB": ("C", 1_000)})
        assert "AB" in str([c.value for c in book_of(played)["Câu 1"]["C"]])


def test_json_is_the_wire_form() -> None:
    said = json.loads(to_json(compute(played_show().record)))
    assert set(said) == {"show", "questions", "standings", "winners"}
    first = said["questions"][0]
    assert {"question", "number", "correct", "void", "counts", "ranking"} <= set(first)
    assert {"participant", "name", "unit", "rank", "tied", "time_ms"} <= set(
        first["ranking"][0]
    )
    assert {"participant", "name", "unit", "rank", "tied", "right", "total_ms"} <= set(
        said["standings"][0]
    )


@pytest.mark.parametrize("ending", list(FORMATS))
def test_a_show_without_questions_can_be_exported(ending: str) -> None:
    assert FORMATS[ending](compute(Played().record))
