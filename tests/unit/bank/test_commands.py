"""`quizserver bank …`: what it prints, what it writes, how it exits."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quizserver.bank.load import load
from quizserver.cli.bank import app

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "packs"
SOUND = FIXTURES / "sound" / "pack.toml"
WRONG = FIXTURES / "two-keys" / "pack.toml"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUIZ_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("QUIZ_LANG", "en")
    return tmp_path / "data"


def bank(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_check_of_a_sound_pack_says_so() -> None:
    result = bank("check", SOUND)

    assert result.exit_code == 0
    assert "2 questions" in result.stdout


def test_check_of_a_flawed_pack_fails_with_every_flaw() -> None:
    result = bank("check", SOUND, WRONG, "--lang", "vi")

    assert result.exit_code == 1
    assert f"{WRONG}:19: câu thứ 2 (c02): " in result.stderr
    assert "Cách sửa" in result.stderr


def test_check_of_a_folder_reads_its_pack() -> None:
    assert bank("check", SOUND.parent).exit_code == 0


def test_check_in_json_lists_packs_and_errors() -> None:
    result = bank("check", SOUND, WRONG, "--json")

    said = json.loads(result.stdout)
    assert result.exit_code == 1
    assert said["ok"] is False
    assert [pack["id"] for pack in said["packs"]] == ["goi-thu"]
    assert [(one["line"], one["code"]) for one in said["errors"]] == [(19, "two_keys")]


def test_check_of_a_draft_asks_for_no_reviewer() -> None:
    path = FIXTURES / "missing-reviewer"

    assert bank("check", path).exit_code == 1
    assert bank("check", path, "--draft").exit_code == 0


def test_check_can_ask_for_four_options() -> None:
    assert bank("check", SOUND, "--options", "4").exit_code == 1


def test_import_puts_the_pack_on_the_shelf(data_dir: Path) -> None:
    result = bank("import", SOUND)

    assert result.exit_code == 0
    assert load(data_dir / "packs" / "goi-thu") == load(SOUND)
    assert "Imported" in result.stdout
    assert "Replaced" in bank("import", SOUND).stdout


def test_import_of_a_flawed_pack_writes_nothing(data_dir: Path) -> None:
    result = bank("import", WRONG)

    assert result.exit_code == 1
    assert "nothing was imported" in result.stderr
    assert not data_dir.exists()


def test_import_of_a_flawed_pack_in_json_is_refused() -> None:
    result = bank("import", WRONG, "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["ok"] is False


def test_import_into_a_folder_that_cannot_be_is_told(data_dir: Path) -> None:
    data_dir.write_text("a file where a folder should be")

    result = bank("import", SOUND)

    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_exported_pack_imports_to_the_same_pack(tmp_path: Path, data_dir: Path) -> None:
    file = tmp_path / "so-1.xlsx"

    assert bank("export", "cchc-2023-so-1", file).exit_code == 0
    assert bank("import", file, "--json").exit_code == 0

    shipped = Path(__file__).resolve().parents[3] / "questions" / "cchc-2023-so-1"
    assert load(data_dir / "packs" / "cchc-2023-so-1") == load(shipped)


def test_export_takes_a_file_too(tmp_path: Path) -> None:
    assert bank("export", SOUND, tmp_path / "a.csv").exit_code == 0
    assert load(tmp_path / "a.csv") == load(SOUND)


def test_export_of_an_unknown_pack_names_those_there_are(tmp_path: Path) -> None:
    result = bank("export", "nope", tmp_path / "a.csv")

    assert result.exit_code == 1
    assert "cchc-2023-so-1" in result.stderr


def test_export_of_a_flawed_file_tells_its_flaws(tmp_path: Path) -> None:
    result = bank("export", WRONG, tmp_path / "a.csv", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"][0]["code"] == "two_keys"


def test_existing_file_is_not_written_over_unless_forced(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine")

    result = bank("export", "par-en-1", file)

    assert result.exit_code == 1
    assert "--force" in result.stderr
    assert file.read_text() == "mine"
    assert bank("export", "par-en-1", file, "--force").exit_code == 0


def test_unknown_ending_is_wrong_use(tmp_path: Path) -> None:
    assert bank("export", "par-en-1", tmp_path / "a.pdf").exit_code == 2
    assert bank("template", tmp_path / "a").exit_code == 2
    assert bank("check").exit_code == 2
    assert bank("check", SOUND, "--lang", "fr").exit_code == 2


@pytest.mark.parametrize("form", ["toml", "csv", "xlsx"])
def test_template_can_be_checked_at_once(tmp_path: Path, form: str) -> None:
    file = tmp_path / f"mau.{form}"

    assert bank("template", file, "--json").exit_code == 0
    assert bank("check", file).exit_code == 0
    assert str(file) in bank("template", file, "--force").stdout
