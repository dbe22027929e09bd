"""The writer of a show's events in this process.

A command comes in once, whether from a panel, a script or a timer: it is
decided against the newest state, made durable, and only then published. The
deadline is a timer of this process, not of any panel (Source: R1.4, R1.5).

Other processes may write the same show. A step can be taken once, so of two that
decide at the same time one is told that its step is taken; it follows the events
that it did not know and decides again. No process is needed for that to hold, and
one that slept for an hour can write nothing out of what it knew before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.decide import decide
from quizserver.domain.evolve import created, evolve
from quizserver.domain.phases import Phase
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.domain.timing import arrived_ms, window_ms
from quizserver.live.access import Actor
from quizserver.live.appending import append
from quizserver.live.closing import Span, after_ns, all_closed, lost_ms
from quizserver.live.journaled import from_row, next_row
from quizserver.live.orders import MAKERS, forbids, informed, resolve
from quizserver.live.ports import LedgerDown, StepTaken
from quizserver.live.replies import Replies
from quizserver.live.rows import EventRow, PersonChange
from quizserver.live.surroundings import Surroundings
from quizserver.wire.host import CommandMessage, Reply

_LOG: Final = logging.getLogger(__name__)

_RETRY_NS: Final = 200 * NS_PER_MS
_TIMER: Final = "timer"


class Conductor:
    """Writes one show's events, and follows those of others.

    `restore` first, then `command`. `found` is called with each event of another
    process that was read from the ledger because a command or a timer needed it.
    """

    def __init__(
        self, first: EventRow, around: Surroundings, found: Callable[[EventRow], None]
    ) -> None:
        created_event = from_row(first)
        assert isinstance(created_event, e.ShowCreated)
        self.show: Show = created(created_event)
        self._ledger = around.ledger
        self._bus = around.bus
        self._clock = around.clock
        self._start = around.start
        self._disk = around.disk
        self._is_shared = around.is_shared
        self._found = found
        self._lock = asyncio.Lock()
        self._is_over = False
        self._replies = Replies(around.disk)
        self._cancel_timer: Callable[[], None] = lambda: None

    def restore(self, rows: Iterable[EventRow]) -> None:
        """Replay the events after the first, and remember what was answered."""
        for row in rows:
            self._evolve(row)

    def resume(self, away_since: Stamp | None = None) -> None:
        """Set the timer that the restored show needs (Source: R1.5).

        `away_since` is the last sign of life of the process that ran it before:
        the host is told what an open question lost (R1.6).
        """
        if away_since is not None:
            ms = lost_ms(self._clock, self.show, away_since)
            if ms > 0:
                self._start(self._note_interruption(ms))
        self._arm()

    def stop(self) -> None:
        """Forget the timer."""
        self._cancel_timer()

    async def command(self, actor: Actor, message: CommandMessage) -> Reply:
        """Carry out a host's command, or refuse it in the reply (R1.4)."""
        why_not = forbids(self.show, actor, message.command)
        if why_not is not None:
            return self._replies.refusal(self.show, message.ref, why_not)
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._start(self._answer(actor.name, message, reply))
        return await reply

    async def rewrite(
        self, command: c.Command, actor: str, people: Sequence[PersonChange] = ()
    ) -> Reason | None:
        """Change what is kept of people and note it, in one transaction (R2.6).

        Returns why not, or None when it is done. Raises LedgerDown.
        """
        async with self._lock:
            while not self._is_over:
                try:
                    return await self._write(command, actor, "", people)
                except StepTaken:
                    if not await self._caught_up():
                        raise LedgerDown("step_taken") from None
        return Reason.NOT_NOW

    async def hand_over(self, make_successor: Callable[[], Awaitable[None]]) -> None:
        """Write nothing while the next run is made, and nothing afterwards.

        It may be made from `show`, which has what any process wrote. When it cannot be
        made this conductor goes on.
        """
        async with self._lock:
            if self._is_shared:
                await self._followed()
            await make_successor()
            self._is_over = True

    async def _answer(
        self, actor: str, message: CommandMessage, reply: asyncio.Future[Reply]
    ) -> None:
        """Carry a command out to its end, also when its asker has gone.

        A panel that is closed meanwhile must not leave the show behind the journal.
        """
        try:
            said = await self._once(actor, message)
            if not reply.done():
                reply.set_result(said)
        except Exception as bug:  # noqa: BLE001 - the border of a command
            if reply.done():
                _LOG.exception("a command failed whose asker had gone")
            else:
                reply.set_exception(bug)
        finally:
            reply.cancel()

    async def _once(self, actor: str, message: CommandMessage) -> Reply:
        """Carry a command out, or repeat what was said to its `ref` before."""
        async with self._lock:
            first = self._replies.get(message.ref)
            if first is not None:
                return first
            try:
                reply = await self._newest(actor, message)
            except LedgerDown:
                return self._replies.refusal(self.show, message.ref, Reason.LEDGER_DOWN)
            self._replies.remember(reply)
            with suppress(LedgerDown, StepTaken):  # else the timer seals, soon
                await self._seal()
            return reply

    async def _newest(self, actor: str, message: CommandMessage) -> Reply:
        """Carry a command out against the newest state, whoever wrote it."""
        if self._is_shared:
            await self._caught_up()
        while True:
            elsewhere = self._replies.get(message.ref)
            if elsewhere is not None:
                return elsewhere  # another process carried it out
            try:
                reason = await self._carry_out(actor, message)
            except StepTaken:
                if await self._caught_up():
                    continue
                reason = Reason.STALE_STEP  # the ref was used long ago
            if reason is not None:
                return self._replies.refusal(self.show, message.ref, reason)
            return self._replies.said(self.show, message.ref)

    async def _carry_out(self, actor: str, message: CommandMessage) -> Reason | None:
        """Return why not, or None when it is done. Raises LedgerDown, StepTaken."""
        name = resolve(self.show, message.command)
        if name is None:
            return self._unresolved(message)
        at = self._clock.stamp()
        order = await informed(self._ledger, self.show, name, message, at)
        command = replace(MAKERS[name](order), step=message.step)
        reason = await self._refuses(command)
        return reason or await self._write(command, actor, message.ref)

    def _unresolved(self, message: CommandMessage) -> Reason:
        if message.command != "advance":
            return Reason.UNKNOWN_COMMAND
        stale = message.step not in (None, self.show.step)
        return Reason.STALE_STEP if stale else Reason.NOT_NOW

    async def _refuses(self, command: c.Command) -> Reason | None:
        """Check what `decide` cannot know: whether this run goes on, who takes part."""
        show = self.show
        if self._is_over:
            return Reason.NOT_NOW
        if not isinstance(command, c.HideName | c.SetEligible):
            return None
        known = await self._ledger.find_participant(
            show.code, show.epoch, command.participant
        )
        return None if known else Reason.UNKNOWN_PARTICIPANT

    async def _write(
        self,
        command: c.Command,
        actor: str,
        ref: str,
        people: Sequence[PersonChange] = (),
    ) -> Reason | None:
        """Decide, make durable, publish; return why not.

        Raises LedgerDown; StepTaken when another process was quicker.
        """
        event = decide(self.show, command)
        if isinstance(event, Rejected):
            return event.reason
        if isinstance(event, e.LobbyOpened) and not self._disk.has_room():
            return Reason.NO_SPACE
        if isinstance(event, e.AnswerRevealed):
            await self._seal()
        row = await append(
            self._ledger, self.show, event, self._maker(actor=actor, ref=ref), people
        )
        self.show = evolve(self.show, from_row(row))
        self._arm()
        await self._bus.publish(row)
        if isinstance(event, e.QuestionLocked):
            # Who is told that it is locked may rely on it: no answer after the
            # reply counts, though the lock takes effect a moment after the click.
            await self._settle()
        return None

    def _maker(self, *, actor: str, ref: str) -> Callable[[e.Event], EventRow]:
        """Return what makes the row of the event that follows."""

        def row(event: e.Event) -> EventRow:
            at_ms = self._clock.utc_ms()
            return next_row(self.show, event, at_ms=at_ms, actor=actor, ref=ref)

        return row

    async def _seal(self) -> None:
        """Seal the current question if it is locked and unsealed.

        No answer can count any more, and all that came are written: whoever knows the
        code knows that none was changed later (R6.1). Raises LedgerDown, StepTaken.
        """
        if self._is_over or not self.show.awaits_seal:
            return
        await self._settle()
        show, question = self.show, self.show.current
        assert question is not None
        await self._ledger.close_question(show.code, show.epoch, question)
        await all_closed(self._ledger, self._clock, show, question)
        # The link is read in the seal's own transaction (`appending`).
        seal = c.SealQuestion(question=question, link=0, sha256="")
        await self._write(seal, _TIMER, "")

    async def _note_interruption(self, ms: int) -> None:
        """Write down what the open question lost, before its deadline closes it."""
        async with self._lock:
            question = self.show.current
            assert question is not None
            note = c.NoteInterruption(question=question, lost_ms=ms)
            with suppress(LedgerDown, StepTaken):
                await self._write(note, _TIMER, "")

    async def _settle(self) -> None:
        """Wait until no more answers to the question can count (R4.2, R4.7)."""
        await self._clock.sleep_until(self._after_ns(arrived_ms))

    def _after_ns(self, span: Span) -> int:
        return after_ns(self._clock, self.show, span)

    # --- events of other processes ------------------------------------------------

    def follow(self, row: EventRow) -> None:
        """Take an event that was written, here or elsewhere.

        One that comes too early, or while a command is carried out, is read from
        the ledger in its turn.
        """
        show = self.show
        if row.epoch != show.epoch or row.step <= show.step:
            return
        if row.step == show.step + 1 and not self._lock.locked():
            self._evolve(row)
            self._arm()
        else:
            self._start(self._catch_up())

    async def _catch_up(self) -> None:
        async with self._lock:
            await self._followed()

    async def _followed(self) -> bool:
        """Do as `_caught_up`; what fails is asked again by whoever polls the ledger."""
        try:
            return await self._caught_up()
        except Exception as error:  # noqa: BLE001 - the border of a show, logged
            if not isinstance(error, LedgerDown):
                _LOG.exception("what another process wrote cannot be followed")
        return False

    async def _caught_up(self) -> bool:
        """Follow what the ledger has, locked; tell of news. Raises LedgerDown."""
        show = self.show
        rows = await self._ledger.events(show.code, show.epoch, after=show.step)
        for row in rows:
            self._evolve(row)
            self._found(row)
        if rows:
            self._arm()
        return bool(rows)

    def _evolve(self, row: EventRow) -> None:
        self.show = evolve(self.show, from_row(row))
        if row.ref:
            self._replies.remember(self._replies.said(self.show, row.ref))

    # --- timers ---------------------------------------------------------------

    def _arm(self) -> None:
        """Set the timer that the present state needs, in place of the last."""
        self._cancel_timer()
        due = self._due()
        if due is not None:
            self._cancel_timer = self._clock.at(due[0], self._rung)
        else:
            self._cancel_timer = lambda: None

    def _due(self) -> tuple[int, Callable[[], Awaitable[object]]] | None:
        """Return when the next timed command is due, and what carries it out."""
        show, play = self.show, self.show.play
        if show.current is None:
            return None
        question = show.current
        if show.phase is Phase.ASKED and play.opens_at is not None:
            return self._clock.resolve_ns(play.opens_at), lambda: self._write(
                c.BeginQuestion(question=question, at=self._clock.stamp()), _TIMER, ""
            )
        if show.phase is Phase.OPEN:
            # Under fair-1 that is 1.1 s after the phones' own countdown (R4.7).
            return self._after_ns(window_ms), lambda: self._write(
                c.CloseQuestion(question=question), _TIMER, ""
            )
        return (self._after_ns(arrived_ms), self._seal) if show.awaits_seal else None

    def _rung(self) -> None:
        self._start(self._ring())

    async def _ring(self) -> None:
        """Carry out a timed command; when the disk fails, try again soon."""
        async with self._lock:
            is_done = await self._timed()
        if not is_done:
            again = self._clock.monotonic_ns() + _RETRY_NS
            self._cancel_timer = self._clock.at(again, self._rung)

    async def _timed(self) -> bool:
        """Carry out what is due, locked; tell whether that is settled.

        Meanwhile the state may have moved: `decide` says no, or the timer is set anew.
        """
        due = self._due()
        if due is None or due[0] > self._clock.monotonic_ns() or self._is_over:
            return True
        try:
            await due[1]()
            if self._after_ns(arrived_ms) <= self._clock.monotonic_ns():
                await self._seal()
        except StepTaken:
            return await self._followed()
        except LedgerDown:
            return False
        return True
