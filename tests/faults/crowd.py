"""Thousands of phones in a process of their own (`crowd.c`), and what they saw.

Python is too slow to be thousands of phones beside a server on two cores. The
program writes down what happened to each; `Seen` reads it.
"""

import asyncio
import json
import signal
import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.handsets import Handset, History, Sent

WELL, DEAF, SLOW = "wds"
"""Kinds of phones: as it should be, reads nothing, reads 100 bytes a second."""

MS: Final = 1_000_000
_DIALS_PER_S: Final = 1_500


def compiled(folder: Path) -> Path:
    """Compile crowd.c; return the program."""
    program = folder / "crowd"
    source = Path(__file__).with_name("crowd.c")
    subprocess.run(["cc", "-O2", "-Wall", "-o", program, source], check=True)
    return program


@dataclass(slots=True)
class Seen:
    """What the phones of a crowd saw; every moment monotonic, ns, by phone."""

    welcomes: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    losses: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    locks: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    notices: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By step: when each phone had it."""
    closes: list[int] = field(default_factory=list)


class Crowd:
    """Some phones, connected until the end of `run`."""

    def __init__(
        self,
        program: Path,
        phones: Sequence[Handset],
        *,
        kinds: str = WELL,
        think_ms: int = 500,
    ) -> None:
        """Take these participants; their kinds take turns."""
        self.phones = phones
        self.here = self.answered = 0
        self._program, self._kinds, self._think_ms = program, kinds, think_ms
        self._log = Path()
        self._news = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    @asynccontextmanager
    async def run(
        self, folder: Path, port: int, *, address: str = "127.0.0.1", side: str = ""
    ) -> AsyncIterator[None]:
        """Connect them to a server, from the network namespace `side`, if given."""
        self.here = self.answered = 0
        number = len(list(folder.glob("crowd-*")))
        self._log = folder / f"crowd-{number}.log"
        listed = folder / f"crowd-{number}.phones"
        listed.write_text("".join(self._lines()), encoding="ascii")
        within = ("ip", "netns", "exec", side) if side else ()
        place = (address, str(port), self.phones[0].show, str(listed), str(self._log))
        self._process = await asyncio.create_subprocess_exec(
            *(*within, str(self._program), *place),
            *(str(_DIALS_PER_S), str(self._think_ms)),
            stdout=asyncio.subprocess.PIPE,
        )
        listening = asyncio.create_task(self._listen(self._process))
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            await listening
            assert await self._process.wait() == 0

    def freeze(self) -> None:
        """Stop them all in the middle of whatever they do, without a word."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    async def until(
        self, *, here: int = 0, answered: int = 0, within_s: float = 60
    ) -> None:
        """Wait until so many are welcome and have a receipt for the newest question."""
        async with asyncio.timeout(within_s):
            while self.here < here or self.answered < answered:
                self._news.clear()
                await self._news.wait()

    async def begun(self) -> None:
        """Wait until some know a question that not all have a receipt for."""
        async with asyncio.timeout(20):
            while self.answered == len(self.phones):
                self._news.clear()
                await self._news.wait()

    def seen(self, history: History) -> Seen:
        """Return what they saw; add what they sent and were told to a history."""
        seen = Seen()
        by_phone = {
            "W": seen.welcomes,
            "L": seen.losses,
            "K": seen.locks,
        }
        with self._log.open(encoding="utf-8") as lines:
            for line in lines:
                what, number, at, *text = line.rstrip("\n").split(" ", 3)
                phone, at_ns = int(number), int(at)
                if what in by_phone:
                    by_phone[what][phone].append(at_ns)
                elif what == "N":
                    seen.notices[int(text[0])].append(at_ns)
                elif what == "C":
                    seen.closes.append(int(text[0]))
                elif what in "AR":
                    self._add(history, self.phones[phone].participant, at_ns, text[0])
        return seen

    def _add(self, history: History, participant: str, at_ns: int, text: str) -> None:
        if text.startswith("{"):
            history.receipts.append((participant, json.loads(text)))
        else:
            question, option = text.split(" ")
            history.sent.append(Sent(participant, question, option, at_ns))

    def _lines(self) -> Iterable[str]:
        for number, phone in enumerate(self.phones):
            yield f"{self._kinds[number % len(self._kinds)]} {phone.token}\n"

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.here, self.answered = map(int, line.split())
            self._news.set()
