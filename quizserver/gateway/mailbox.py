"""What waits to be written to one host panel or overlay, and who writes it.

Only the newest whole state waits, the newest of each count, and a few cues in
order. When cues overflow they are all dropped for one fresh state: a screen
that cannot keep up jumps to now, it never lags behind (law 6 of style.md §4).
The audience only drops things in here, so no slow screen delays anybody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

CUES: Final = 32
"""Messages that may wait; one more and the screen gets a fresh state."""

_STATE: Final = b'{"type":"state"'
_COUNTS: Final = (b'{"type":"live"', b'{"type":"presence"')


class Overfull(Exception):
    """A screen asks for replies faster than it reads them."""


class Mailbox:
    """The messages of one screen, oldest first."""

    __slots__ = ("_is_stale", "_ready", "_replies", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._replies: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self._is_stale = False
        self.ask_fresh()

    def ask_fresh(self) -> None:
        """Let the next thing written be a fresh state, in place of what waits."""
        self._waiting.clear()
        self._is_stale = True
        self._ready.set()

    def put(self, payload: bytes) -> None:
        """Add something told to everybody; never waits, never fails."""
        if payload.startswith(_STATE):
            # It holds everything that waits, and takes the place of a fresh one.
            self._waiting.clear()
            self._is_stale = False
        else:
            self._drop_older_counts(payload)
        if len(self._waiting) >= CUES:
            self.ask_fresh()
            return
        if not self._is_stale:
            self._waiting.append(payload)
        self._ready.set()

    def reply(self, payload: bytes) -> None:
        """Add an answer to this screen's own request.

        Raises:
            Overfull: so many wait that the screen cannot be reading.
        """
        if len(self._replies) >= CUES:
            raise Overfull
        self._replies.append(payload)
        self._ready.set()

    async def deliver(
        self,
        fresh: Callable[[], Awaitable[bytes]],
        write: Callable[[bytes], Awaitable[None]],
    ) -> None:
        """Write what comes, for ever; `fresh` makes a whole state when needed."""
        while True:
            await self._ready.wait()
            payload = await self._next(fresh)
            if payload is None:
                self._ready.clear()
            else:
                await write(payload)

    async def _next(self, fresh: Callable[[], Awaitable[bytes]]) -> bytes | None:
        if self._is_stale:
            # Cleared before the state is made: a cue that comes meanwhile waits
            # behind it, and is passed over by its step if the state has it.
            self._is_stale = False
            return await fresh()
        if self._replies:
            return self._replies.popleft()
        return self._waiting.popleft() if self._waiting else None

    def _drop_older_counts(self, payload: bytes) -> None:
        for prefix in _COUNTS:
            if payload.startswith(prefix):
                kept = [one for one in self._waiting if not one.startswith(prefix)]
                self._waiting = deque(kept)
