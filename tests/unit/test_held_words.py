"""The lists of words for which names wait: ours, and the hosts' own beside it."""

from pathlib import Path

import pytest

from quizserver.app import held_words
from quizserver.failures import Failure


def test_hosts_add_to_the_list_with_a_file_of_any_editor(tmp_path: Path) -> None:
    assert held_words(tmp_path).are_in("Fuck")
    assert not held_words(tmp_path).are_in("Đồ Ngốc")
    (tmp_path / "held-words.txt").write_text("đồ ngốc\r\n", "utf-8-sig")
    assert held_words(tmp_path).are_in("Đồ Ngốc")
    assert held_words(tmp_path).are_in("Fuck")


def test_a_file_that_cannot_be_read_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "held-words.txt").mkdir()
    with pytest.raises(Failure, match=r"held-words\.txt"):
        held_words(tmp_path)
