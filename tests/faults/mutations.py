"""Seeds defects, one at a time, and sees whether the tests notice; a program.

    python -m tests.faults.mutations [WORD ...]

Works in a copy of the checkout. Each defect is a small edit that somebody could
make in good faith, and names the test that must turn red. A test that stays
green is not worth its time, and the run fails. With words, only defects whose
name holds one of them. Prints a table.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.faults.defects import DEFECTS, Defect, Edit

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE_S: Final = 400


def main(words: list[str]) -> int:
    """Try every defect; return 0 when every one was noticed."""
    chosen = [d for d in DEFECTS if not words or any(w in d.name for w in words)]
    console = Console(width=110)
    table = Table("Seeded defect", "Test that must turn red", "Noticed")
    noticed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder) / "tree")
        without = {}
        for name in sorted({d.test for d in chosen}):
            without[name] = run(copy, name)
            console.print(f"{name} without a defect: {without[name]}", markup=False)
        for defect in chosen:
            is_sound = without[defect.test] == "green"
            outcome = tried(copy, defect) if is_sound else "not green without it"
            noticed += outcome.startswith("red")
            console.print(f"{defect.name}: {outcome}", markup=False)
            table.add_row(defect.name, Path(defect.test).name, outcome.split("\n")[0])
    console.print(table)
    console.print(f"{noticed} of {len(chosen)} noticed")
    return 0 if noticed == len(chosen) else 1


def copied(tree: Path) -> Path:
    """Copy what belongs to the project into an empty folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source, target = ROOT / name, tree / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return tree


def tried(tree: Path, defect: Defect) -> str:
    """Make a defect, run its test, mend it; return what the test was."""
    before = {edit.file: (tree / edit.file).read_text() for edit in defect.edits}
    try:
        for edit in defect.edits:
            seed(tree / edit.file, edit)
        return run(tree, defect.test)
    finally:
        for file, text in before.items():
            (tree / file).write_text(text)


def seed(file: Path, edit: Edit) -> None:
    """Make one edit; its place must be there exactly once."""
    text = file.read_text()
    found = text.count(edit.old)
    assert found == 1, f"{edit.file} holds the place of a defect {found} times"
    file.write_text(text.replace(edit.old, edit.new))


def run(tree: Path, test: str) -> str:
    """Run one file of tests; return "green", "red" or what else happened."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    path = f"tests/{test}"
    try:
        done = subprocess.run(
            [*command, path],
            cwd=tree,
            check=False,
            capture_output=True,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return "hangs"
    said = done.stdout.decode()
    if done.returncode == 1:
        return "\n    ".join(["red", *why(said)])
    return "green" if done.returncode == 0 else f"broken\n{said[-500:]}"


def why(said: str) -> list[str]:
    """Return which test failed, and the first thing that it found wrong."""
    failed = re.findall(r"^(?:FAILED|ERROR) \S+?::(\S+)", said, re.MULTILINE)
    # Not the source lines around it, which hold assertions that were met.
    wrong = re.findall(
        r"^(?:E  +|[ |]*\| +(?=\w*Error))(\w*(?:Error|assert)\b.*)", said, re.MULTILINE
    )
    return [*failed[:1], *(line[:200] for line in wrong[:1])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
