"""A backup leaves word of itself, and never fails because it could not."""

from pathlib import Path

from quizserver.store import backed_up

AT_MS = 1_763_800_000_000


def test_the_age_is_since_the_last_backup(tmp_path: Path) -> None:
    assert backed_up.age_s(tmp_path, AT_MS) == backed_up.NEVER_S
    backed_up.note(tmp_path, AT_MS)
    backed_up.note(tmp_path, AT_MS + 60_000)
    assert backed_up.age_s(tmp_path, AT_MS + 90_000) == 30
    assert backed_up.age_s(tmp_path, AT_MS) == 0, "a clock that was put back"


def test_a_folder_that_takes_no_mark_is_backed_up_all_the_same(tmp_path: Path) -> None:
    backed_up.note(tmp_path / "missing", AT_MS)
    assert backed_up.age_s(tmp_path / "missing", AT_MS) == backed_up.NEVER_S
