"""Where the overlays and the sample questions are.

In a checkout they are folders at the top, where a designer edits them; in an
installed wheel they lie inside the package (`_shipped`, see pyproject.toml).
The version is the wheel's, or the checkout's.
"""

import tomllib
from importlib import metadata
from pathlib import Path
from typing import Final

from quizserver.failures import Failure

PACKAGE: Final = Path(__file__).resolve().parent
"""The folder of the `quizserver` package."""


def version() -> str:
    """Return the version of this program: "0.1.0"."""
    project = PACKAGE.parent / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text())["project"]["version"])
    return metadata.version("quizserver")


def overlays() -> Path:
    """Return the folder with one folder per overlay. Raises Failure."""
    return _shipped("overlays")


def questions() -> Path:
    """Return the folder with one folder per question pack. Raises Failure."""
    return _shipped("questions")


def held_words() -> list[str]:
    """Return the lines of our list of words for which names wait."""
    return (PACKAGE / "live" / "held_words.txt").read_text("utf-8").split("\n")


def _shipped(name: str) -> Path:
    for place in (PACKAGE / "_shipped" / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise Failure("failure.shipped", name=name, package=str(PACKAGE))
