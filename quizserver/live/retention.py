"""Erases names when the time is over for which they were to be kept (Source: R2.7).

Once an hour, and at the start, whatever happened meanwhile. Each process looks; who
comes second finds nothing left to do. It logs counts, nothing else.

The wall clock alone takes nobody's name. One that was wrong on the evening of the show,
or is now, would take all of them, so would a slip in the settings: names go only when a
server has known for a week that they will. Where it runs every day, that week is the
last one of those that were promised.
"""

import logging
from typing import Final

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock, Ledger, LedgerDown, Reminders
from quizserver.live.rows import RunOfPeople
from quizserver.live.shows import Shows

_LOG: Final = logging.getLogger(__name__)

DAY_MS: Final = 24 * 3_600_000
LOOK_NS: Final = 3_600_000 * NS_PER_MS
_TIMER: Final = "timer"

WARNING_DAYS: Final = 7
"""Longer than a wrong clock or a slip stays unseen; less when less is promised."""


class Retention:
    """Looks for runs whose time is over, of every show of the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        shows: Shows,
        clock: Clock,
        reminders: Reminders,
        days: int,
    ) -> None:
        """Keep names for `days` after the end of a show."""
        self._ledger = ledger
        self._shows = shows
        self._clock = clock
        self._reminders = reminders
        self._days = days
        self._warning_days = min(days, WARNING_DAYS)

    async def run(self) -> None:
        """Look now and then again every hour, for ever."""
        while True:
            await self._look()
            await self._clock.sleep_until(self._clock.monotonic_ns() + LOOK_NS)

    async def _look(self) -> None:
        """Erase what is due; what fails is tried again with the next look."""
        now_ms = self._clock.utc_ms()
        try:
            warned_ms = await self._warned(now_ms)
            for run in await self._ledger.expired(now_ms - self._days * DAY_MS):
                known_ms = now_ms - warned_ms.get(_key(run), now_ms)
                if known_ms < self._warning_days * DAY_MS:
                    continue
                if await self._is_erased(run):
                    _LOG.info("erased who %d people were: %s", run.people, run.show)
        except LedgerDown:
            _LOG.warning("names whose time is over are not erased yet")

    async def _warned(self, now_ms: int) -> dict[str, int]:
        """Return since when it is known of which runs that they will be due.

        Raises LedgerDown.
        """
        before_ms = now_ms - (self._days - self._warning_days) * DAY_MS
        since_ms, soon = self._reminders.read(), await self._ledger.expired(before_ms)
        # What a clock wrote that was ahead counts from now.
        known = {
            _key(run): min(since_ms.get(_key(run), now_ms), now_ms) for run in soon
        }
        if known != since_ms:
            self._reminders.write(known)
        for run in soon:
            if _key(run) not in since_ms:
                _LOG.warning(
                    "who %d people were is erased in %d days or more: %s",
                    run.people,
                    self._warning_days,
                    run.show,
                )
        return known

    async def _is_erased(self, run: RunOfPeople) -> bool:
        """Erase a run, unless it is still played: a jump of the clock takes no name."""
        live = self._shows.get(run.show)
        if live is None or live.conductor.show.epoch != run.epoch:
            await self._ledger.forget_run(run.show, run.epoch)
            return True
        is_over = live.conductor.show.over
        return is_over and await live.people.expire(run.people, _TIMER) is None


def _key(run: RunOfPeople) -> str:
    return f"{run.show}/{run.epoch}"
