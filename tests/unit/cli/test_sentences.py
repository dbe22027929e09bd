"""Commands speak the language of the setting: Vietnamese, unless it says otherwise."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from quizserver.cli import app
from quizserver.cli.output import speaker
from quizserver.domain.phases import Phase
from quizserver.live.access import Role

Shell = pytest.CaptureFixture[str]

PACK = "cchc-2023-so-1"
ENGLISH = (
    *("there is no", "the show", "code", "title", "phase", "draft", "name", "since"),
    *("can sign in", "token", "backed up", "restored", "every", "publish"),
)
"""What a sentence or a head in English would have in it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def said(capsys: Shell, *arguments: str) -> str:
    """Run a command that is to end well; return what it said."""
    capsys.readouterr()
    assert app.run(arguments) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_refusals_speak_vietnamese_too(folder: Path, capsys: Shell) -> None:
    there = ("--data-dir", str(folder))
    assert app.run(("show", "reset", "T1", "--yes", *there)) == 1
    assert capsys.readouterr().err == (
        "Không có số phát sóng “T1”. Hiện có: không có.\n"
    )


def test_a_workbook_for_a_terminal_is_refused_before_anything_is_done(
    folder: Path,
) -> None:
    """The show is not even looked for: no line in its log without a file (R6.3)."""
    ours, terminal = pty.openpty()
    command = (sys.executable, "-m", "quizserver", "results", "export", "T1")
    options = ("--format", "xlsx", "--data-dir", str(folder))
    ended = subprocess.run(
        (*command, *options),
        stdout=terminal,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(terminal)
    os.close(ours)
    assert ended.returncode == 1
    assert "--out" in ended.stderr
    assert "T1" not in ended.stderr


def test_numbers_are_written_as_people_read_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert speaker()("recount.more", count=12_345) == "… và 12.345 người nữa."
    monkeypatch.setenv("QUIZ_LANG", "en")
    assert speaker()("recount.more", count=12_345) == "… and 12,345 more."


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_phase_of_a_show_has_a_word(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIZ_LANG", lang)
    assert all(speaker()(f"phase.{phase}") for phase in Phase)


def test_shows_accounts_and_backups_speak_vietnamese(
    folder: Path, capsys: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ("--data-dir", str(folder))
    password = folder.parent / "password"
    password.write_text("mật khẩu đủ dài\n")
    told = [said(capsys, "show", "list", *there)]
    told += [said(capsys, "account", "list", *there)]
    told += [
        said(capsys, "show", "create", "T1", "--pack", PACK, "--title", "Thử", *there)
    ]
    with password.open() as given:
        monkeypatch.setattr("sys.stdin", given)
        told += [said(capsys, "account", "add", "minh", *there)]
    told += [
        said(capsys, "show", "list", *there),
        said(capsys, "account", "list", *there),
    ]
    token = said(capsys, "account", "token", "--role", Role.HOST.value, *there)
    assert len(token.split()[-1]) > 30
    told += [" ".join(token.split()[:-1])]
    archive = str(folder.parent / "b.tar")
    told += [said(capsys, "backup", "--out", archive, *there)]
    anew = str(folder.parent / "anew")
    told += [said(capsys, "restore", archive, "--data-dir", anew)]
    for text in told:
        words = text.replace(str(folder.parent), "").lower()
        assert [word for word in ENGLISH if f" {word} " in f" {words} "] == [], text


def test_ids_of_tokens_are_whole_on_a_narrow_terminal(
    folder: Path, capsys: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    there = ("--data-dir", str(folder))
    said(capsys, "account", "token", "--role", "host", "--label", "thử " * 9, *there)
    told = json.loads(said(capsys, "account", "tokens", "--json", *there))
    listed = said(capsys, "account", "tokens", *there)
    assert all(one["id"] in listed for one in told["tokens"])


def test_they_speak_english_when_the_setting_says_so(
    folder: Path, capsys: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIZ_LANG", "en")
    there = ("--data-dir", str(folder))
    assert said(capsys, "show", "list", *there) == "There is no show yet.\n"
    made = said(capsys, "show", "create", "T1", "--pack", PACK, *there)
    assert made.startswith("The show T1 is made: ")
    assert "draft" in said(capsys, "show", "list", *there)
