"""What came in at other processes, and is looked up in the ledger when it is needed.

Whoever registered or answered there is unknown here until they come here or stand
on a board. Alone, a process knows everybody, and nothing is ever looked up.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Final

from quizserver.domain import events as e
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Phase
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.cues import on_boards
from quizserver.live.intake import Intake
from quizserver.live.ports import LedgerDown
from quizserver.live.roster import Roster
from quizserver.live.surroundings import Surroundings
from quizserver.wire.common import Close

COUNTING: Final = (Phase.OPEN, Phase.LOCKED)
"""When answers are counted for screens."""

_AGAIN_NS: Final = 250 * NS_PER_MS


class Elsewhere:
    """One show's roster and intake, completed from the ledger."""

    def __init__(self, around: Surroundings, *, intake: Intake, roster: Roster) -> None:
        self._ledger = around.ledger
        self._clock = around.clock
        self._hosts = around.hosts
        self._phones = around.phones
        self._is_shared = around.is_shared
        self._intake = intake
        self._roster = roster

    async def insist(self, load: Callable[[], Awaitable[None]]) -> None:
        """Load something that screens cannot be told without.

        While the ledger is away they see what was: half a board would be false.
        """
        while True:
            try:
                await load()
            except LedgerDown:
                now = self._clock.monotonic_ns()
                await self._clock.sleep_until(now + _AGAIN_NS)
            else:
                return

    async def people(self, show: Show, participants: list[ParticipantId]) -> None:
        """Learn the names and answers of some. Raises LedgerDown."""
        await self._named(show, participants)
        await self._intake.look_up(participants)

    async def names(self, show: Show) -> None:
        """Learn the names of those on the boards. Raises LedgerDown."""
        await self._named(show, on_boards(show))

    async def follow(self, show: Show, event: e.Event) -> None:
        """Know of people what the ledger keeps of them after `event` (Source: R2.6).

        The event says who, the ledger what. Who is kept no more is sent away.
        """
        if isinstance(event, e.PeopleErased):
            self._roster.forget(event.participants)
            self._phones.dismiss(show.code, Close.TOKEN, event.participants)
        elif isinstance(event, e.PeopleExpired):
            self._roster.forget_everybody()
            self._phones.dismiss(show.code, Close.TOKEN)
        elif isinstance(event, e.PeopleChanged):
            await self.insist(partial(self._renew, show, event.participants))

    async def _renew(self, show: Show, participants: Iterable[ParticipantId]) -> None:
        found = await self._ledger.roster(show.code, show.epoch, participants)
        self._roster.renew(found)

    async def _named(self, show: Show, participants: Iterable[ParticipantId]) -> None:
        missing = self._roster.missing(participants)
        if missing:
            self._roster.fill(await self._ledger.roster(show.code, show.epoch, missing))

    def knows(self, participant: ParticipantId) -> bool:
        """Tell whether nothing of somebody has to be looked up."""
        is_whole = not self._is_shared or self._intake.given(participant) is not None
        return is_whole and participant in self._roster

    async def participant(self, show: Show, participant: ParticipantId) -> None:
        """Learn who somebody is, and what they have answered.

        Raises:
            LookupError: nobody of this show has this id.
            LedgerDown: it cannot be known now.
        """
        if participant not in self._roster:
            found = await self._ledger.find_participant(
                show.code, show.epoch, participant
            )
            if found is None:
                raise LookupError(participant)
            self._roster.add(found)
        await self._intake.look_up([participant])

    async def results(self, show: Show) -> None:
        """Count what a question came to, and who took part. Raises LedgerDown."""
        if self._is_shared:
            await self._intake.recount()
            self._roster.recount(await self._ledger.joined(show.code, show.epoch))

    async def count(self, show: Show) -> None:
        """Count what changes between events; the last numbers stand if it cannot."""
        if not self._is_shared:
            return
        with suppress(LedgerDown):
            if show.stage_phase in COUNTING:
                await self._intake.recount()
            if self._hosts.watched(show.code):
                self._roster.recount(await self._ledger.joined(show.code, show.epoch))
