"""Erases names when the time is over for which they were to be kept (Source: R2.7).

Once an hour, and at the start, whatever happened meanwhile. Each process looks; who
comes second finds nothing left to do. It logs counts, nothing else.
"""

import logging
from typing import Final

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock, Ledger, LedgerDown
from quizserver.live.rows import RunOfPeople
from quizserver.live.shows import Shows

_LOG: Final = logging.getLogger(__name__)

DAY_MS: Final = 24 * 3_600_000
LOOK_NS: Final = 3_600_000 * NS_PER_MS
_TIMER: Final = "timer"


class Retention:
    """Looks for runs whose time is over, of every show of the ledger."""

    def __init__(self, ledger: Ledger, shows: Shows, clock: Clock, days: int) -> None:
        """Keep names for `days` after the end of a show."""
        self._ledger = ledger
        self._shows = shows
        self._clock = clock
        self._days = days

    async def run(self) -> None:
        """Look now and then again every hour, for ever."""
        while True:
            await self._look()
            await self._clock.sleep_until(self._clock.monotonic_ns() + LOOK_NS)

    async def _look(self) -> None:
        """Erase what is due; what fails is tried again with the next look."""
        before_ms = self._clock.utc_ms() - self._days * DAY_MS
        try:
            for run in await self._ledger.expired(before_ms):
                if await self._is_erased(run):
                    _LOG.info("erased who %d people were: %s", run.people, run.show)
        except LedgerDown:
            _LOG.warning("names whose time is over are not erased yet")

    async def _is_erased(self, run: RunOfPeople) -> bool:
        """Erase a run, unless it is still played: a jump of the clock takes no name."""
        live = self._shows.get(run.show)
        if live is None or live.conductor.show.epoch != run.epoch:
            await self._ledger.forget_run(run.show, run.epoch)
            return True
        is_over = live.conductor.show.over
        return is_over and await live.people.expire(run.people, _TIMER) is None
