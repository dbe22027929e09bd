"""Processes that are made to die, what they said before, what is left of them."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from quizserver.store.chain import ANSWER_COLUMNS, answer_row
from tests.faults.store_writer import offered
from tests.unit.store.recount import Database, found

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Said:
    """What a victim said: acknowledged and failed participants, event steps."""

    stored: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)

    def hear(self, line: str) -> None:
        """Take a line; one that the kill cut off was not said."""
        if not line.endswith("\n"):
            return
        mark, what = line[0], line[1:-1]
        if mark == "!":
            self.steps.append(int(what))
        else:
            (self.stored if mark == "+" else self.failed).append(what)


class Victim:
    """A writer in a process of its own."""

    def __init__(
        self,
        database: Database,
        prefix: str,
        *,
        synchronous: str = "FULL",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.said = Said()
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.faults.store_writer",
                str(database),
                prefix,
                synchronous,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def listen(self, stored: int = 0, failed: int = 0) -> None:
        """Listen until it has said so many more of each."""
        stored += len(self.said.stored)
        failed += len(self.said.failed)
        while len(self.said.stored) < stored or len(self.said.failed) < failed:
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
            assert line, f"the writer ended with {self.process.wait()}"
            self.said.hear(line)

    def kill(self) -> Said:
        """Kill it, at once and for good; return all that it said."""
        stdout = self.process.stdout
        assert stdout is not None
        self.process.kill()
        if not stdout.closed:
            for line in stdout:
                self.said.hear(line)
            stdout.close()
        self.process.wait()
        return self.said


def lost(database: Database, prefix: str, said: Said) -> set[str]:
    """Return what was acknowledged and is not there; check what is.

    A row that nobody offered, or that differs from what was offered, fails.
    """
    if isinstance(database, Path):
        assert found(database, "pragma integrity_check") == [("ok",)]
    rows = found(
        database,
        f"select {', '.join(ANSWER_COLUMNS)} from answer where participant like ?",
        f"{prefix}-%",
    )
    steps = found(database, "select step from event where epoch = ?", prefix)
    missing = {f"!{s}" for s in said.steps} - {f"!{s}" for (s,) in steps}
    there = {row[3]: row for row in rows}
    for participant, row in there.items():
        assert row == answer_row(offered(participant))[1:]
    return missing | (set(said.stored) - there.keys())


def shim(folder: Path) -> Path:
    """Compile powercut.c; return the library."""
    library = folder / "powercut.so"
    source = Path(__file__).with_name("powercut.c")
    subprocess.run(
        ["cc", "-O2", "-Wall", "-shared", "-fPIC", "-o", library, source, "-ldl"],
        check=True,
    )
    return library


@dataclass(frozen=True)
class Machine:
    """A folder, and what of it would be left without power."""

    live: Path
    image: Path
    fail: Path
    library: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return what makes a process run on this machine."""
        return {
            "LD_PRELOAD": str(self.library),
            "POWERCUT_WATCH": f"{self.live}/",
            "POWERCUT_IMAGE": str(self.image),
            "POWERCUT_FAIL": str(self.fail),
        }


def machine(folder: Path, library: Path, empty_database: Path) -> Machine:
    """Make a machine whose disk has an empty database."""
    made = Machine(
        live=folder / "live",
        image=folder / "image",
        fail=folder / "fail",
        library=library,
    )
    for disk in (made.live, made.image):
        disk.mkdir(parents=True)
        shutil.copy(empty_database, disk / "quiz.db")
    return made


def chance(seed: str) -> random.Random:
    """Return chance that the next run repeats."""
    return random.Random(seed)
