"""What people ask about their own data: see it, correct it, withdraw, be erased.

A change and the event that tells of it are one transaction of the show's conductor,
so every process hears of it in the order of the steps, and no event says more than
who (Source: R2.6). Each step is told to every phone, and anybody may join and leave
again: what is asked within a second is one step, whoever asks, and there is none while
a question is about to open or open.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from quizserver.domain import commands as c
from quizserver.domain.ids import ParticipantId
from quizserver.domain.people import may_rename, must_wait
from quizserver.domain.rejections import Reason
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.conductor import Conductor
from quizserver.live.ports import LedgerDown
from quizserver.live.rows import Correction, Erasure, PersonChange, Registration
from quizserver.live.surroundings import Surroundings

_LOG: Final = logging.getLogger(__name__)

THEMSELVES: Final = "participant"
"""The actor in the log when somebody asks for their own data."""

PACE_NS: Final = 1_000 * NS_PER_MS
MOST: Final = 200
"""People in one step: their pseudonyms take 4 KiB of the journal."""

BOUND: Final = 10_000
"""Most that may wait: at the pace above nearly a minute."""


class WishWaits(Exception):
    """What was asked is not done yet: a question opens or is open.

    It is done when that is over, or when the server is stopped before; only a crash
    forgets it. `is_repeat` when an earlier wish of the same person waits, and this one
    was not taken.
    """

    def __init__(self, *, is_repeat: bool) -> None:
        super().__init__()
        self.is_repeat = is_repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What stands in one step together."""

    is_erasure: bool
    is_renaming: bool
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody asked for, and who waits for it."""

    kind: _Kind
    change: Correction | Erasure
    participant: ParticipantId
    done: "asyncio.Future[Reason | None]"


class People:
    """The people of one show, as far as they ask for it.

    Each call returns why not, or None when it is done and durable. Nobody is kept
    waiting for a question: what has to wait for its end raises WishWaits at once.
    """

    def __init__(self, around: Surroundings, conductor: Conductor) -> None:
        self._ledger = around.ledger
        self._clock = around.clock
        self._start = around.start
        self._is_shared = around.is_shared
        self._conductor = conductor
        self._wishes: dict[tuple[ParticipantId, _Kind], _Wish] = {}
        self._works = False
        self._turn = asyncio.Lock()
        self._due_ns = 0

    async def kept(self, participant: ParticipantId) -> Registration | None:
        """Return what is kept of somebody. Raises LedgerDown."""
        show = self._conductor.show
        return await self._ledger.find_participant(show.code, show.epoch, participant)

    async def answers(self, participant: ParticipantId) -> int:
        """Return how many answers of theirs are kept. Raises LedgerDown."""
        show = self._conductor.show
        rows = await self._ledger.answers_of(show.code, show.epoch, [participant])
        return len(rows)

    async def correct(self, change: Correction) -> Reason | None:
        """Correct somebody's data or withdraw a consent.

        Raises WishWaits, LedgerDown.
        """
        is_renaming = change.name is not None or change.unit is not None
        if is_renaming and not may_rename(self._conductor.show):
            return Reason.NOT_NOW  # at once, not when the question is over
        kind = _Kind(
            is_erasure=False, is_renaming=is_renaming, actor=THEMSELVES, reason=""
        )
        return await self._asked(kind, change, change.participant)

    async def erase(
        self, participant: ParticipantId, *, actor: str = THEMSELVES, reason: str = ""
    ) -> Reason | None:
        """Erase somebody; `reason` is that of who does it for them.

        Raises WishWaits, LedgerDown.
        """
        kind = _Kind(is_erasure=True, is_renaming=False, actor=actor, reason=reason)
        return await self._asked(kind, Erasure(participant=participant), participant)

    async def expire(self, people: int, actor: str) -> Reason | None:
        """Erase everybody: the time is over (R2.7). Raises LedgerDown."""
        command = c.ExpirePeople(people=people)
        return await self._conductor.rewrite(command, actor, [Erasure()])

    async def note_export(self, form: str, people: int, actor: str) -> Reason | None:
        """Note that names leave the server; without the note they must not.

        Raises LedgerDown.
        """
        command = c.NoteExport(form=form, people=people)
        return await self._conductor.rewrite(command, actor)

    async def finish(self) -> None:
        """Carry out what waits, beside a question as well: the server stops now.

        Where other processes play on, their question goes first. What the ledger does
        not take is given up: nobody may hold up the stop.
        """
        if self._wishes and self._is_shared:
            await self._between_questions()
        async with self._turn:  # also behind what is being carried out
            while self._wishes and await self._carry_out(self._taken()):
                pass

    async def _asked(
        self, kind: _Kind, change: Correction | Erasure, participant: ParticipantId
    ) -> Reason | None:
        key = participant, kind
        if key in self._wishes:
            raise WishWaits(is_repeat=True)
        if len(self._wishes) >= BOUND:
            raise LedgerDown("queue_full")
        done: asyncio.Future[Reason | None] = asyncio.get_running_loop().create_future()
        self._wishes[key] = _Wish(kind, change, participant, done)
        if not self._works:
            self._works = True
            self._start(self._work())
        self._say_who_waits()
        return await done

    def _say_who_waits(self) -> None:
        """Tell all that they wait for a question, if one opens or is open.

        A new name comes too late then, for good (`domain.people.may_rename`).
        """
        if must_wait(self._conductor.show):
            for wish in self._wishes.values():
                late = Reason.NOT_NOW if wish.kind.is_renaming else None
                _tell([wish], late or WishWaits(is_repeat=False))

    async def _work(self) -> None:
        """Carry out what waits, a step a second, until nothing does."""
        try:
            while self._wishes:
                await self._clock.sleep_until(self._due_ns)
                await self._between_questions()
                async with self._turn:
                    if not self._wishes:
                        return  # the stop has carried them out (`finish`)
                    self._due_ns = self._clock.monotonic_ns() + PACE_NS
                    await self._carry_out(self._taken())
        finally:
            self._works = False
            for wish in self._wishes.values():
                wish.done.cancel()

    async def _between_questions(self) -> None:
        """Wait while a question is about to open, and while its clock runs."""
        while must_wait(self._conductor.show):
            self._say_who_waits()
            await self._clock.sleep_until(self._clock.monotonic_ns() + PACE_NS)

    def _taken(self) -> list[_Wish]:
        """Take the next erasure, or else the next, and with it all of its kind."""
        kinds = [kind for _, kind in self._wishes]
        kind = next((one for one in kinds if one.is_erasure), kinds[0])
        of_kind = [key for key in self._wishes if key[1] == kind]
        return [self._wishes.pop(key) for key in of_kind[:MOST]]

    async def _carry_out(self, wishes: list[_Wish]) -> bool:
        """Make one step of some wishes; whoever has gone away gets theirs too.

        Return whether the ledger took it.
        """
        command = _command(wishes)
        changes: list[PersonChange] = [wish.change for wish in wishes]
        try:
            reason = await self._conductor.rewrite(
                command, wishes[0].kind.actor, changes
            )
        except Exception as error:  # noqa: BLE001 - the border of a wish
            if not isinstance(error, LedgerDown):
                _LOG.exception("what people asked about their data failed")
            else:  # nobody would tell those who do not wait here to ask again
                again = (wish for wish in wishes if wish.done.done())
                self._wishes |= {(wish.participant, wish.kind): wish for wish in again}
            _tell(wishes, error)
            return False
        _tell(wishes, reason)
        return True


def _command(wishes: list[_Wish]) -> c.ChangePeople | c.ErasePeople:
    kind = wishes[0].kind
    people = tuple(dict.fromkeys(wish.participant for wish in wishes))
    if kind.is_erasure:
        return c.ErasePeople(participants=people, reason=kind.reason)
    return c.ChangePeople(participants=people, renamed=kind.is_renaming)


def _tell(wishes: list[_Wish], said: Reason | Exception | None) -> None:
    for wish in wishes:
        if wish.done.done():
            continue
        if isinstance(said, Exception):
            wish.done.set_exception(said)
        else:
            wish.done.set_result(said)
