"""The bus of a single process: events go round through the loop.

Never the only copy of anything: what it carries is in the ledger already. A
receiver is called in a later turn of the loop, so that publishing never runs
somebody else's code; every receiver gets the events in order of publishing.
"""

import asyncio
from collections.abc import Callable

from quizserver.live.ports import Note
from quizserver.live.rows import EventRow


class MemoryBus:
    """Carries events from this process to itself (`live.ports.Bus`)."""

    def __init__(self) -> None:
        self._receivers: list[Callable[[EventRow], None]] = []

    async def publish(self, event: EventRow) -> None:
        """Hand `event` to everybody who subscribed before now."""
        loop = asyncio.get_running_loop()
        for receive in self._receivers:
            loop.call_soon(receive, event)

    def subscribe(self, receive: Callable[[EventRow], None]) -> None:
        """Call `receive` with each event published from now on."""
        self._receivers.append(receive)

    def whisper(self, note: Note) -> None:
        """Do nothing: there is nobody else."""

    def overhear(self, hear: Callable[[Note, bool], None]) -> None:
        """Do nothing: there is nothing to hear."""
