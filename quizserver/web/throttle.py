"""Sign-ins in turn: guessing gets slower and slower, the host on air gets in.

A password check takes a core for some hundredths of a second, and only two run at
once, so who is checked next decides who gets in while somebody floods the door
(reliability P16). There is no lock: anybody could lock the host out with it.

- A browser in which this account has signed in before (`web.known`) comes first and
  has a line of its own; nobody else's failures hold it back.
- The others come in order of how often their network has failed of late, so a
  newcomer passes a flood, wherever it comes from.
- Failures of one account from one network are followed by a growing pause before the
  next check there; few may wait, and one more is turned away at once.

The network is an IPv4 address or the /64 of an IPv6 one, all of which one machine may
hold. Memory is bounded: the oldest is forgotten first.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_network
from typing import Final, TypeVar

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock

K = TypeVar("K")

FREE: Final = 5
"""So many failures, and the next check of this line has to wait."""

FIRST_MS: Final = 500
LONGEST_MS: Final = 8_000
FORGET_MS: Final = 15 * 60_000
REMEMBERED: Final = 4_096
"""How many lines, and how many networks, are kept in mind."""

AT_ONCE: Final = 2
"""Checks at the same time; `store.passwords` has as many threads."""

LINE: Final = 4
"""Who may stand in one line, the one that is served included."""

NETWORK: Final = 8
"""Who may wait of one network, over all accounts."""


class Crowded(Exception):
    """Too many of one account or network wait already; this one was not checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who wants to sign in, and from which address.

    `known` is the mark of a browser in which this account has signed in before,
    "" for all others.
    """

    account: str
    address: str
    known: str = ""

    @property
    def network(self) -> str:
        """The network whose failures count together."""
        try:
            address = IPv6Address(self.address.partition("%")[0])
        except ValueError:
            return self.address
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False))

    @property
    def line(self) -> tuple[str, str]:
        """Where it waits: a known browser in a line of its own."""
        where = f"={self.known}" if self.known else self.network
        return (self.account.casefold(), where)


@dataclass(slots=True)
class _Tried:
    """The attempts of one line, or of one network."""

    waiting: int = 0
    failures: int = 0
    last_ns: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Throttle:
    """Decides who is checked next."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: OrderedDict[tuple[str, str], _Tried] = OrderedDict()
        self._networks: OrderedDict[str, _Tried] = OrderedDict()
        self._checks = _Checks()

    async def attempt(
        self, caller: Caller, check: Callable[[], Awaitable[str | None]]
    ) -> str | None:
        """Return what `check` returns; None is a failure.

        Raises:
            Crowded: too many wait before this one; nothing was checked.
        """
        line = self._of(self._lines, caller.line)
        network = self._of(self._networks, caller.network)
        is_known = caller.known != "" and line.failures < FREE
        if line.waiting >= LINE or (network.waiting >= NETWORK and not is_known):
            raise Crowded
        for tried in (line, network):
            tried.waiting += 1

        async def noted() -> str | None:
            # Before the place is free: whoever is next is chosen by it.
            session = await check()
            self._note(line, network, is_right=session is not None)
            return session

        try:
            async with line.turn:
                pause_ns = delay_ms(line.failures) * NS_PER_MS
                await self._clock.sleep_until(line.last_ns + pause_ns)
                return await self._checks.run(
                    lambda: -1 if is_known else network.failures, noted
                )
        finally:
            for tried in (line, network):
                tried.waiting -= 1

    def _note(self, line: _Tried, network: _Tried, *, is_right: bool) -> None:
        if is_right:
            # The network's failures stay: others of it may be guessing.
            line.failures = 0
            return
        for tried in (line, network):
            tried.failures += 1
            tried.last_ns = self._clock.monotonic_ns()

    def _of(self, kept: OrderedDict[K, _Tried], key: K) -> _Tried:
        found = kept.pop(key, None)
        if found is None or self._is_old(found):
            found = _Tried()
        kept[key] = found
        while len(kept) > REMEMBERED:
            kept.popitem(last=False)
        return found

    def _is_old(self, tried: _Tried) -> bool:
        age_ns = self._clock.monotonic_ns() - tried.last_ns
        quiet = tried.waiting == 0 and tried.failures > 0
        return quiet and age_ns > FORGET_MS * NS_PER_MS


class _Checks:
    """Runs a few checks at once, those of the lowest rank first, then the oldest.

    Ranks are looked at when a place is free, not when somebody began to wait: of a
    network that many came from at once, only the first were newcomers.
    """

    def __init__(self) -> None:
        self._free = AT_ONCE
        self._queue: list[_Waiting] = []

    async def run(
        self, rank: Callable[[], int], check: Callable[[], Awaitable[str | None]]
    ) -> str | None:
        await self._enter(rank)
        try:
            return await check()
        finally:
            self._leave()

    async def _enter(self, rank: Callable[[], int]) -> None:
        if self._free:
            self._free -= 1
            return
        waiting = _Waiting(rank, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        try:
            await waiting.called
        except asyncio.CancelledError:
            if waiting in self._queue:
                self._queue.remove(waiting)
            else:
                self._leave()  # it was our turn just now: pass it on
            raise

    def _leave(self) -> None:
        # Who has just gone away is still in the queue.
        there = [waiting for waiting in self._queue if not waiting.called.done()]
        if not there:
            self._free += 1
            return
        first = min(there, key=lambda waiting: waiting.rank())
        self._queue.remove(first)
        first.called.set_result(None)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    rank: Callable[[], int]
    called: asyncio.Future[None]


def delay_ms(failures: int) -> int:
    """Return the pause after so many failures in a row."""
    if failures < FREE:
        return 0
    return int(min(LONGEST_MS, FIRST_MS * 2 ** min(failures - FREE, 10)))
