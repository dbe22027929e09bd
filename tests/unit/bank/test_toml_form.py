"""TOML: every flaw finds its line, however the file is written."""

from pathlib import Path

import pytest

from quizserver.bank.flaws import PackRefused
from quizserver.bank.load import load

HEAD = '[pack]\nid = "p"\ntitle = "P"\nlang = "vi"\n'
TAIL = 'key = "A"\nsource = "s"\nauthor = "a"\nreviewer = "r"\n'


def lines(folder: Path, source: str) -> list[tuple[str, int | None]]:
    (folder / "pack.toml").write_text(source, encoding="utf-8")
    with pytest.raises(PackRefused) as caught:
        load(folder)
    return [(flaw.code, flaw.line) for flaw in caught.value.flaws]


def test_keys_inside_a_text_of_many_lines_are_no_keys(tmp_path: Path) -> None:
    source = (
        HEAD
        + '[[question]]\nid = "c1"\ntext = """\n[[question]]\nkey = 1\n"""\n'
        + 'options = ["x", "y"]\nkey = "Z"\nsource = "s"\n'
        + 'author = "a"\nreviewer = "r"\n'
    )

    assert lines(tmp_path, source) == [("bad_key", 12)]


def test_options_on_many_lines_are_found_at_their_key(tmp_path: Path) -> None:
    source = (
        HEAD
        + '[[question]]\nid = "c1"\ntext = "t"\n'
        + 'options = [\n  "key = 1",\n  "KEY = 1",\n]\n'
        + TAIL
    )

    assert lines(tmp_path, source) == [("equal_options", 8)]


def test_questions_as_a_list_still_have_their_number(tmp_path: Path) -> None:
    source = 'question = [{id = "c1"}]\n' + HEAD

    (first, *_) = lines(tmp_path, source)

    assert first[0].startswith("missing")


def test_quoted_keys_and_single_quotes_are_read(tmp_path: Path) -> None:
    source = (
        HEAD
        + "[[ question ]]\n\"id\" = 'c1'\n'text' = 't'\n"
        + "options = ['x', 'y']\n"
        + TAIL.replace('"A"', '"C"')
    )

    assert lines(tmp_path, source) == [("bad_key", 9)]


def test_file_that_ends_too_soon_is_told_at_its_end(tmp_path: Path) -> None:
    source = HEAD + '[[question]]\nid = "c1"\noptions = ["x",\n'

    ((code, line),) = lines(tmp_path, source)

    assert code == "bad_toml"
    assert line is not None
    assert line >= 7


def test_unknown_key_above_all_tables_has_its_line(tmp_path: Path) -> None:
    source = f'# nháp\nzzz = 1\n{HEAD}[[question]]\nid = "c1"\ntext = "t"\n'
    source += f'options = ["x", "y"]\n{TAIL}'

    assert lines(tmp_path, source) == [("strange_name", 2)]


def test_pack_that_is_no_table_is_told(tmp_path: Path) -> None:
    assert lines(tmp_path, "pack = 1\n") == [("wrong_tables", 1)]


def test_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    source = f'\ufeff{HEAD}[[question]]\nid = "c1"\ntext = "t"\n'
    source += f'options = ["x", "y"]\n{TAIL}'
    (tmp_path / "pack.toml").write_text(source, encoding="utf-8")

    assert load(tmp_path).id == "p"
