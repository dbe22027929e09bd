"""A storm for one server and the overlays on it, from a seed that is printed.

The faults are those of a night on air: the server killed, frozen, started after
OBS; the line cut or silent; a source reloaded at the wrong moment.
"""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Final, Self

import pytest

from quizserver.rehearsal.calls import Caller, Refused
from tests.faults.gallery import Monitor
from tests.faults.onair import FaultyServer
from tests.listening import take_no_more

BACK_S: Final = 120.0
"""An overlay that is not back after so long is lost."""

OFTEN: Final = {
    "kill": 5, "long kill": 1, "freeze": 3, "long freeze": 1, "cut": 4, "hush": 2,
    "reload": 3, "OBS first": 3,
}  # fmt: skip


class Line:
    """A stretch of the network between overlays and their server (TCP)."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._ends: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._clear = asyncio.Event()
        self._clear.set()
        self._door: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        """Begin to carry."""
        self._door = await asyncio.start_server(self._come, "127.0.0.1", 0)
        self.port = self._door.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it, and return when nothing of it is open any more."""
        assert self._door is not None
        await take_no_more(self._door.sockets)
        self._door.close()
        carrying = list(self._carrying)
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)

    def cut(self) -> None:
        """Reset every connection."""
        for end in self._ends:
            end.transport.abort()

    def hush(self) -> None:
        """Carry nothing more, and say nothing of it, as a dead cable would."""
        self._clear.clear()

    def clear(self) -> None:
        """Carry again what waited."""
        self._clear.set()

    def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not a coroutine: asyncio would keep its task to itself, and nobody could
        # wait until it has closed what it opened.
        task = asyncio.create_task(self._carry(reader, writer))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        async with self._end(writer):
            with suppress(OSError):
                back, there = await asyncio.open_connection(
                    "127.0.0.1", self._server_port
                )
                async with self._end(there):
                    await asyncio.gather(
                        self._pump(reader, there), self._pump(back, writer)
                    )

    @asynccontextmanager
    async def _end(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        """Know this end while it is open; it is closed afterwards, come what may."""
        self._ends.add(writer)
        try:
            yield
        finally:
            self._ends.discard(writer)
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._clear.wait()
                writer.write(data)
                await writer.drain()
            writer.close()
            await writer.wait_closed()
        # Who is reset on one side learns it on the other.
        writer.transport.abort()


@dataclass(slots=True)
class Storm:
    """Faults one after another; `struck` counts them, `back_s` how each ended."""

    server: FaultyServer
    line: Line
    caller: Caller
    show: str
    monitors: list[Monitor]
    chance: Random
    quick: bool
    calm: asyncio.Lock
    """Held while nothing else may happen to the server."""

    struck: Counter[str] = field(default_factory=Counter)
    back_s: dict[str, list[float]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    _round: list[str] = field(default_factory=list)

    async def strike(self, name: str) -> None:
        """Let one fault happen, mend it, and wait until all overlays are right."""
        self.log.append(f"{time.monotonic():.1f} {name}")
        async with self.calm:
            await self._faults()[name]()
        self.struck[name] += 1
        mended = time.monotonic()
        await self.all_right()
        self.back_s.setdefault(name, []).append(time.monotonic() - mended)

    def next(self) -> str:
        """Choose a fault: by chance, but in every round each as often as it should."""
        if not self._round:
            self._round = [name for name, often in OFTEN.items() for _ in range(often)]
            self.chance.shuffle(self._round)
        return self._round.pop()

    async def all_right(self) -> None:
        """Wait until every overlay with a good key shows the present."""
        for monitor in self.monitors:
            try:
                async with asyncio.timeout(BACK_S):
                    while not await self._is_right(monitor):  # noqa: ASYNC110 - a page
                        await asyncio.sleep(0.05)
            except TimeoutError:
                said = await monitor.said()
                state = await self._state()
                pytest.fail(
                    f"{monitor.name} is lost: it says {said}, the show is at {state}, "
                    f"after {self.log[-3:]}"
                )

    async def _is_right(self, monitor: Monitor) -> bool:
        """Tell whether an overlay is live, and as far as the show just was."""
        if monitor.blind:
            return True
        epoch, step = await self._state()
        said = await monitor.said()
        is_live = said.get("conn") == "live" and said.get("epoch") == epoch
        return is_live and int(said["step"]) >= step

    async def _state(self) -> tuple[str, int]:
        while True:
            with suppress(OSError, Refused, asyncio.IncompleteReadError):
                state = await self.caller.get(f"/api/shows/{self.show}/state")
                return str(state["epoch"]), int(state["step"])
            await asyncio.sleep(0.05)

    def _faults(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "kill": lambda: self._kill(self._span(0.0, 6.0)),
            "long kill": lambda: self._kill(self._span(32.0, 45.0)),
            "freeze": lambda: self._freeze(self._span(0.5, 8.0)),
            "long freeze": lambda: self._freeze(self._span(16.0, 40.0)),
            "cut": self._cut,
            "hush": self._hush,
            "reload": self._reload,
            "OBS first": self._first,
        }

    def _span(self, least: float, most: float) -> float:
        """Return a time in seconds; the short form knows no long ones."""
        return self.chance.uniform(least, min(most, 2.0) if self.quick else most)

    async def _kill(self, seconds: float) -> None:
        self.server.kill()
        await asyncio.sleep(seconds)
        await self.server.start()

    async def _freeze(self, seconds: float) -> None:
        self.server.signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self.server.signal(signal.SIGCONT)

    async def _cut(self) -> None:
        for _ in range(self.chance.randint(1, 3)):
            self.line.cut()
            await asyncio.sleep(self._span(0.0, 0.5))

    async def _hush(self) -> None:
        self.line.hush()
        await asyncio.sleep(self._span(1.0, 30.0))
        self.line.clear()

    async def _reload(self) -> None:
        for monitor in self.monitors:
            await monitor.load()

    async def _first(self) -> None:
        """OBS begins, or its operator refreshes the source, without a server."""
        self.server.kill()
        for monitor in self.monitors:
            if monitor.is_loader:
                await monitor.load()
        await asyncio.sleep(self._span(1.0, 25.0))
        # At a random moment of its start the page may get half of its files.
        await self.server.start()
        if self.chance.random() < 0.5:
            await asyncio.sleep(self.chance.uniform(0.0, 0.8))
            await self._kill(self._span(0.0, 2.0))
