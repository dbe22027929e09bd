"""Hands results of the writer's thread to the event loop, a slice at a time.

A batch of four thousand receipts sent in one turn would hold every other
phone up for as long as that takes. So each batch wakes the loop once, and the
loop takes `SLICE` results per turn until none are left; order is kept.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final

SLICE: Final = 512
"""Results per turn of the loop: at 27 µs a receipt, 14 ms when there are so many.

In one turn the loop reads whatever came, which is hundreds of answers when the core is
full. With 128 a turn receipts piled up behind them: 2,907 of them, for 0.4 s of the 0.5
that the slowest took (10,000 answers in two seconds, three cues a second)."""

Call = tuple[Callable[[Any, Any], None], Any, Any]
"""A function to call on the loop, and its two arguments."""


class Deliveries:
    """Results on their way to the loop that asked for them."""

    def __init__(self) -> None:
        self._ready: deque[Call] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turning = False

    @property
    def is_followed(self) -> bool:
        """Whether there is a loop to deliver to, without a system call to ask for it.

        (`asyncio.get_running_loop` asks for the process's number each time.)
        """
        return self._loop is not None and not self._loop.is_closed()

    def follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver to `loop` from now on (called on it)."""
        if loop is not self._loop:
            self._loop = loop
            self._turning = False

    def post(self, calls: Iterable[Call]) -> None:
        """Make these calls on the loop, soon and in order (from any thread)."""
        self._ready.extend(calls)
        if self._loop is None:
            return
        try:
            self._loop.call_soon_threadsafe(self._begin)
        except RuntimeError:  # the loop was closed: nobody waits any more
            self._ready.clear()

    def _begin(self) -> None:
        if not self._turning:
            self._turning = True
            self._turn()

    def _turn(self) -> None:
        for _ in range(min(SLICE, len(self._ready))):
            self._call(*self._ready.popleft())
        if self._ready and self._loop is not None:
            self._loop.call_soon(self._turn)
        else:
            self._turning = False

    def _call(self, call: Callable[[Any, Any], None], one: Any, two: Any) -> None:
        """Make one call; its bug is reported and keeps no other from its result."""
        try:
            call(one, two)
        except Exception as bug:  # noqa: BLE001 - a border: see the docstring
            if self._loop is not None:
                self._loop.call_exception_handler(
                    {
                        "message": "a receiver of journal results failed",
                        "exception": bug,
                    }
                )
