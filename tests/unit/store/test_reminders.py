"""Since when names are known to be due, in a file."""

import logging
from pathlib import Path

import pytest

from quizserver.store.reminders import NAME, FileReminders


def test_what_is_written_is_read_by_the_next_process(tmp_path: Path) -> None:
    FileReminders(tmp_path).write({"CCHC1/e1": 5})
    assert FileReminders(tmp_path).read() == {"CCHC1/e1": 5}


@pytest.mark.parametrize("text", [None, b"", b'{"CCHC1/e1": "x"}'])
def test_a_file_that_says_nothing_is_as_none(
    tmp_path: Path, text: bytes | None
) -> None:
    if text is not None:
        (tmp_path / NAME).write_bytes(text)
    assert FileReminders(tmp_path).read() == {}


def test_a_folder_that_takes_nothing_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        FileReminders(tmp_path / "none").write({})
    assert "no reminder of names can be written" in caplog.text
