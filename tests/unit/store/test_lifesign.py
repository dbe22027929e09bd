"""A sign of life outlasts its process, and never stands in anybody's way."""

from pathlib import Path

import pytest

from quizserver.domain.stamps import Stamp
from quizserver.store.lifesign import FileLifeSign

FIRST = Stamp(boot="boot-1", mono_ns=10**15, utc_ms=1_763_800_000_000)
LATER = Stamp(boot="b", mono_ns=5, utc_ms=1_763_800_001_000)


def test_the_newest_sign_is_found_by_the_next_process(tmp_path: Path) -> None:
    sign = FileLifeSign(tmp_path / "alive")
    sign.leave(FIRST)
    sign.leave(LATER)  # shorter than the one before
    assert FileLifeSign(tmp_path / "alive").last() == LATER
    assert (tmp_path / "alive").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\0\0\0"])
def test_what_is_no_sign_is_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "alive").write_bytes(content)
    assert FileLifeSign(tmp_path / "alive").last() is None


def test_a_disk_that_takes_no_sign_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sign = FileLifeSign(tmp_path / "gone" / "alive")
    for _ in range(3):
        sign.leave(FIRST)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    (tmp_path / "gone").mkdir()
    sign.leave(FIRST)
    assert sign.last() == FIRST
