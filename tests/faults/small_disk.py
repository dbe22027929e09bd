"""A small disk of its own for a test: memory that is mounted, so it needs root."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.rights import Right, needs


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A mounted disk whose size a test changes."""

    folder: Path

    def resize(self, size: str) -> None:
        """Give it another size, `8m`; what is on it must fit."""
        said = _mount(self.folder, f"remount,size={size}")
        assert said == "", said


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[SmallDisk]:
    """Mount a disk of this size, `8m`, on a new folder; skip where nobody may."""
    needs("mounting a small disk", Right.SYS_ADMIN)
    folder.mkdir()
    said = _mount(folder, f"size={size}")
    assert said == "", said
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", folder], check=True)


def _mount(folder: Path, options: str) -> str:
    """Mount a disk in memory; return why not, "" when it is there."""
    command = ["mount", "-t", "tmpfs", "-o", options, "quiztest", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""
