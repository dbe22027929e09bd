"""Overlays and sample questions are found in a checkout and in a wheel."""

from pathlib import Path

import pytest

from quizserver import shipped
from quizserver.failures import Failure
from quizserver.live.held_words import HeldWords


def test_checkout_has_its_folders_at_the_top() -> None:
    top = Path(__file__).parents[2]
    assert shipped.overlays() == top / "overlays"
    assert shipped.questions() == top / "questions"


def test_installed_package_has_them_inside_and_they_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "quizserver"
    (package / "_shipped" / "overlays").mkdir(parents=True)
    (tmp_path / "overlays").mkdir()
    monkeypatch.setattr(shipped, "PACKAGE", package)
    assert shipped.overlays() == package / "_shipped" / "overlays"


def test_missing_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "quizserver")
    with pytest.raises(Failure, match="folder questions/ is missing"):
        shipped.questions()


def test_the_list_of_words_is_in_the_package() -> None:
    assert HeldWords(shipped.held_words()).are_in("Fuck")
