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
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE_S: Final = 240


@dataclass(frozen=True, slots=True)
class Edit:
    """A text of one file, and what stands in its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A defect: what it is, how it is made, which test must turn red."""

    name: str
    test: str
    edits: tuple[Edit, ...]


_CLOCK: Final = "quizserver/live/clock.py"
_CUES: Final = "quizserver/live/cues.py"
_DECIDE: Final = "quizserver/domain/decide.py"
_INTAKE: Final = "quizserver/live/intake.py"
_ANSWERS: Final = "quizserver/store/answers.py"
_CONDUCTOR: Final = "quizserver/live/conductor.py"

_AFTER_TELL: Final = "                await _yield()\n\n    async def tell_warm"
_NEVER_FIRST: Final = Edit(
    _INTAKE, "        if given is not None:\n", "        if given is None and given:\n"
)
_OVERWRITES: Final = Edit(
    _ANSWERS,
    "on conflict do nothing",
    "on conflict do update set option = excluded.option, receipt = excluded.receipt",
)

DEFECTS: Final = (
    Defect(
        "commit without flush: synchronous=NORMAL",
        "faults/test_server_order.py",
        (Edit("quizserver/store/files.py", 'Final = "FULL"', 'Final = "NORMAL"'),),
    ),
    Defect(
        "receipt before the commit",
        "faults/test_server_order.py",
        (
            Edit(
                "quizserver/store/journal.py",
                "if not self._enqueue(QueuedAnswer(row, done), urgent=False):",
                "self._deliveries.post([(done, row, Stored.NEW)])\n"
                "        late = QueuedAnswer(row, lambda *_: None)\n"
                "        if not self._enqueue(late, urgent=False):",
            ),
        ),
    ),
    Defect(
        "receipt for a batch that failed",
        "faults/test_server_disk.py",
        (
            Edit(
                "quizserver/store/writer.py",
                "return (item.done, item.row, Stored.FAILED)",
                "return (item.done, item.row, Stored.NEW)",
            ),
        ),
    ),
    Defect(
        "a later answer replaces the first, in memory and database",
        "faults/test_server_kill.py",
        (_NEVER_FIRST, _OVERWRITES),
    ),
    Defect(
        "a later answer replaces the first, in the database only",
        "faults/test_server_kill.py",
        (_OVERWRITES,),
    ),
    Defect(
        "answers are forgotten at a restart",
        "faults/test_server_kill.py",
        (
            Edit(
                _INTAKE,
                "        window = self._window\n        if window is None:\n",
                "        window = None\n        if window is None:\n",
            ),
        ),
    ),
    Defect(
        "the lock cue tells whether the key is A",
        "faults/test_server_secrecy.py",
        (
            Edit(
                _CUES,
                "return m.Locked(question=event.question, **scene.marks())",
                "key = scene.show.questions[event.question].key\n"
                '    mark = " " if key == "A" else ""\n'
                "    return m.Locked(question=event.question + mark, **scene.marks())",
            ),
        ),
    ),
    Defect(
        "the public results tell the key of a locked question",
        "faults/test_server_secrecy.py",
        (
            Edit(
                "quizserver/web/outcome.py",
                "    out = play.board is not None\n",
                "    out = True\n",
            ),
        ),
    ),
    Defect(
        "the receipt of a right answer is longer",
        "faults/test_server_secrecy.py",
        (
            Edit(
                _INTAKE,
                "receipt=self._signer.receipt(seat, question.id, option),",
                "receipt=self._signer.receipt(seat, question.id, option)"
                ' + "7" * (option == question.key),',
            ),
        ),
    ),
    Defect(
        "deadlines run on the wall clock",
        "faults/test_server_clock.py",
        (Edit(_CLOCK, "return time.monotonic_ns()", "return time.time_ns()"),),
    ),
    Defect(
        "a restart begins the question's time anew",
        "faults/test_server_kill.py",
        (
            Edit(
                _CLOCK,
                "            return stamp.mono_ns\n",
                "            return max(stamp.mono_ns, _STARTED_NS)\n",
            ),
            Edit(
                _CLOCK,
                "_NS_PER_S = 1_000_000_000\n",
                "_NS_PER_S = 1_000_000_000\n_STARTED_NS = time.monotonic_ns()\n",
            ),
        ),
    ),
    Defect(
        "answers after the deadline count",
        "faults/test_server_clock.py",
        (
            Edit(
                "quizserver/domain/timing.py",
                "return replace(taken, in_time=False) if is_late else taken",
                "return taken",
            ),
        ),
    ),
    Defect(
        "the fan-out waits for slow phones",
        "faults/test_server_slow.py",
        (
            Edit(
                "quizserver/gateway/fanout.py",
                f"                    phone.tell(frame)\n{_AFTER_TELL}",
                "                    while phone.is_paused:\n"
                "                        await asyncio.sleep(0.01)\n"
                f"                    phone.tell(frame)\n{_AFTER_TELL}",
            ),
        ),
    ),
    Defect(
        "a command's step is not checked",
        "faults/test_server_hosts.py",
        (
            Edit(
                _DECIDE,
                "if command.step is not None and not _has_seen",
                "if command.step == -1 and not _has_seen",
            ),
        ),
    ),
    Defect(
        "a repeated command is carried out again",
        "faults/test_server_hosts.py",
        (
            Edit(
                _CONDUCTOR,
                "first = self._replies.get(message.ref)",
                'first = self._replies.get("")',
            ),
        ),
    ),
    Defect(
        "no bound on what a phone sends",
        "faults/test_server_hostile.py",
        (
            Edit(
                "quizserver/gateway/inbound.py",
                "        return due_ns - now_ns > self._plane.byte_burst_ns\n",
                "        return False\n",
            ),
            Edit(
                "quizserver/gateway/inbound.py",
                "        if len(parts) > limits.fragments:",
                "        if len(parts) < 0:",
            ),
            Edit(
                "quizserver/gateway/inbound.py",
                "        if due_ns - now_ns <= self._plane.frame_burst_ns:",
                "        if due_ns:",
            ),
        ),
    ),
    Defect(
        "pages do not escape names",
        "protocol/test_http_results.py",
        (Edit("quizserver/web/render.py", "autoescape=True", "autoescape=False"),),
    ),
    Defect(
        "a name in the CSV may be a formula",
        "protocol/test_http_results.py",
        (
            Edit(
                "quizserver/reports/formats.py",
                """return f"'{clean}" if starts""",
                """return clean if starts""",
            ),
        ),
    ),
)


def main(words: list[str]) -> int:
    """Try every defect; return 0 when every one was noticed."""
    chosen = [d for d in DEFECTS if not words or any(w in d.name for w in words)]
    console = Console(width=110)
    table = Table("Seeded defect", "Test that must turn red", "Noticed")
    noticed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder) / "tree")
        without = {name: run(copy, name) for name in {d.test for d in chosen}}
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
    wrong = re.findall(
        r"^[ |]*(?:E  |\|?) +(\w*(?:Error|assert)\b.*)", said, re.MULTILINE
    )
    return [*failed[:1], *(line[:200] for line in wrong[:1])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
