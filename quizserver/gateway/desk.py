"""Where phones wait for a snapshot: after `hello`, and after a pause.

A snapshot may need the ledger, so it is awaited, and that takes a coroutine.
A few clerks share the work: a stampede of ten thousand phones makes a queue of
ten thousand small entries here and not as many tasks, and the ledger sees as
many readers as there are clerks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from quizserver.gateway.plane import Phone
from quizserver.live.ports import LedgerDown
from quizserver.wire.common import Close

_LOG: Final = logging.getLogger(__name__)

CLERKS: Final = 16
WAITING: Final = 50_000
"""More phones than a process can have open; a bound all the same."""

Make = Callable[[], Awaitable[bytes]]
"""Makes one phone's Welcome or State."""


class Desk:
    """The queue of held phones and those who serve it, first come first served."""

    def __init__(self, *, clerks: int = CLERKS, waiting: int = WAITING) -> None:
        self._clerks = clerks
        self._queue: asyncio.Queue[tuple[Phone, Make]] = asyncio.Queue(waiting)
        self._tasks: list[asyncio.Task[None]] = []

    def open(self, tasks: asyncio.TaskGroup) -> None:
        """Put the clerks to work inside the application's task group."""
        self._tasks = [tasks.create_task(self._serve()) for _ in range(self._clerks)]

    def close(self) -> None:
        """Send the clerks home; who still waits will reconnect."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def queue(self, phone: Phone, make: Make) -> None:
        """Have a snapshot made for a held phone; 4429 when too many wait."""
        try:
            self._queue.put_nowait((phone, make))
        except asyncio.QueueFull:
            phone.close(Close.TOO_MANY)

    async def _serve(self) -> None:
        while True:
            phone, make = await self._queue.get()
            if phone.is_open:
                await _serve_one(phone, make)


async def _serve_one(phone: Phone, make: Make) -> None:
    try:
        payload = await make()
    except LookupError:
        # A good signature on somebody this show does not know (another epoch).
        phone.close(Close.TOKEN)
    except LedgerDown:
        phone.close(Close.RESTART)
    except Exception:  # noqa: BLE001 - the border of the connection
        _LOG.exception("a phone's snapshot failed")
        phone.close(Close.RESTART)
    else:
        phone.fulfil(payload)
