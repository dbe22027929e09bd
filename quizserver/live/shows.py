"""The shows of this process: made, restored, kept running.

Each show is a conductor, a stage, an intake and its overlays' reports, wired
here and nowhere else. `start` replays every show from the ledger, so a
restart in the middle of a question goes on with the same deadline
(Source: R2.2, reliability promise "restart resumes").
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from quizserver.domain.events import ShowCreated
from quizserver.domain.ids import ShowCode
from quizserver.domain.phases import Phase
from quizserver.domain.rundown import Pack, Rules, Rundown
from quizserver.domain.show import Show, created
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.live.access import Actor
from quizserver.live.admission import Room
from quizserver.live.backstage import Backstage
from quizserver.live.commitment import published_hash
from quizserver.live.conductor import Conductor
from quizserver.live.intake import Intake
from quizserver.live.journaled import first_row
from quizserver.live.opening import check_questions
from quizserver.live.outputs import Outputs
from quizserver.live.ports import EventRow, ShowHead, ShowRow
from quizserver.live.roster import Roster
from quizserver.live.secrets import new_epoch, new_salt
from quizserver.live.stage import Stage
from quizserver.live.surroundings import Surroundings
from quizserver.wire.common import Close

PULSE_NS: Final = 1_000 * NS_PER_MS
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
        away_since = self._around.life.last()
        self._around.life.leave(self._around.clock.stamp())
        for row in await self._around.ledger.shows():
            await self._restore(row.code, away_since)
        self._around.start(self._pulse())

    def get(self, code: ShowCode) -> LiveShow | None:
        """Return the show that is played under this code, or None."""
        return self._shows.get(code)

    def room(self, code: ShowCode) -> Room | None:
        """Return what joining needs to know of a show."""
        live = self._shows.get(code)
        if live is None:
            return None
        return Room(show=live.stage.show, roster=live.roster)

    async def listed(self) -> list[ShowRow]:
        """Return the list of shows, oldest first."""
        return await self._around.ledger.shows()

    def on_air(self) -> ShowCode | None:
        """Return the show that is on air: in its lobby or later, not ended."""
        for code, live in self._shows.items():
            if live.stage.show.stage_phase not in _OFF_AIR:
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
            if code in self._shows:
                raise ShowExists(code)
            rundown = Rundown(title=title, lang=lang, pack=pack, rules=rules)
            event = _creation(code, rundown)
            check_questions(created(event), self._around.clock)
            await self._begin(event, actor)
            return self._shows[code]

    async def reset(self, code: ShowCode, actor: Actor) -> None:
        """Begin a show anew: a new epoch, no participants, no answers.

        What was played stays in the ledger under its old epoch.

        Raises:
            LookupError: there is no such show.
            LedgerDown: nothing was stored; the show goes on.
        """
        async with self._making:
            live = self._shows[code]
            rundown = _same_again(live.stage.show)
            await live.conductor.hand_over(
                partial(self._begin, _creation(code, rundown), actor.name)
            )
            live.stop()
            # Seats of the old run are good for nothing: phones join again.
            self._around.phones.dismiss(code, Close.TOKEN)
            await self._shows[code].stage.tell_all_anew()

    async def _begin(self, event: ShowCreated, actor: str) -> None:
        rundown = event.rundown
        row = first_row(event, at_ms=self._around.clock.utc_ms(), actor=actor)
        head = ShowHead(title=rundown.title, lang=rundown.lang, phase=Phase.DRAFT)
        await self._around.ledger.append(row, head=head)
        await self._restore(event.code)

    async def _restore(self, code: ShowCode, away_since: Stamp | None = None) -> None:
        """Replay a show and run it; nobody did since `away_since`, if it ran."""
        first, *rest = await self._around.ledger.events(code)
        conductor = Conductor(first, self._around)
        conductor.restore(rest)
        live = self._wire(conductor)
        await live.stage.restore([first, *rest])
        self._shows[code] = live
        conductor.resume(away_since)

    def _wire(self, conductor: Conductor) -> LiveShow:
        """Put the parts of one show together."""
        around, show = self._around, conductor.show
        roster, outputs = Roster(), Outputs(around.clock)
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
            stop=stop,
        )

    def _receive(self, row: EventRow) -> None:
        live = self._shows.get(row.show)
        if live is not None:
            live.stage.receive(row)

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


def _creation(code: ShowCode, rundown: Rundown) -> ShowCreated:
    """Return the first event of a new run."""
    return ShowCreated(code=code, epoch=new_epoch(), rundown=rundown, salt=new_salt())


def _same_again(show: Show) -> Rundown:
    """Return the run-down this show was made from."""
    pack = Pack(
        id="",
        title=show.title,
        lang=show.lang,
        questions=tuple(show.questions.values()),
    )
    return Rundown(title=show.title, lang=show.lang, pack=pack, rules=show.rules)
