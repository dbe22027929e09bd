"""A process's replica of one show, and the one who tells its screens.

Events come in order from the bus, each after it is durable; the stage evolves
its show, moves the intake's window, and tells phones, overlays and hosts, in
that order. It decides nothing. A screen that connects gets the same snapshot
that a screen which stayed has reached (Source: R2.2).
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Final

import msgspec

from quizserver.domain import events as e
from quizserver.domain.evolve import evolve
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Phase
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.views import on_overlays, public_leaderboard, public_reveal
from quizserver.live.ahead import Foresight
from quizserver.live.backstage import Backstage
from quizserver.live.commitment import published_hash
from quizserver.live.cues import Scene
from quizserver.live.elsewhere import COUNTING, Elsewhere
from quizserver.live.intake import Intake
from quizserver.live.journaled import from_row
from quizserver.live.phone_cues import PhoneCues
from quizserver.live.presence import Presences, spread_ms
from quizserver.live.preview import Preview
from quizserver.live.roster import Roster
from quizserver.live.rows import EventRow
from quizserver.live.snapshots import Snapshots
from quizserver.live.surroundings import Surroundings
from quizserver.wire import phone as m
from quizserver.wire.common import VERSION, encode, text_frame
from quizserver.wire.host import Live
from quizserver.wire.parts import ShowPart

_LOG: Final = logging.getLogger(__name__)

_MOVES_WINDOW: Final = (
    e.QuestionOpened,
    e.QuestionExtended,
    e.QuestionLocked,
    e.QuestionVoided,
    e.QuestionAsked,
    e.QuestionRolled,
    e.StepReversed,
)
_RECOUNTS: Final = (e.QuestionVoided, e.KeyCorrected)
_CHANGES_RESULTS: Final = (e.AnswerRevealed, e.ShowEnded, e.StepReversed, *_RECOUNTS)
_CHANGES_NAMES: Final = (
    *(e.NameHidden, e.NameHoldSet),
    *(e.PeopleChanged, e.PeopleErased, e.PeopleExpired),
)


class Stage:
    """One show in one process. `run` must be running for events to be told."""

    def __init__(
        self,
        show: Show,
        around: Surroundings,
        *,
        intake: Intake,
        roster: Roster,
        backstage: Backstage,
        join_url: str,
    ) -> None:
        self.show = show
        self.roster = roster
        self._ledger = around.ledger
        self._clock = around.clock
        self._phones = around.phones
        self._overlays = around.overlays
        self._hosts = around.hosts
        self._cheers = around.cheers
        self._neighbours = around.neighbours
        self._intake = intake
        self._elsewhere = Elsewhere(around, intake=intake, roster=roster)
        self._backstage = backstage
        self._preview = Preview(around, roster=roster, elsewhere=self._elsewhere)
        self._join_url = join_url
        self._pack_hash = published_hash(show)
        self._cues = PhoneCues(around, intake)
        self._snapshots = Snapshots(around.clock)
        self._presences = Presences(
            show.code, around.clock, around.phones, around.overlays
        )
        self._events: asyncio.Queue[EventRow] = asyncio.Queue()
        self._ahead = Foresight(
            around.clock, lambda text: around.overlays.tell(show.code, text)
        )

    def receive(self, row: EventRow) -> None:
        """Take an event from the bus; it is told as soon as `run` gets to it."""
        if row.show == self.show.code and row.epoch == self.show.epoch:
            self._events.put_nowait(row)

    async def run(self) -> None:
        """Tell events as they come, for ever."""
        while True:
            row = await self._events.get()
            if row.step == self.show.step + 1:
                await self._apply(row)

    async def _apply(self, row: EventRow) -> None:
        """Apply one event; a fault in telling it must not stop the show."""
        try:
            self._backstage.log(row)
            await self.apply(from_row(row))
        except Exception:  # noqa: BLE001 - the border of the show, logged
            _LOG.exception("step %d of a show was not told to everybody", row.step)

    async def restore(self, rows: Iterable[EventRow]) -> None:
        """Load what a restart needs: names, the open window, results, the log."""
        show = self.show
        for row in rows:
            self._backstage.log(row)
        self.roster.fill(await self._ledger.roster(show.code, show.epoch))
        self.roster.count(await self._ledger.joined(show.code, show.epoch))
        self._intake.follow(show)
        self._backstage.outputs.follow(show.outputs)
        self._look_ahead()
        await self._intake.restore()
        await self._load_results()

    async def apply(self, event: e.Event) -> None:
        """Follow one event and tell everybody."""
        was, self.show = self.show, evolve(self.show, event)
        await self._elsewhere.follow(self.show, event)
        if isinstance(event, _MOVES_WINDOW):
            self._intake.follow(self.show)
        if isinstance(event, e.StepReversed):
            await self._elsewhere.insist(self._intake.restore)
        if isinstance(event, e.QuestionLocked):
            await self._lock_counts()
        if isinstance(event, _CHANGES_RESULTS):
            await self._elsewhere.insist(self._load_results)
        elif isinstance(event, e.QuestionAsked | e.QuestionRolled):
            self._cues.forget()
        await self._elsewhere.insist(
            partial(self._elsewhere.names, on_overlays(self.show))
        )
        cue = self.scene.cue(event)
        payload = encode(cue)
        self._backstage.told(self.show.step)
        before = self._ahead.told(self.show, cue)
        text = payload if before is cue else encode(before)
        self._overlays.tell(self.show.code, text)
        self._look_ahead()
        await self._cues.tell(self.show, event, cue, payload)
        await self._tell_what_cues_do_not(event, was)
        await self._tell_outputs(was)
        await self.tell_hosts()

    async def _tell_outputs(self, was: Show) -> None:
        """Tell single overlays what is theirs: settings, and what comes next."""
        outputs = self._backstage.outputs
        if was.outputs is not self.show.outputs:
            outputs.follow(self.show.outputs)
        previews = outputs.previews()
        if previews:
            coming = encode(await self._preview.coming(self.show, is_host=False))
            for tell in previews:
                tell(coming)

    async def tell_all_anew(self) -> None:
        """Send overlays and panels the whole state, as after a reset."""
        self._overlays.tell(self.show.code, await self.overlay_state())
        await self.tell_hosts()

    async def tell_hosts(self) -> None:
        """Send the whole host state to the panels of this process."""
        if self._hosts.watched(self.show.code):
            self._hosts.tell(self.show.code, await self.host_state())

    async def pulse(self) -> None:
        """Tell the numbers that change between events: called once a second."""
        code = self.show.code
        self._cheers.pulse(self.show)
        await self._elsewhere.count(self.show)
        if self._backstage.has_news():
            await self.tell_hosts()
        if self._hosts.watched(code):
            live = Live(live=await self._backstage.live(self.show))
            self._hosts.tell(code, encode(live))
        await self._presences.tell(self.presence())

    @property
    def scene(self) -> Scene:
        """The show as it is now, ready to be told."""
        return Scene(self.show, self.roster, self._clock)

    @property
    def _picture(self) -> Scene:
        """The show as overlays draw it."""
        return Scene(on_overlays(self.show), self.roster, self._clock)

    async def welcome(self, participant: ParticipantId) -> bytes:
        """Return the JSON text of `welcome`: a full snapshot.

        Raises:
            LookupError: nobody of this show has this id.
        """
        await self.know(participant)
        return self._welcome(participant)

    def greeting(self, participant: ParticipantId) -> bytes | None:
        """Return `welcome` at once; None when something must be looked up for it."""
        is_known = self._elsewhere.knows(participant)
        return self._welcome(participant) if is_known else None

    def _welcome(self, participant: ParticipantId) -> bytes:
        show = self.show
        message = m.Welcome(
            v=VERSION,
            epoch=show.epoch,
            step=show.step,
            you=m.YouPart(id=participant, name=self.roster.own_name(participant)),
            show=self.show_part(),
            state=self._personal(participant),
        )
        return encode(message)

    async def snapshot(self, participant: ParticipantId) -> bytes:
        """Return the JSON text of `state` for one participant; raises as `welcome`."""
        await self.know(participant)
        return encode(self._personal(participant))

    async def host_state(self) -> bytes:
        """Return the JSON text of the host's `state`."""
        return encode(await self._backstage.state(self.show))

    def anybodys_state(self) -> bytes:
        """Return the JSON text of `state` as phones get it, without their own."""
        state = self._snapshots.of(self.scene)
        return encode(msgspec.structs.replace(state, show=self.show_part()))

    async def overlay_state(self, output: str = "") -> bytes:
        """Return the JSON text of `state` for overlays, for one with its own."""
        outputs, coming = self._backstage.outputs, None
        if outputs.is_preview(output):
            coming = await self._preview.coming(self.show, is_host=False)
        return encode(
            msgspec.structs.replace(
                self._ahead.state(self.show, self._picture.state()),
                show=self.show_part(),
                online=self._online(),
                answered=self._answered(),
                held=self._held(),
                output=outputs.word(output),
                coming=coming,
            )
        )

    def _held(self) -> m.State | None:
        """Return what held overlays stand still at; names as they are now (R2.5)."""
        show, held = self.show, self.show.held
        if held is None:
            return None
        named = replace(
            held,
            names=show.names,
            names_held=show.names_held,
            withdrawn=show.withdrawn,
        )
        return Scene(on_overlays(named), self.roster, self._clock).state()

    async def coming(self) -> bytes:
        """Return the JSON text of what comes next, for a host's own eyes."""
        coming = await self._preview.coming(self.show, is_host=True)
        return encode(msgspec.structs.replace(coming, show=self.show_part()))

    def seen(self, participant: ParticipantId, number: int, at_ns: int) -> None:
        """Take what a viewer sees of the overlays' count, heard at `at_ns`."""
        began = self.show.stream.sync_at
        if began is not None:
            page = self.roster.page(participant)
            elapsed_ms = (at_ns - self._clock.resolve_ns(began)) // NS_PER_MS
            self._backstage.delays.note(participant, page, number, elapsed_ms)

    def cheered(self, participant: ParticipantId, cheer: m.Cheer, at_ns: int) -> None:
        """Count a viewer's reactions, heard at `at_ns`, if it is the time for them."""
        if self.show.hears_cheers:
            self._cheers.heard(self.show.code, participant, cheer.counts, at_ns)

    def _look_ahead(self) -> None:
        question = self.scene.question() if self.show.play.lead_ms else None
        self._ahead.follow(self.show, question)
        self._backstage.delays.follow(self.show.stream)

    @property
    def names_until(self) -> str | None:
        """The day on which names are erased (ISO); None before the end (R2.7)."""
        return self._backstage.names_until

    async def know(self, participant: ParticipantId) -> None:
        """Make sure that somebody is known here. Raises LookupError."""
        await self._elsewhere.participant(self.show, participant)

    def presence(self) -> m.Presence:
        """Return how many are here and how many have answered."""
        return m.Presence(
            online=self._online(),
            answered=self._answered(),
            # Of this process's phones: the others take their own.
            spread_ms=spread_ms(self._phones.online(self.show.code)),
        )

    def show_part(self) -> ShowPart:
        """Return what a screen has to know about the show itself."""
        show = self.show
        return ShowPart(
            code=show.code,
            title=show.title,
            questions=len(show.order),
            lang=show.lang,
            join_url=self._join_url,
            pack_hash=self._pack_hash or None,
        )

    def _online(self) -> int:
        code = self.show.code
        return self._phones.online(code) + self._neighbours.said(code).online

    def _answered(self) -> int | None:
        if self.show.stage_phase not in COUNTING:
            return None
        return self._intake.tally.accepted

    async def _lock_counts(self) -> None:
        """Wait until the lock takes effect, so that no answer counts after its cue.

        The intake knows the end before it comes (Source: R4.7).
        """
        play = self.show.play
        assert play.opened_at is not None
        end = play.opened_at.plus_ms(play.duration_ms)
        await self._clock.sleep_until(self._clock.resolve_ns(end))

    async def _tell_what_cues_do_not(self, event: e.Event, was: Show) -> None:
        if isinstance(event, _RECOUNTS):
            await self._tell_new_ranks()
        elif isinstance(event, e.StepReversed):
            await self._tell_whole()
        elif self._draws_another(event) or was.again is not None:
            self._overlays.tell(self.show.code, await self.overlay_state())

    def _draws_another(self, event: e.Event) -> bool:
        """Tell whether overlays draw another picture than that of the cue.

        The cue has the present names; those of what is held change as well (R2.5).
        """
        is_named_in_held = self.show.held is not None and isinstance(
            event, _CHANGES_NAMES
        )
        return is_named_in_held or self.show.again is not None

    async def _tell_new_ranks(self) -> None:
        """Send whole states when ranks on the screens are old ones.

        A recount moves everybody's place and perhaps the key; the cue only says
        that something is void, or nothing. Who reloads sees the new ranks, so who
        stayed must (Source: R2.2).
        """
        show = self.show
        if (
            public_leaderboard(show) is None
            and public_reveal(show) is None
            and show.again is None
        ):
            return
        await self._tell_whole()

    async def _tell_whole(self) -> None:
        code = self.show.code
        self._overlays.tell(code, await self.overlay_state())
        await self._phones.tell_each(
            code, lambda phone: text_frame(encode(self._personal(phone)))
        )

    async def _load_results(self) -> None:
        show = self.show
        if show.stage_phase not in (Phase.DRAFT, Phase.LOBBY):
            await self._cues.load(show)
            await self._elsewhere.results(show)

    def _personal(self, participant: ParticipantId) -> m.State:
        """Return the snapshot with what is this participant's own."""
        common = self._snapshots.of(self.scene)
        return self._cues.state(self.show, common, participant)
