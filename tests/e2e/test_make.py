"""The commands of a bare checkout say what is missing in one plain sentence."""

import shutil
import subprocess
from pathlib import Path

TOP = Path(__file__).parents[2]


def make_run(venv: Path, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", "run", f"VENV={venv}", f"PYTHON={python}"],
        cwd=TOP,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def stand_in(path: Path, *lines: str) -> str:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return str(path)


def test_too_old_python_is_named_with_the_way_out(tmp_path: Path) -> None:
    old = stand_in(
        tmp_path / "python3",
        '[ "$1" = --version ] && { echo Python 3.9.2; exit 0; }',
        "exit 1",
    )
    done = make_run(tmp_path / "venv", old)
    assert done.returncode != 0
    assert done.stdout == (
        "quizserver needs Python 3.11 or newer; this is Python 3.9.2. "
        "Name another one: make PYTHON=/path/to/python3\n"
    )


def test_missing_python_is_said(tmp_path: Path) -> None:
    done = make_run(tmp_path / "venv", "no-such-python")
    assert done.returncode != 0
    assert done.stdout == (
        "quizserver needs Python 3.11 or newer, and no-such-python was not found.\n"
    )


def test_python_without_venv_is_said_with_the_package(tmp_path: Path) -> None:
    bare = stand_in(
        tmp_path / "python3", 'case "$2" in *ensurepip*) exit 1;; esac', "exit 0"
    )
    done = make_run(tmp_path / "venv", bare)
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stdout
    assert not (tmp_path / "venv").exists()


def test_missing_system_packages_are_one_sentence_each(tmp_path: Path) -> None:
    """Without apt-get nothing can be installed, so the test command must fail."""
    for name in ("sh", "id"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    done = subprocess.run(
        ["/bin/sh", str(TOP / "tests" / "system_packages.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    sentences = done.stdout.splitlines()
    assert sentences[0].startswith("chromium is missing; ")
    assert all("Install it with: apt-get install" in line for line in sentences)
