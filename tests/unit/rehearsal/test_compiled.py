"""The phones in C become a program when they are first needed."""

import re
import subprocess
from pathlib import Path

import pytest

from quizserver.rehearsal import compiled
from quizserver.rehearsal.compiled import NoProgram, program


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that does not exist yet."""
    return tmp_path_factory.mktemp("home") / "cache" / "quizserver"


def test_it_is_made_once_and_says_how_it_is_used(cache: Path) -> None:
    made = program(cache)
    first = made.stat().st_mtime_ns
    assert program(cache) == made
    assert made.stat().st_mtime_ns == first
    assert [path.name for path in cache.iterdir()] == [made.name]
    told = subprocess.run([made], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr[:13]) == (2, "usage: phones")


def test_another_source_makes_another_program(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in compiled.SOURCES.iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    with (tmp_path / "base.c").open("a") as base:
        base.write("/* another */\n")
    before = program(cache)
    monkeypatch.setattr(compiled, "SOURCES", tmp_path)
    assert program(cache) != before


def test_a_compiler_that_fails_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "phones.c").write_text("this is no C\n")
    monkeypatch.setattr(compiled, "SOURCES", tmp_path)
    with pytest.raises(NoProgram, match=r"cc cannot compile the phones: .*phones\.c"):
        program(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_a_compiler_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoProgram, match=re.escape("there is no C compiler (cc)")):
        program(tmp_path / "cache")


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(NoProgram, match=str(tmp_path)):
        program(tmp_path / "cache")
