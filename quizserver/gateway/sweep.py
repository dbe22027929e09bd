"""One sweep over all connections, in place of timers of their own.

Twenty thousand phones with a timer each would be a thousand timers a second;
here one visits a twentieth of them twenty times a lap. Deadlines are therefore
met within one lap (a second), and pings of many phones are spread by itself.
The sweep reads the injected clock only, so tests move it by hand.
"""

from collections.abc import Callable
from typing import Final, Protocol

from quizserver.live.ports import Clock

_TICKS: Final = 20


class Swept(Protocol):
    """A connection that is looked at once a lap."""

    def swept(self, now_ns: int) -> None:
        """Ping, close or drop the connection, as its deadlines ask."""
        ...


class Sweep:
    """The ring of connections and the hand that goes round it."""

    def __init__(self, clock: Clock, lap_ns: int) -> None:
        self._clock = clock
        self._tick_ns = lap_ns // _TICKS
        self._members: set[Swept] = set()
        self._lap: list[Swept] = []
        self._position = 0
        self._cancel: Callable[[], None] | None = None

    def __len__(self) -> int:
        return len(self._members)

    def add(self, member: Swept) -> None:
        """Visit `member` from the next lap on."""
        self._members.add(member)

    def discard(self, member: Swept) -> None:
        """Visit `member` no more."""
        self._members.discard(member)

    def start(self) -> None:
        """Begin to go round; once is enough."""
        if self._cancel is None:
            self._arm()

    def stop(self) -> None:
        """Stand still."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    def _arm(self) -> None:
        at_ns = self._clock.monotonic_ns() + self._tick_ns
        self._cancel = self._clock.at(at_ns, self._tick)

    def _tick(self) -> None:
        # Armed first: whatever a visit does, the hand goes on.
        self._arm()
        if self._position >= len(self._lap):
            self._lap, self._position = list(self._members), 0
        share = -(-len(self._lap) // _TICKS)
        part = self._lap[self._position : self._position + share]
        self._position += share
        now_ns = self._clock.monotonic_ns()
        for member in part:
            if member in self._members:
                member.swept(now_ns)
