"""The shows of this process: made, restored, kept running.

Each show is a conductor, a stage, an intake and its overlays' reports, wired
here and nowhere else. `start` replays every show from the ledger, so a
restart in the middle of a question goes on with the same deadline
(Source: R2.2, reliability promise "restart resumes").

Where other processes share the ledger, what the bus did not bring is read from
there four times a second while a show is on air, whether the bus is well or not:
nobody has to find out that it is lame, and its loss costs a quarter of a second.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from quizserver.domain.events import ShowCreated
from quizserver.domain.evolve import created
from quizserver.domain.ids import ShowCode
from quizserver.domain.phases import Phase
from quizserver.domain.rundown import Pack, Rules, Rundown
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.live.access import Actor
from quizserver.live.admission import Room
from quizserver.live.afresh import same_again, set_again
from quizserver.live.backstage import Backstage
from quizserver.live.commitment import published_hash
from quizserver.live.conductor import Conductor
from quizserver.live.first_sent import FirstSent
from quizserver.live.intake import Intake
from quizserver.live.journaled import first_row
from quizserver.live.neighbours import Said, word
from quizserver.live.opening import check_questions
from quizserver.live.outputs import Do, Outputs
from quizserver.live.people import People
from quizserver.live.ports import LedgerDown, Note
from quizserver.live.roster import Roster
from quizserver.live.rows import EventRow, ShowHead, ShowRow
from quizserver.live.secrets import new_epoch, new_salt
from quizserver.live.stage import Stage
from quizserver.live.surroundings import Surroundings
from quizserver.wire.common import Close

_LOG: Final = logging.getLogger(__name__)

PULSE_NS: Final = 1_000 * NS_PER_MS
LOOK_NS: Final = 250 * NS_PER_MS
BEAT_NS: Final = 500 * NS_PER_MS
_LOOKS_OFF_AIR: Final = 4
"""One look in so many is at shows that are not on air, and for new ones."""

_ORDER: Final = "order"
"""Notes of orders to overlays (`live.outputs`)."""

_OFF_AIR: Final = (Phase.DRAFT, Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED)


class ShowExists(Exception):
    """A show with this code is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveShow:
    """One show and its parts, running in this process."""

    conductor: Conductor
    stage: Stage
    intake: Intake
    outputs: Outputs
    roster: Roster
    people: People
    stop: Callable[[], None]


class Shows:
    """All shows by code."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._shows: dict[ShowCode, LiveShow] = {}
        self._making = asyncio.Lock()

    async def start(self) -> None:
        """Restore every show of the ledger and begin to run them."""
        self._around.bus.subscribe(self._receive)
        self._around.bus.overhear(self._overhear)
        away_since = self._away_since()
        self._around.life.leave(self._around.clock.stamp())
        async with self._making:  # what is heard meanwhile has to wait
            for row in await self._around.ledger.shows():
                await self._restore(row.code, away_since)
        self._around.start(self._pulse())
        self._around.start(self._forget())  # what the process before left undone
        if self._around.is_shared:
            FirstSent(self._around.bus, self._intake_of)
            self._around.start(self._look())
            self._around.start(self._beat())

    async def finish(self) -> None:
        """Do what was promised for later (R2.6), once nobody is connected any more."""
        for live in tuple(self._shows.values()):  # another process may make one
            await live.people.finish()

    def _away_since(self) -> Stamp | None:
        """Return when nobody played the shows any more, until now.

        While one process of several is away the others play on.
        """
        if not self._around.is_shared:
            return self._around.life.last()
        lived_ns, now = self._around.ledger.lived_ns, self._around.clock.stamp()
        if lived_ns is None:
            return None
        return now.plus_ms((lived_ns - now.mono_ns) // NS_PER_MS)

    def get(self, code: ShowCode) -> LiveShow | None:
        """Return the show that is played under this code, or None."""
        return self._shows.get(code)

    def rehearsal_page(self, code: ShowCode) -> str:
        """Return the page by which simulated phones of ours are known, a secret.

        Raises:
            LookupError: there is no such show.
        """
        epoch = self._shows[code].stage.show.epoch
        return self._around.signer.rehearsal_page(code, epoch)

    def room(self, code: ShowCode) -> Room | None:
        """Return what joining needs to know of a show."""
        live = self._shows.get(code)
        if live is None:
            return None
        withdrawn = live.conductor.show.withdrawn
        return Room(show=live.stage.show, roster=live.roster, withdrawn=withdrawn)

    async def listed(self) -> list[ShowRow]:
        """Return the list of shows, oldest first."""
        return await self._around.ledger.shows()

    def on_air(self) -> ShowCode | None:
        """Return the show that is on air: in its lobby or later, not ended."""
        for code, live in self._shows.items():
            if _is_on_air(live):
                return code
        return None

    async def create(
        self,
        code: ShowCode,
        pack: Pack,
        *,
        title: str,
        lang: str,
        rules: Rules,
        actor: str,
    ) -> LiveShow:
        """Make a show from a pack; its rules are frozen now.

        Raises:
            ShowExists: the code is taken.
            QuestionTooLong: a question does not fit the timing rule.
            LedgerDown: nothing was stored.
        """
        async with self._making:
            await self._adopt()
            if code in self._shows:
                raise ShowExists(code)
            rundown = Rundown(title=title, lang=lang, pack=pack, rules=rules)
            event = _creation(code, rundown)
            check_questions(created(event), self._around.clock)
            await self._begin(event, actor)
            return self._shows[code]

    async def reset(self, code: ShowCode, actor: Actor) -> None:
        """Begin a show anew: a new epoch, no participants, no answers (`afresh`).

        What was played stays in the ledger under its old epoch, but not who took part:
        they could neither see nor erase that any more (Source: R2.6).

        Raises:
            LookupError: there is no such show.
            LedgerDown: nothing was stored; the show goes on.
        """
        async with self._making:
            old = self._shows[code].conductor
            await self._succeed(
                code,
                lambda: self._begin(_creation(code, same_again(old.show)), actor.name),
            )
            # Still in turn: a second reset would take the new run for unprepared.
            await self._prepare(self._shows[code], actor, old.show)

    async def _prepare(self, live: LiveShow, actor: Actor, was: Show) -> None:
        """Set again what was set before; what is refused is left to the host."""
        for message in set_again(was, live.conductor.show.epoch):
            reply = await live.conductor.command(actor, message)
            if reply.error is not None:
                _LOG.warning("%s was not set again: %s", message.command, reply.error)

    async def _succeed(
        self, code: ShowCode, begin: Callable[[], Awaitable[None]]
    ) -> None:
        """Put a new run in the place of the one that is played."""
        live = self._shows[code]
        await live.conductor.hand_over(begin)
        live.stop()
        # Seats of the old run are good for nothing: phones join again.
        self._around.phones.dismiss(code, Close.TOKEN)
        # In each process: whoever joined the old run here till now is in the queue.
        self._around.start(self._forget())
        await self._shows[code].stage.tell_all_anew()

    async def _forget(self) -> None:
        """Erase who took part in runs that were begun anew; insist."""
        clock = self._around.clock
        while True:
            with suppress(LedgerDown):
                return await self._around.ledger.forget_past_runs()
            await clock.sleep_until(clock.monotonic_ns() + PULSE_NS)

    async def _begin(self, event: ShowCreated, actor: str) -> None:
        rundown = event.rundown
        row = first_row(event, at_ms=self._around.clock.utc_ms(), actor=actor)
        head = ShowHead(title=rundown.title, lang=rundown.lang, phase=Phase.DRAFT)
        await self._around.ledger.append(row, head=head)
        await self._restore(event.code)
        await self._around.bus.publish(row)

    async def _restore(self, code: ShowCode, away_since: Stamp | None = None) -> None:
        """Replay a show and run it; nobody did since `away_since`, if it ran."""
        first, *rest = await self._around.ledger.events(code)
        conductor = Conductor(first, self._around, self._receive)
        conductor.restore(rest)
        live = self._wire(conductor)
        await live.stage.restore([first, *rest])
        self._shows[code] = live
        conductor.resume(away_since)

    def _wire(self, conductor: Conductor) -> LiveShow:
        """Put the parts of one show together."""
        around, show = self._around, conductor.show
        roster, outputs = (
            Roster(around.is_held),
            Outputs(around.clock, partial(self._spread, show.code)),
        )
        intake = Intake(show, around)
        join_url = f"{around.public_url}/{show.code}"
        backstage = Backstage(
            around,
            intake=intake,
            roster=roster,
            outputs=outputs,
            join_url=join_url,
            pack_hash=published_hash(show),
        )
        stage = Stage(
            show,
            around,
            intake=intake,
            roster=roster,
            backstage=backstage,
            join_url=join_url,
        )
        cancel = around.start(stage.run())

        def stop() -> None:
            conductor.stop()
            cancel()

        return LiveShow(
            conductor=conductor,
            stage=stage,
            intake=intake,
            outputs=outputs,
            roster=roster,
            people=People(around, conductor),
            stop=stop,
        )

    def _receive(self, row: EventRow) -> None:
        live = self._shows.get(row.show)
        if live is None or live.stage.show.epoch != row.epoch:
            self._around.start(_tried(self._adopt_now()))
        else:
            live.conductor.follow(row)
            live.stage.receive(row)

    def _spread(self, code: ShowCode, do: Do, output: str | None) -> None:
        """Have the other processes give an order to their overlays."""
        texts = (do, *([] if output is None else [output]))
        self._around.bus.whisper(Note(kind=_ORDER, show=code, texts=texts))

    def _overhear(self, note: Note, is_own: bool) -> None:  # noqa: FBT001 - the port's
        live = self._shows.get(note.show)
        if note.kind == _ORDER and live is not None and not is_own:
            do, output = (*note.texts, None)[:2]
            live.outputs.order_here("reload" if do == "reload" else "identify", output)

    def _intake_of(self, code: ShowCode) -> Intake | None:
        live = self._shows.get(code)
        return None if live is None else live.intake

    # --- what other processes did ---------------------------------------------------

    async def _beat(self) -> None:
        """Tell the other processes that this one lives and writes, for ever."""
        clock = self._around.clock
        while True:
            with suppress(LedgerDown):  # they have to think that it is dead
                heard = await self._around.ledger.beat(self._word())
                self._around.neighbours.hear(heard)
            await clock.sleep_until(clock.monotonic_ns() + BEAT_NS)

    def _word(self) -> str:
        """Return what the others shall know: who is connected here."""
        online = self._around.phones.online
        return word(
            {
                code: Said(
                    online=online(code),
                    rejected=live.intake.tally.rejected,
                    outputs=live.outputs.parts(),
                )
                for code, live in self._shows.items()
            }
        )

    async def _look(self) -> None:
        """Look for what the bus did not bring, for ever."""
        clock, looks = self._around.clock, 0
        while True:
            await clock.sleep_until(clock.monotonic_ns() + LOOK_NS)
            looks += 1
            at_all = looks % _LOOKS_OFF_AIR == 0
            if at_all:
                await _tried(self._adopt_now())
            for live in tuple(self._shows.values()):
                if at_all or _is_on_air(live):
                    await _tried(self._look_at(live))

    async def _look_at(self, live: LiveShow) -> None:
        """Take the events that the writer or the replica of a show lacks."""
        show = live.stage.show
        newest = min(show.step, live.conductor.show.step)
        rows = await self._around.ledger.events(show.code, show.epoch, after=newest)
        for row in rows:
            self._receive(row)

    async def _adopt_now(self) -> None:
        """Look for a show or a run that somebody spoke of."""
        with suppress(LedgerDown):  # then the next look finds it
            async with self._making:
                await self._adopt()

    async def _adopt(self) -> None:
        """Run the shows that other processes made, and the runs that they began."""
        if not self._around.is_shared:
            return
        for row in await self._around.ledger.shows():
            live = self._shows.get(row.code)
            if live is None:
                await self._restore(row.code)
            elif live.stage.show.epoch != row.epoch:
                await self._succeed(row.code, partial(self._restore, row.code))

    async def _pulse(self) -> None:
        """Once a second, tell every show's numbers."""
        clock = self._around.clock
        due = clock.monotonic_ns()
        while True:
            due = max(due + PULSE_NS, clock.monotonic_ns())
            await clock.sleep_until(due)
            self._around.life.leave(clock.stamp())
            for live in tuple(self._shows.values()):
                await live.stage.pulse()


async def _tried(look: Awaitable[None]) -> None:
    """Look once; what cannot be read or followed must not hide the other shows."""
    try:
        await look
    except LedgerDown:
        pass  # then there is nothing to be seen yet
    except Exception:  # noqa: BLE001 - the border of a show, logged
        _LOG.exception("what other processes wrote cannot be followed")


def _is_on_air(live: LiveShow) -> bool:
    return live.stage.show.stage_phase not in _OFF_AIR


def _creation(code: ShowCode, rundown: Rundown) -> ShowCreated:
    """Return the first event of a new run."""
    return ShowCreated(code=code, epoch=new_epoch(), rundown=rundown, salt=new_salt())
