"""Thousands of phones in a process of their own: the program of `phones/`, driven.

The program registers and connects everybody by itself, answers every question and
comes back after an outage; it tells how far it is a line at a time and everything
it measured when it is asked to end. Who plays the host is no concern of it.
"""

import asyncio
import json
import resource
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from quizserver.failures import Failure
from quizserver.rehearsal.figures import (
    Failed,
    Line,
    Outage,
    OutageOver,
    PhoneFigures,
    Progress,
)
from quizserver.rehearsal.people import form, invent

FILES_BESIDE_PHONES: Final = 100
_LINE: Final = msgspec.json.Decoder(Line)
_LONGEST_LINE: Final = 16 * 1024 * 1024
_STUCK_S: Final = 30.0
"""Nothing new for so long: whoever is missing will not come."""

_END_S: Final = 30.0
_FORMS: Final = 2_000
"""Invented people with a form of their own; more phones begin again with the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whose phones, how many, and how they answer.

    `within_ms` 0: they think as people do; else all tap at random within it, not
    before `least_ms`. Each answer is said `copies` times, as the phone page says it
    twice. `is_bare` is for servers that know no quiz: nobody registers or says hello.
    """

    address: str
    show: str
    phones: int
    within_ms: int = 0
    least_ms: int = 0
    copies: int = 2
    is_bare: bool = False
    seed: int = 1
    joiners: int = 32
    at_once: int = 256


class Swarm:
    """The running program. Every method raises Failure when the phones gave up."""

    def __init__(self, plan: Plan, process: asyncio.subprocess.Process) -> None:
        self.progress = Progress("joining")
        self.outages: list[Outage] = []
        self.on_progress: Callable[[Progress], None] = lambda progress: None
        self._plan = plan
        self._process = process
        self._news = asyncio.Condition()
        self._figures: PhoneFigures | None = None
        self._failed: Failed | None = None
        self._over = False

    async def listen(self) -> None:
        """Read its lines until it ends."""
        assert self._process.stdout is not None
        try:
            async for line in self._process.stdout:
                self._take(_LINE.decode(line))
                async with self._news:
                    self._news.notify_all()
        finally:
            self._over = True
        async with self._news:
            self._news.notify_all()

    async def here(self) -> None:
        """Wait until every phone is in the show.

        Raises:
            Failure: nobody has come for half a minute, and some are missing.
        """
        while self.progress.stage != "playing":
            try:
                async with asyncio.timeout(_STUCK_S):
                    await self._moved()
            except TimeoutError:
                raise self._stuck() from None

    async def settled(self, seconds: float) -> None:
        """Wait until every answer has its receipt, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._until(lambda: self.progress.receipts >= self.progress.taps)
        except TimeoutError:
            return

    async def ended(self) -> None:
        """Wait until everybody who is here has heard that the show is over."""
        await self._until(lambda: 0 < self.progress.here <= self.progress.ended)

    async def back(self, outages: int = 1) -> Outage:
        """Wait until everybody is back after the n-th outage; return it."""
        await self._until(lambda: len(self.outages) >= outages)
        return self.outages[outages - 1]

    async def finish(self) -> PhoneFigures:
        """Have the phones leave; return everything they measured."""
        self.leave()
        async with asyncio.timeout(_END_S):
            await self._until(lambda: self._figures is not None)
        assert self._figures is not None
        return self._figures

    def leave(self) -> None:
        """Have the phones leave."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def _take(self, line: Line) -> None:
        match line:
            case Progress():
                self.progress = line
                self.on_progress(line)
            case OutageOver():
                self.outages.append(line.outage)
            case Failed():
                self._failed = line
            case PhoneFigures():
                self._figures = line

    async def _moved(self) -> None:
        """Wait until somebody has come."""
        before = (self.progress.joined, self.progress.here)
        await self._until(
            lambda: (
                self.progress.stage == "playing"
                or (self.progress.joined, self.progress.here) != before
            )
        )

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with self._news:
            await self._news.wait_for(lambda: holds() or self._ended())
        if not holds():
            raise self._why()

    def _ended(self) -> bool:
        return self._over or self._failed is not None

    def _stuck(self) -> Failure:
        return Failure(
            "failure.phones_stuck",
            here=self.progress.here,
            phones=self._plan.phones,
            seconds=int(_STUCK_S),
        )

    def _why(self) -> Failure:
        """Return why the phones gave up."""
        plan, failed = self._plan, self._failed
        if failed is None:
            return Failure("failure.phones_ended")
        cause = failed.said.lower()
        if failed.why == "refused":
            said = _message(failed.said) or f"HTTP {failed.status}"
            return nobody_may_join(plan, said)
        if failed.why == "unreachable":
            return Failure("failure.unreachable", address=plan.address, cause=cause)
        return Failure("failure.phones_gave_up", why=failed.why, cause=cause)


def nobody_may_join(plan: Plan, said: str) -> Failure:
    """Return that the server lets no phone in, with what it said to that."""
    return Failure(
        "failure.nobody_joins", address=plan.address, show=plan.show, cause=said
    )


@asynccontextmanager
async def swarm(program: Path, plan: Plan) -> AsyncIterator[Swarm]:
    """Start the phones; whatever happens, they are gone when this is left.

    Raises:
        Failure: too few open files.
    """
    allow_files(plan.phones + plan.joiners)
    with tempfile.TemporaryDirectory(prefix="quizserver-phones-") as folder:
        people = Path(folder) / "people"
        people.write_text(_forms(plan), encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            str(program),
            *_arguments(plan, people),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        driven = Swarm(plan, process)
        try:
            async with asyncio.TaskGroup() as tasks:
                listening = tasks.create_task(driven.listen())
                try:
                    yield driven
                finally:
                    driven.leave()
                    listening.cancel()
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


def allow_files(wanted: int) -> None:
    """Raise this process's limit of open files as far as it may.

    Raises:
        Failure: that is not far enough.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if wanted + FILES_BESIDE_PHONES > hard != resource.RLIM_INFINITY:
        raise Failure(
            "failure.phones_files",
            wanted=wanted + FILES_BESIDE_PHONES,
            allowed=hard,
            most=max(0, hard - 2 * FILES_BESIDE_PHONES),
        )


def _arguments(plan: Plan, people: Path) -> list[str]:
    parts = urlsplit(plan.address)
    values = (
        parts.hostname or "127.0.0.1",
        parts.port or 80,
        parts.netloc,
        plan.show,
        people,
        plan.phones,
        plan.joiners,
        plan.at_once,
        plan.within_ms,
        plan.least_ms,
        plan.copies,
        int(plan.is_bare),
        plan.seed,
    )
    return [str(value) for value in values]


def _forms(plan: Plan) -> str:
    people = invent(min(plan.phones, _FORMS), plan.seed)
    return "".join(f"{json.dumps(form(one), ensure_ascii=False)}\n" for one in people)


def _message(body: str) -> str:
    """Return the sentence of a refusal, or "" when the body is none."""
    try:
        said = json.loads(body)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return ""
    return str(said)
