"""A server of a load test's own: temporary data, a sample show, its own process.

Its own process, because what it takes is measured. It is made and asked through its
desk like any other server, and everything of it is gone in the end.
"""

import asyncio
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quizserver import shipped
from quizserver.desk.acts import Act, AddToken, CreateShow, Told
from quizserver.desk.line import ask
from quizserver.failures import Failure
from quizserver.live.access import Role
from quizserver.rehearsal.calls import is_ready_within
from quizserver.rehearsal.swarm import allow_files
from quizserver.settings import plain_environment

SHOW: Final = "LOAD1"
PACK: Final = "cchc-2023-so-1"
_READY_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a load test happens: a server, its show, and a host's token or ""."""

    address: str
    show: str
    token: str


@asynccontextmanager
async def throwaway(duration_ms: int, phones: int) -> AsyncIterator[Place]:
    """Start a server with a show whose questions last `duration_ms`.

    Raises:
        Failure: it does not start, or too few open files for so many phones.
    """
    allow_files(phones)  # the server inherits what is raised here
    with tempfile.TemporaryDirectory(prefix="quizserver-load-") as name:
        folder, port = Path(name), _free_port()
        _write_pack(folder / "data" / "packs" / PACK, duration_ms)
        server = await _started(folder, port)
        address = f"http://127.0.0.1:{port}"
        try:
            await _ready(server, address, folder)
            yield await _furnished(folder / "data", address)
        finally:
            if server.returncode is None:
                server.send_signal(signal.SIGTERM)
            await server.wait()


async def _started(folder: Path, port: int) -> Process:
    where = ("--host", "127.0.0.1", "--port", str(port))
    data = ("--data-dir", str(folder / "data"))
    with (folder / "log").open("wb") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "quizserver", "serve", *where, *data),
            stdout=log,
            stderr=log,
            env=plain_environment(),
        )


async def _ready(server: Process, address: str, folder: Path) -> None:
    """Wait until phones can join. Raises Failure."""
    if await is_ready_within(address, _READY_S, lambda: server.returncode is None):
        return
    said = (folder / "log").read_text(encoding="utf-8", errors="replace").strip()
    last = said.splitlines()[-1] if said else ""
    raise Failure("load.refused.no_start", said=last)


async def _furnished(data: Path, address: str) -> Place:
    """Make the show and a token of its owner."""
    await _asked(data, CreateShow(code=SHOW, pack=PACK))
    told = await _asked(data, AddToken(role=Role.OWNER, show=SHOW, label="loadtest"))
    return Place(address=address, show=SHOW, token=str(told["token"]))


async def _asked(data: Path, act: Act) -> Told:
    told = await asyncio.to_thread(ask, data, act)
    assert told is not None, "the server runs"
    return told


def _write_pack(folder: Path, duration_ms: int) -> None:
    """Write the sample pack with another duration; it goes before the shipped one."""
    source = shipped.questions() / PACK / "pack.toml"
    asked = "[[question]]\n"
    pack = source.read_text(encoding="utf-8")
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(
        pack.replace(asked, f"{asked}duration_ms = {duration_ms}\n"), encoding="utf-8"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
