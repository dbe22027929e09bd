"""An installed server needs no checkout: the wheel carries all it serves."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
SERVED = ("overlays", "questions")
"""Folders at the top of the checkout that an installed server needs."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run(
        [sys.executable, *build, str(TOP)], check=True, capture_output=True, timeout=100
    )
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked where nothing of the checkout is in reach."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def installed(site: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def tracked(folder: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        name for name in listed.stdout.split("\0") if name and (TOP / name).exists()
    }


def test_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert sorted(tracked("quizserver") - inside) == []


@pytest.mark.parametrize("folder", SERVED)
def test_wheel_has_every_overlay_and_question(wheel: Path, folder: str) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    expected = {f"quizserver/_shipped/{name}" for name in tracked(folder)}
    assert sorted(expected - inside) == []


def test_installed_server_finds_its_folders_without_the_checkout(site: Path) -> None:
    code = (
        "from quizserver import shipped; "
        "print(shipped.overlays(), shipped.questions(), shipped.version())"
    )
    overlays, questions, version = installed(site, "-c", code).split()
    assert Path(overlays) == site / "quizserver" / "_shipped" / "overlays"
    assert Path(questions) == site / "quizserver" / "_shipped" / "questions"
    assert version == "0.1.0"


def test_installed_server_makes_a_show_from_a_shipped_pack(
    site: Path, tmp_path: Path
) -> None:
    command = ("-m", "quizserver", "show", "create", "TEST1")
    pack = ("--pack", "cchc-2023-so-1", "--data-dir", str(tmp_path))
    assert "TEST1" in installed(site, *command, *pack)
