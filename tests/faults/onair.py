"""Shows on a real server, ready to be disturbed: the stand of the fault tests.

Everything after `premises` is a black box: HTTP, WebSockets, signals. Only the
data folder is prepared from inside, once for all tests, so that a question can
last one second and nobody waits three for it to open.
"""

import asyncio
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from quizserver.app import running
from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Pack, Question, Rules
from quizserver.live.access import Role
from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from quizserver.settings import Settings
from tests.faults.victims import Machine
from tests.server import ServerProcess
from tests.shows import question

LONG, QUICK, FAIR = map(ShowCode, ("LONG1", "QUICK1", "FAIR1"))
"""Shows whose questions last 250 s, 2 s, and 2 s under fair-1."""

_LONG_MS: Final = 250_000
_QUICK_MS: Final = 2_000
_ASKED: Final = 5
_QUESTIONS: Final = 20
_KEYS: Final = "BCAD"


@dataclass(frozen=True, slots=True)
class Premises:
    """A data folder with the shows, and whoever may do something there."""

    folder: Path
    owner: str
    hosts: tuple[str, ...]
    overlay: str


async def premises(folder: Path, database_url: str = "") -> Premises:
    """Make the shows, eight hosts' tokens and an overlay's key of LONG.

    The database is in the folder, unless a URL names another.
    """
    settings = Settings(data_dir=folder, host="127.0.0.1", port=0)
    if database_url:
        settings = settings.model_copy(update={"database_url": database_url})
    async with running(settings) as inside:
        for code, timing, duration_ms in (
            (LONG, "received", _LONG_MS),
            (QUICK, "received", _QUICK_MS),
            (FAIR, "fair-1", _QUICK_MS),
        ):
            await inside.shows.create(
                code,
                pack(duration_ms),
                title="Thử lửa",
                lang="vi",
                rules=Rules(timing=timing, roll_ms=100),
                actor="setup",
            )
        add = inside.accounts.add_token
        return Premises(
            folder=folder,
            owner=await add(Role.OWNER, None, "owner"),
            hosts=tuple([await add(Role.HOST, None, f"host{n}") for n in range(8)]),
            overlay=await add(Role.OVERLAY, LONG, "stage"),
        )


def pack(duration_ms: int) -> Pack:
    """Return a pack of many questions and two reserves."""
    played = tuple(
        _lasting(question(f"q{n}", _KEYS[n % 4]), duration_ms)
        for n in range(1, _QUESTIONS + 1)
    )
    spare = (question("r1", reserve=True), question("r2", reserve=True))
    return Pack(id="faults", title="Thử lửa", lang="vi", questions=(*played, *spare))


def _lasting(asked: Question, duration_ms: int) -> Question:
    return replace(asked, duration_ms=duration_ms)


class FaultyServer(ServerProcess):
    """A real server that a test may trace, stop, lie to and look at."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        under: tuple[str, ...] = (),
    ) -> None:
        """Run `under` another program (which becomes it) with more environment."""
        super().__init__(folder, *arguments)
        self._more = environment or {}
        self._under = under

    @property
    def pid(self) -> int:
        """Return the process id; it must run."""
        assert self._process is not None
        return self._process.pid

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def rss_kib(self) -> int:
        """Return how much memory it holds."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0])

    def _spawned(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "quizserver", "serve"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*self._under, *command, *self._serve_arguments()],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment() | dict(self._more),
            )


@dataclass(frozen=True, slots=True)
class Powered:
    """A server on a disk that forgets what was not flushed, and fails when told to."""

    server: FaultyServer
    disk: Machine

    async def cut(self) -> None:
        """Take the power and give it back."""
        self.server.kill()
        shutil.rmtree(self.disk.live)
        shutil.copytree(self.disk.image, self.disk.live)
        await self.server.start()


def powered_on(place: Premises, library: Path) -> Powered:
    """Return a server that does not run yet; all of its folder is on the disk."""
    folder = place.folder.parent
    disk = Machine(place.folder, folder / "image", folder / "fail", library)
    shutil.copytree(disk.live, disk.image)
    return Powered(FaultyServer(folder, environment=disk.environment), disk)


@dataclass
class Show:
    """One show on a server, and the host who directs it."""

    server: FaultyServer
    code: str
    place: Premises
    caller: Caller
    director: Director

    async def command(self, name: str, **fields: object) -> dict[str, Any]:
        """Send one command as the host. Raises Refused."""
        return await self.director.command(name, **fields)

    async def state(self) -> dict[str, Any]:
        """Return the host state."""
        return await self.director.state()

    async def open(self) -> str:
        """Ask and open the next question; return its id."""
        await self.command("ask")
        await self.command("open")
        state = await self.until("open")
        return str(state["question"]["id"])

    async def key(self) -> str:
        """Return the key of the open question, as the host sees it."""
        return str((await self.state())["question"]["key"])

    async def until(self, phase: str) -> dict[str, Any]:
        """Wait for a phase; return the host state."""
        async with asyncio.timeout(20):
            while True:
                state = await self.state()
                if state["phase"] == phase:
                    return state
                await asyncio.sleep(0.02)

    async def reaches(self, step: int) -> None:
        """Wait until the host state shows what a command has done."""
        async with asyncio.timeout(20):
            while True:
                if (await self.state())["step"] >= step:
                    return
                await asyncio.sleep(0.02)

    async def lock_and_reveal(self) -> None:
        """Close the open question early and show the key."""
        await self.command("lock")
        await self.command("reveal")

    async def closes_at_ns(self) -> int:
        """Return when the open question closes, on this machine's monotonic clock.

        Asks several times: the quickest answer errs least, by half its time at most.
        """
        return min([await self._closing() for _ in range(_ASKED)])[1]

    async def _closing(self) -> tuple[int, int]:
        """Return how long an answer took, and when it says the question closes."""
        before = time.monotonic_ns()
        left_ms = (await self.state())["closes_in_ms"]
        after = time.monotonic_ns()
        return after - before, (before + after) // 2 + int(left_ms) * 1_000_000

    async def audit(self) -> list[dict[str, Any]]:
        """Return the lines of the audit export."""
        path = f"/api/shows/{self.code}/audit.jsonl"
        text = await self.caller.call("GET", path, b"")
        return [json.loads(line) for line in text.splitlines()]

    async def answers(self, question: str = "") -> list[dict[str, Any]]:
        """Return the stored answers (to one question)."""
        return [
            line
            for line in await self.audit()
            if line["kind"] == "answer" and question in {"", line["question"]}
        ]

    async def metrics(self) -> str:
        """Return the text of /metrics."""
        return (await self.caller.call("GET", "/metrics", b"")).decode()


@asynccontextmanager
async def on_air(
    server: FaultyServer, code: str, place: Premises
) -> AsyncIterator[Show]:
    """Start the server and open the lobby of one of its shows."""
    await server.start()
    async with Caller(server.address, place.owner) as caller:
        director = Director(caller, code, Hints(), Pace())
        show = Show(server, code, place, caller, director)
        await show.command("open_lobby")
        yield show


def moved_in(place: Premises, folder: Path) -> Premises:
    """Copy the premises into the folder of a server that does not run yet."""
    folder.mkdir(parents=True)
    shutil.copytree(place.folder, folder / "data")
    return replace(place, folder=folder / "data")


def assert_calm(server: FaultyServer) -> None:
    """Fail when the log holds a traceback or an error."""
    said = server.said()
    assert "Traceback" not in said, said
    assert " error " not in said.lower(), said


async def sleep_until(moment_ns: int) -> None:
    """Return at a moment of the monotonic clock."""
    await asyncio.sleep(max(0, moment_ns - time.monotonic_ns()) / 1e9)


TABLE: Final[list[tuple[str, str, str]]] = []
"""What was measured in this run: what was done, what came out, the goal."""


def figures(title: str, rows: Mapping[str, object], *, goal: str = "") -> None:
    """Print what a test measured, and keep it for the table at the end."""
    print(f"\n{title}")  # noqa: T201 - the long form is a report
    for name, value in rows.items():
        print(f"  {name:<44}{value}")  # noqa: T201 - as above
    told = "; ".join(f"{name}: {value}" for name, value in rows.items())
    TABLE.append((title, told, goal))


def table() -> list[str]:
    """Return the table of this run in Markdown, and where it was made."""
    python, cores = platform.python_version(), os.cpu_count()
    made = f"{datetime.now(UTC):%d/%m/%Y}, {cores} cores, Python {python}."
    head = ["| Done | Measured | Goal |", "|---|---|---|"]
    return [made, "", *head, *(f"| {' | '.join(row)} |" for row in TABLE)]


def spread(values: list[float]) -> str:
    """Return the median, the 99th of a hundred and the greatest, as text."""
    if not values:
        return "none"
    p50, p99 = share(values, 0.5), share(values, 0.99)
    return f"p50 {p50:.1f}, p99 {p99:.1f}, max {max(values):.1f}"


def share(values: list[float], part: float) -> float:
    """Return what such a part of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]
