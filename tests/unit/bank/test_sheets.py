"""Spreadsheets as people and their programs write them."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from quizserver.bank.export import export
from quizserver.bank.flaws import PackRefused
from quizserver.bank.load import load
from quizserver.bank.validate import Demands
from quizserver.domain.rundown import Pack
from tests.unit.bank.test_round_trip import pack_of

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "packs"
SOUND = FIXTURES / "csv-sound-semicolon" / "pack.csv"
HEADER = "id,text,A,B,key,source,author,reviewer"
ROW = "c01,Câu hỏi?,Một,Hai,A,Nguồn,Tổ một,Tổ hai"


def loaded(folder: Path, text: str, name: str = "Câu hỏi Số 1.csv") -> Pack:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return load(path)


def codes(path: Path) -> list[str]:
    with pytest.raises(PackRefused) as caught:
        load(path)
    return [flaw.code for flaw in caught.value.flaws]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_csv_of_any_region_is_read(
    tmp_path: Path, delimiter: str, newline: str, bom: str
) -> None:
    text = SOUND.read_text(encoding="utf-8-sig")
    text = text.replace(";", delimiter).replace("\n", newline)

    assert loaded(tmp_path, bom + text) == load(SOUND)


def test_hint_of_excel_for_the_delimiter_is_obeyed(tmp_path: Path) -> None:
    text = "sep=;\n" + SOUND.read_text(encoding="utf-8-sig")

    assert loaded(tmp_path, text) == load(SOUND)


def test_lines_count_from_the_top_also_below_the_hint(tmp_path: Path) -> None:
    text = "sep=;\n" + SOUND.read_text(encoding="utf-8-sig").replace("30;B;", "30;Z;")

    with pytest.raises(PackRefused) as caught:
        loaded(tmp_path, text)

    assert [flaw.line for flaw in caught.value.flaws] == [8]


def test_lines_count_across_cells_of_many_lines(tmp_path: Path) -> None:
    row = ROW.replace("Câu hỏi?", '"Câu\nhỏi?"')
    text = f"{HEADER}\n{row}\nc02,,a,b,A,n,x,y\n"

    with pytest.raises(PackRefused) as caught:
        loaded(tmp_path, text)

    assert [(flaw.line, flaw.code) for flaw in caught.value.flaws] == [
        (4, "missing_text")
    ]


def test_sheet_without_rows_about_the_pack_is_named_by_its_file(
    tmp_path: Path,
) -> None:
    pack = loaded(tmp_path, f"{HEADER}\n{ROW}\n", "Đố vui Số 1.csv")

    assert (pack.id, pack.title, pack.lang) == ("do-vui-so-1", "Đố vui Số 1", "vi")


def test_headings_in_both_languages_mean_the_same(tmp_path: Path) -> None:
    vietnamese = (
        "Mã câu,CÂU HỎI,Phương án A,Phương án B,Đáp án,Nguồn,Người soạn,Người thẩm định"
    )

    assert loaded(tmp_path, f"{vietnamese}\n{ROW}\n") == loaded(
        tmp_path, f"{HEADER}\n{ROW}\n"
    )


def test_options_in_one_cell_are_split(tmp_path: Path) -> None:
    header = HEADER.replace("A,B", "options")
    row = ROW.replace("Một,Hai", "Một | Hai")

    assert loaded(tmp_path, f"{header}\n{row}\n") == loaded(
        tmp_path, f"{HEADER}\n{ROW}\n"
    )


def test_remarks_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    text = f"# nháp,,\n,,,\n{HEADER}\n\n{ROW}\n# xong\n"

    assert len(loaded(tmp_path, text).questions) == 1


def test_row_that_begins_with_a_hash_but_goes_on_is_a_question(
    tmp_path: Path,
) -> None:
    with pytest.raises(PackRefused) as caught:
        loaded(tmp_path, f"{HEADER}\n{ROW.replace('c01', '#1')}\n")

    assert [flaw.code for flaw in caught.value.flaws] == ["bad_id"]


def test_no_cell_of_a_csv_can_be_a_formula() -> None:
    pack = pack_of("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "ổn")
    text = export(pack, ".csv", "vi").decode()

    cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(",")]

    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r") and cell]


def test_csv_opens_as_utf8_in_excel() -> None:
    assert export(pack_of("a", "b"), ".csv", "vi").startswith(b"\xef\xbb\xbf")


def test_no_cell_of_a_workbook_is_anything_but_text() -> None:
    content = export(pack_of("=1+1", "10/10", "0,5", "TRUE"), ".xlsx", "vi")

    sheet = load_workbook(io.BytesIO(content)).worksheets[0]

    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}


def workbook(folder: Path, row: list[object]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["id", "text", "A", "B", "key", "source", "author", "reviewer"])
    sheet["I1"], sheet["J1"], sheet["K1"] = "as_of", "duration_ms", "reserve"
    sheet.append(["c00", "Hỏi?", "x", "y", "A", "s", "một", "hai"])
    sheet.append(row)
    book.save(folder / "pack.xlsx")
    return folder / "pack.xlsx"


def test_workbook_typed_by_hand_is_read_as_it_looks(tmp_path: Path) -> None:
    day = datetime(2023, 12, 22)  # noqa: DTZ001 - sheets know no time zones
    row = ["c01", "Năm?", 2013, 2015.0, "A", "s", "một", "hai", day, 20000, True]

    question = load(workbook(tmp_path, row)).questions[1]

    assert [option.text for option in question.options] == ["2013", "2015"]
    assert (question.as_of, question.duration_ms) == ("2023-12-22", 20_000)
    assert question.reserve


def test_number_with_decimals_as_text_of_the_question_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["c01", 79.5, "x", "y", "A", "s", "một", "hai"])

    assert codes(path) == ["cell_number"]


def test_yes_as_an_option_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["c01", "Hỏi?", True, "y", "A", "s", "một", "hai"])

    assert codes(path) == ["option_not_text"]


def test_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizserver.bank.xlsx_form._MOST_UNPACKED", 100)
    path = workbook(tmp_path, ["c01", "Hỏi?", "x", "y", "A", "s", "một", "hai"])

    assert codes(path) == ["bad_xlsx"]


def test_draft_without_people_is_read_on_demand(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["c01", "Hỏi?", "x", "y", "A", "s"])

    assert load(path, Demands(reviewed=False)).questions[1].author == ""
