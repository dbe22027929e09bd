"""The data folder and what is in it: made once or by hosts, then checked."""

from pathlib import Path

import pytest

from quizserver.failures import Failure
from quizserver.premises import (
    SECRET_BYTES,
    held_words,
    prepare_folder,
    read_secret,
)


def test_missing_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    prepare_folder(folder)
    assert list(folder.iterdir()) == []


def test_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(Failure, match=r"cannot be written \(not a directory\); name"):
        prepare_folder(in_the_way / "data")


def test_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    first = read_secret(path)
    assert len(first) == SECRET_BYTES
    assert read_secret(path) == first
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    read_secret(tmp_path / "secret")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622, 0o644])
def test_secret_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    read_secret(path)
    path.chmod(mode)
    with pytest.raises(Failure, match=f"mode 0{mode:o}.*chmod 600"):
        read_secret(path)


def test_short_secret_is_refused_with_both_numbers(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"x" * 31)
    path.chmod(0o600)
    with pytest.raises(Failure, match="has 31 bytes; it needs at least 32"):
        read_secret(path)


def test_secret_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"cannot be used \(is a directory\)"):
        read_secret(tmp_path)


def test_secret_is_never_in_a_message(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"too-short-to-be-good")
    path.chmod(0o600)
    with pytest.raises(Failure) as failure:
        read_secret(path)
    assert "too-short-to-be-good" not in str(failure.value)


def test_hosts_words_come_from_a_file_of_any_editor(tmp_path: Path) -> None:
    assert held_words(tmp_path) == []
    (tmp_path / "held-words.txt").write_text("đồ ngốc\r\n", "utf-8-sig")
    assert held_words(tmp_path) == ["đồ ngốc", ""]


def test_hosts_words_that_cannot_be_read_are_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "held-words.txt").mkdir()
    with pytest.raises(Failure, match=r"held-words\.txt"):
        held_words(tmp_path)
