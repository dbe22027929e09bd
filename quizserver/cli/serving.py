"""The server from start to stop, for `quizserver serve`: samples first, then everybody.

Loads everything, so `serve` imports it only when its port is open.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final

import uvloop

from quizserver.app import Running, pack_folders, running
from quizserver.bank import shelf
from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.interpreter import put_the_loop_first
from quizserver.settings import Settings

_SAMPLE_PACKS: Final = tuple(f"cchc-2023-so-{number}" for number in range(1, 5))
"""The packs of the four sample shows CCHC1 to CCHC4."""


def run(
    settings: Settings,
    *,
    samples: bool,
    ready: Callable[[Running], Awaitable[None]],
    listener: socket.socket | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` hears of it before anybody is let in.

    Raises:
        Failure: the server cannot start; the sentence says why.
    """

    async def serve() -> None:
        async with running(settings, listener) as server:
            if samples:
                await _make_samples(server)
            put_the_loop_first()
            await ready(server)
            await server.serve()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


async def _make_samples(server: Running) -> None:
    """Make the four sample shows, in a database that has no show yet."""
    if await server.shows.listed():
        return
    for number, pack_id in enumerate(_SAMPLE_PACKS, start=1):
        pack = shelf.load_pack(pack_id, pack_folders(server.settings))
        await server.shows.create(
            ShowCode(f"CCHC{number}"),
            pack,
            title=pack.title,
            lang=pack.lang,
            rules=Rules(),
            actor="setup",
        )
