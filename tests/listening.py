"""Servers in the test's own process: a scripted show, a peer, a wire that breaks.

Python's `asyncio.Server.close` forgets a connection that was accepted a moment before
(python/cpython#109564): nobody closes it, and the collector finds it in a later test.
A page that is still loading when its test ends dials at just that moment.
"""

import asyncio
import socket
import threading
from collections.abc import Iterable
from typing import Final

import uvicorn
from starlette.types import ASGIApp

WAIT_S: Final = 10
"""Longest that a thread may take to begin or to end."""


async def take_no_more(listeners: Iterable[socket.socket]) -> None:
    """Accept nobody any more, and let in who was accepted: then a server may close."""
    loop = asyncio.get_running_loop()
    for listener in listeners:
        loop.remove_reader(listener)
    for _ in ("the transport is made", "its protocol is told", "a task serves it"):
        await asyncio.sleep(0)  # noqa: TID251 - one turn


class PageServer(uvicorn.Server):
    """Uvicorn for pages in a browser, which dial as they like."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close every connection, those that just come in too."""
        for server in self.servers:
            await take_no_more(server.sockets)
        await super().shutdown(sockets)


class ThreadServer(PageServer):
    """One in a thread of its own, for tests that wait for the browser themselves."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        """Serve `app` on this machine; 0 is any free port."""
        super().__init__(
            uvicorn.Config(
                app,
                host="127.0.0.1",
                port=port,
                log_level="warning",
                lifespan="off",
                ws="websockets-sansio",
                timeout_graceful_shutdown=1,
            )
        )
        self.port = port
        self.loop: asyncio.AbstractEventLoop | None = None
        self._serving = threading.Event()
        self._thread = threading.Thread(target=self.run)

    def open(self) -> None:
        """Begin, and return when pages can dial."""
        self._thread.start()
        assert self._serving.wait(WAIT_S)

    def end(self) -> None:
        """End, with every connection."""
        self.should_exit = True
        self._thread.join(WAIT_S)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Note where it serves."""
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.port = self.servers[0].sockets[0].getsockname()[1]
        self._serving.set()
