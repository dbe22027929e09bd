"""Each way a pack can be wrong is told with file, line, question and cure.

One folder of tests/fixtures/packs per way. Source: wire.md §5; contest.md A17.
"""

import json
from pathlib import Path

import pytest

from quizserver.bank import fields, images, sources, validate
from quizserver.bank.flaws import PackRefused, as_row, cure, sentence, what
from quizserver.bank.load import load
from quizserver.bank.validate import Demands
from quizserver.texts import catalogue

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "packs"

# Folder, file, code, line (row), number of the question, its id.
WRONG = [
    ("csv-cell-outside-columns", "pack.csv", "stray_cell", 7, 2, "c02"),
    ("csv-column-twice", "pack.csv", "column_twice", 5, None, ""),
    ("csv-option-left-out", "pack.csv", "option_empty_option", 7, 2, "c02"),
    ("csv-quote-left-open", "pack.csv", "bad_csv", 7, None, ""),
    ("csv-saved-as-utf16", "pack.csv", "utf16", 1, None, ""),
    ("csv-saved-in-an-old-encoding", "pack.csv", "not_utf8", 7, None, ""),
    ("csv-strange-column", "pack.csv", "strange_column", 5, None, ""),
    ("csv-strange-row-on-top", "pack.csv", "strange_row", 1, None, ""),
    ("csv-unknown-column", "pack.csv", "unknown_column", 5, None, ""),
    ("csv-without-header", "pack.csv", "no_header", 1, None, ""),
    ("date-that-is-none", "pack.toml", "bad_date", 20, 2, "c02"),
    ("duration-in-seconds", "pack.toml", "duration_out_of_bounds", 20, 2, "c02"),
    ("duration-in-words", "pack.toml", "duration_not_whole", 20, 2, "c02"),
    ("empty-option", "pack.toml", "option_empty_option", 18, 2, "c02"),
    ("equal-options", "pack.toml", "equal_options", 18, 2, "c02"),
    ("id-twice", "pack.toml", "id_twice", 16, 2, "C01"),
    ("id-with-blanks", "pack.toml", "bad_id", 16, 2, "câu 2"),
    ("image-is-svg", "pack.toml", "image_kind", 20, 2, "c02"),
    ("image-missing", "pack.toml", "image_missing", 20, 2, "c02"),
    ("image-outside-the-folder", "pack.toml", "image_name", 20, 2, "c02"),
    ("image-with-wrong-ending", "pack.toml", "image_ending", 20, 2, "c02"),
    ("key-beyond-options", "pack.toml", "bad_key", 19, 2, "c02"),
    ("missing-author", "pack.toml", "missing_author", 15, 2, "c02"),
    ("missing-id", "pack.toml", "missing_id", 15, 2, ""),
    ("missing-key", "pack.toml", "missing_key", 15, 2, "c02"),
    ("missing-options", "pack.toml", "missing_options", 15, 2, "c02"),
    ("missing-reviewer", "pack.toml", "missing_reviewer", 15, 2, "c02"),
    ("missing-source-blank", "pack.toml", "missing_source", 20, 2, "c02"),
    ("missing-source", "pack.toml", "missing_source", 15, 2, "c02"),
    ("missing-text", "pack.toml", "missing_text", 15, 2, "c02"),
    ("no-questions", "pack.toml", "no_questions", 1, None, ""),
    ("one-option", "pack.toml", "option_count", 18, 2, "c02"),
    ("only-reserves", "pack.toml", "only_reserves", 1, None, ""),
    ("option-hidden-character", "pack.toml", "option_hidden_character", 18, 2, "c02"),
    ("option-not-text", "pack.toml", "option_not_text", 18, 2, "c02"),
    ("option-too-long", "pack.toml", "option_too_long", 18, 2, "c02"),
    ("own-reviewer", "pack.toml", "own_reviewer", 22, 2, "c02"),
    ("pack-id-with-accents", "pack.toml", "bad_pack_id", 2, None, ""),
    ("pack-lang-unknown", "pack.toml", "bad_lang", 4, None, ""),
    ("pack-without-id", "pack.toml", "missing_pack_id", 1, None, ""),
    ("pack-without-lang", "pack.toml", "missing_pack_lang", 1, None, ""),
    ("pack-without-title", "pack.toml", "missing_pack_title", 1, None, ""),
    ("reserve-in-other-words", "pack.toml", "not_yes_or_no", 20, 2, "c02"),
    ("seven-options", "pack.toml", "option_count", 18, 2, "c02"),
    ("strange-key", "pack.toml", "strange_name", 17, 2, "c02"),
    ("text-hidden-character", "pack.toml", "hidden_character", 17, 2, "c02"),
    ("text-not-text", "pack.toml", "not_text", 17, 2, "c02"),
    ("text-too-long", "pack.toml", "too_long", 17, 2, "c02"),
    ("toml-key-twice", "pack.toml", "key_twice", 20, 2, ""),
    ("toml-not-utf8", "pack.toml", "not_utf8", 17, None, ""),
    ("toml-question-in-single-brackets", "pack.toml", "wrong_tables", 6, None, ""),
    ("toml-quote-left-open", "pack.toml", "bad_toml", 17, 2, ""),
    ("toml-wrong-table", "pack.toml", "unknown_name", 15, None, ""),
    ("two-keys-in-a-list", "pack.toml", "two_keys", 19, 2, "c02"),
    ("two-keys", "pack.toml", "two_keys", 19, 2, "c02"),
    ("unknown-form", "pack.ods", "unknown_form", None, None, ""),
    ("unknown-key", "pack.toml", "unknown_name", 20, 2, "c02"),
    ("xlsx-date-as-option", "pack.xlsx", "option_not_text", 6, 1, "c01"),
    ("xlsx-formula-as-source", "pack.xlsx", "cell_formula", 6, 1, "c01"),
    ("xlsx-formula", "pack.xlsx", "option_cell_formula", 6, 1, "c01"),
    ("xlsx-percentage", "pack.xlsx", "option_cell_number", 6, 1, "c01"),
    ("xlsx-that-is-none", "pack.xlsx", "bad_xlsx", None, None, ""),
]

# Ways that need a large file, another machine or a stricter contest.
WITHOUT_FOLDER = {
    "cell_number",
    "file_missing",
    "file_too_large",
    "file_unreadable",
    "image_too_large",
    "other_option_count",
    "too_many_questions",
    # Of uploads only: test_delivery.py.
    "bad_zip",
    "image_broken",
    "image_not_sent",
    "image_sides",
    "zip_many_packs",
    "zip_no_pack",
    "zip_too_large",
}


def refused(path: Path, demands: Demands | None = None) -> PackRefused:
    with pytest.raises(PackRefused) as caught:
        load(path, demands)
    return caught.value


def only_code(path: Path, demands: Demands | None = None) -> str:
    (flaw,) = refused(path, demands).flaws
    return flaw.code


@pytest.mark.parametrize(
    ("folder", "file", "code", "line", "number", "question"),
    WRONG,
    ids=[row[0] for row in WRONG],
)
@pytest.mark.parametrize("lang", catalogue.LANGS)
def test_flaw_names_file_line_question_and_cure(
    folder: str,
    file: str,
    code: str,
    line: int | None,
    number: int | None,
    question: str,
    lang: str,
) -> None:
    path = FIXTURES / folder / file

    (flaw,) = refused(path).flaws

    assert (flaw.code, flaw.line, flaw.number, flaw.question) == (
        code,
        line,
        number,
        question,
    )
    said = sentence(flaw, lang)
    assert said.startswith(str(path) if line is None else f"{path}:{line}: ")
    assert what(flaw, lang) in said
    assert cure(flaw, lang) in said
    if number is not None:
        assert str(number) in said.removeprefix(f"{path}:{line}: ")
        assert question in said


def test_every_folder_of_a_wrong_pack_is_tested() -> None:
    sound = {"sound", "csv-sound-semicolon"}

    assert {path.name for path in FIXTURES.iterdir()} == {
        row[0] for row in WRONG
    } | sound


def test_every_flaw_of_the_catalogue_is_shown_by_a_test() -> None:
    keys = catalogue.catalogue("en", ["bank"])
    codes = {key[5:-5] for key in keys if key.endswith(".cure")}

    assert codes == {row[2] for row in WRONG} | WITHOUT_FOLDER | {
        # The same sentence about the option a cell would have been.
        "option_cell_number",
    }


def test_flaw_as_json_has_every_part() -> None:
    (flaw,) = refused(FIXTURES / "two-keys").flaws

    row = as_row(flaw, "en")

    assert json.loads(json.dumps(row)) == {
        "file": str(FIXTURES / "two-keys" / "pack.toml"),
        "line": 19,
        "question": "c02",
        "number": 2,
        "field": "key",
        "code": "two_keys",
        "what": "there is more than one key: B, C",
        "cure": "leave the one letter of the right option",
        "message": sentence(flaw, "en"),
    }


def test_unknown_key_is_told_the_nearest_name() -> None:
    (flaw,) = refused(FIXTURES / "unknown-key").flaws

    assert "“source”" in cure(flaw, "en")


def test_all_flaws_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    source = (FIXTURES / "sound" / "pack.toml").read_text()
    source = source.replace('"vi"', '"fr"').replace('key = "B"', 'key = "Z"')
    source = source.replace('"15 giây"', '"10 giây"').replace('"2011"', '""')
    (tmp_path / "pack.toml").write_text(source)

    flaws = refused(tmp_path).flaws

    assert [(flaw.line, flaw.code) for flaw in flaws] == [
        (4, "bad_lang"),
        (9, "option_empty_option"),
        (18, "equal_options"),
        (19, "bad_key"),
    ]
    assert str(refused(tmp_path)).count("\n") == 3


def test_draft_may_lack_its_reviewer() -> None:
    draft = Demands(reviewed=False)

    for folder in ("missing-reviewer", "missing-author", "own-reviewer"):
        assert len(load(FIXTURES / folder, draft).questions) == 2


def test_contest_of_four_options_refuses_three() -> None:
    """Source: contest.md A17."""
    code = only_code(FIXTURES / "sound", Demands(options=4))

    assert code == "other_option_count"


def test_missing_file_is_told(tmp_path: Path) -> None:
    assert only_code(tmp_path / "none.toml") == "file_missing"


def test_folder_without_pack_is_told(tmp_path: Path) -> None:
    assert only_code(tmp_path) == "file_missing"


def test_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").mkdir()

    assert only_code(tmp_path) == "file_unreadable"


def test_huge_file_is_told_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", 10)
    (tmp_path / "pack.csv").write_bytes(b"x" * 11)

    assert only_code(tmp_path / "pack.csv") == "file_too_large"


def test_too_large_picture_is_told(tmp_path: Path) -> None:
    source = (FIXTURES / "image-missing" / "pack.toml").read_text()
    (tmp_path / "pack.toml").write_text(source)
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * images.MOST_BYTES
    (tmp_path / "ban-do.png").write_bytes(picture)

    assert only_code(tmp_path) == "image_too_large"


def test_link_out_of_the_folder_is_no_picture(tmp_path: Path) -> None:
    source = (FIXTURES / "image-missing" / "pack.toml").read_text()
    (tmp_path / "pack.toml").write_text(source)
    (tmp_path / "ban-do.png").symlink_to("/etc/hostname")

    assert only_code(tmp_path) == "image_missing"


def test_too_many_questions_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validate, "MOST_QUESTIONS", 1)

    assert only_code(FIXTURES / "sound") == "too_many_questions"


def test_limits_are_those_of_the_contract() -> None:
    """Source: wire.md §5."""
    assert (fields.MOST_TEXT, fields.MOST_OPTION) == (200, 80)
