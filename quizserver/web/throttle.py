"""Failed sign-ins wait longer and longer; right passwords never wait.

A lock after n failures would let anybody lock the host out on air, so there
is none: a wrong password is answered late, a right one at once. Attempts of
one account from one address are checked one at a time, so a flood of them
queues behind itself and not before others (reliability P16). Memory is
bounded: the oldest entries are forgotten first.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock

FREE: Final = 5
"""Failures that are answered without delay."""

FIRST_MS: Final = 500
LONGEST_MS: Final = 8_000
FORGET_MS: Final = 15 * 60_000
REMEMBERED: Final = 4_096
"""How many (account, address) pairs are kept."""


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last_ns: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Throttle:
    """Counts failures by account and address and delays their answers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()

    async def attempt(
        self, account: str, address: str, check: Callable[[], Awaitable[str | None]]
    ) -> str | None:
        """Return what `check` returns; a None is held back for the delay due."""
        failures = self._of((account.casefold(), address))
        async with failures.turn:
            session = await check()
        if session is not None:
            failures.count = 0
            return session
        failures.count += 1
        failures.last_ns = self._clock.monotonic_ns()
        held_ns = delay_ms(failures.count) * NS_PER_MS
        await self._clock.sleep_until(failures.last_ns + held_ns)
        return None

    def _of(self, key: tuple[str, str]) -> _Failures:
        found = self._failures.pop(key, None)
        if found is None or self._is_old(found):
            found = _Failures()
        self._failures[key] = found
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)
        return found

    def _is_old(self, failures: _Failures) -> bool:
        age_ns = self._clock.monotonic_ns() - failures.last_ns
        return failures.count > 0 and age_ns > FORGET_MS * NS_PER_MS


def delay_ms(failures: int) -> int:
    """Return how long the answer to the n-th failure in a row is held back."""
    if failures <= FREE:
        return 0
    return int(min(LONGEST_MS, FIRST_MS * 2 ** min(failures - FREE - 1, 10)))
