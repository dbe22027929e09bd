"""The background work of a process: begun here, and ended with its task group.

Whoever starts something is handed what stops it. A fault in one of them ends the
process: it is a bug, and the ledger knows what to go on with.
"""

import asyncio
from collections.abc import Callable, Coroutine


class Tasks:
    """What runs inside one task group until it is done or cancelled."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None]) -> Callable[[], None]:
        """Run a coroutine; return what cancels it."""
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

        def cancel() -> None:
            task.cancel()

        return cancel

    def cancel(self) -> None:
        """Cancel whatever still runs."""
        for task in tuple(self._tasks):
            task.cancel()
