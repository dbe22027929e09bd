"""The one writer of a show's events.

A command comes in once, whether from a panel, a script or a timer: it is
decided against the newest state, made durable, and only then published. The
deadline is a timer of this process, not of any panel (Source: R1.4, R1.5).
Nobody else appends events of this show.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Final

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.board import Board, Leaderboard
from quizserver.domain.decide import decide
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.prizes import awards
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.show import Show, created, evolve
from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.timing import window_ms
from quizserver.live.access import Actor, Right
from quizserver.live.journaled import from_row, next_row
from quizserver.live.orders import MAKERS, NEEDS_STANDINGS, RIGHTS, Order, resolve
from quizserver.live.ports import EventRow, LedgerDown, ShowHead, StepTaken
from quizserver.live.surroundings import Surroundings
from quizserver.texts.catalogue import text
from quizserver.wire.host import CommandMessage, Reply

_LOG: Final = logging.getLogger(__name__)

TOP: Final = 10
"""How many rows of a board and of the standings are shown and journaled."""

_REPLIES_KEPT: Final = 1_000
_RETRY_NS: Final = 200 * NS_PER_MS
_TIMER: Final = "timer"


class Conductor:
    """Writes one show's events. `restore` first, then `command`."""

    def __init__(self, first: EventRow, around: Surroundings) -> None:
        created_event = from_row(first)
        assert isinstance(created_event, e.ShowCreated)
        self.show: Show = created(created_event)
        self._ledger = around.ledger
        self._bus = around.bus
        self._clock = around.clock
        self._start = around.start
        self._lock = asyncio.Lock()
        self._is_over = False
        self._replies: OrderedDict[str, Reply] = OrderedDict()
        self._cancel_timer: Callable[[], None] = lambda: None

    def restore(self, rows: Iterable[EventRow]) -> None:
        """Replay the events after the first, and remember what was answered."""
        for row in rows:
            self.show = evolve(self.show, from_row(row))
            if row.ref:
                self._remember(self._said(row.ref))

    def resume(self) -> None:
        """Set the timer that the restored show needs (Source: R1.5)."""
        self._arm()

    def stop(self) -> None:
        """Forget the timer."""
        self._cancel_timer()

    async def command(self, actor: Actor, message: CommandMessage) -> Reply:
        """Carry out a host's command, or refuse it in the reply (R1.4)."""
        right = RIGHTS.get(message.command, Right.CONDUCT)
        if not actor.may(right, self.show.code):
            return self._refused(message.ref, Reason.FORBIDDEN)
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._start(self._answer(actor.name, message, reply))
        return await reply

    async def hand_over(self, make_successor: Callable[[], Awaitable[None]]) -> None:
        """Write nothing while the next run is made, and nothing afterwards.

        When that cannot be made this conductor goes on.
        """
        async with self._lock:
            await make_successor()
            self._is_over = True

    async def _answer(
        self, actor: str, message: CommandMessage, reply: asyncio.Future[Reply]
    ) -> None:
        """Carry a command out to its end, also when its asker has gone.

        A panel that is closed while its event reaches the disk must not leave
        the show a step behind the journal.
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
                reason = await self._carry_out(actor, message)
            except LedgerDown:
                return self._refused(message.ref, Reason.LEDGER_DOWN)
            reply = (
                self._refused(message.ref, reason)
                if reason
                else self._said(message.ref)
            )
            self._remember(reply)
            return reply

    async def _carry_out(self, actor: str, message: CommandMessage) -> Reason | None:
        """Return why not, or None when it is done. Raises LedgerDown."""
        name = resolve(self.show, message.command)
        if name is None:
            return self._unresolved(message)
        order = await self._order(name, message)
        command = replace(MAKERS[name](order), step=message.step)
        reason = await self._refuses(command)
        return reason or await self._write(command, actor, message.ref)

    def _unresolved(self, message: CommandMessage) -> Reason:
        if message.command != "advance":
            return Reason.UNKNOWN_COMMAND
        stale = message.step not in (None, self.show.step)
        return Reason.STALE_STEP if stale else Reason.NOT_NOW

    async def _order(self, name: str, message: CommandMessage) -> Order:
        at = self._clock.stamp()
        if name not in NEEDS_STANDINGS:
            return Order(message=message, at=at)
        show = self.show
        board = await self._ledger.leaderboard(show.code, show.epoch, TOP)
        return Order(message=message, at=at, leaderboard=board)

    async def _refuses(self, command: c.Command) -> Reason | None:
        """Check what `decide` cannot know: who takes part, who leads a prize."""
        show = self.show
        if self._is_over:
            return Reason.NOT_NOW
        if isinstance(command, c.HideName):
            known = await self._ledger.find_participant(
                show.code, show.epoch, command.participant
            )
            return None if known else Reason.UNKNOWN_PARTICIPANT
        if not isinstance(command, c.ConfirmWinner | c.SkipWinner):
            return None
        leads = any(
            award.prize == command.prize and award.participant == command.participant
            for award in awards(show)
        )
        return None if leads else Reason.NOT_A_WINNER

    async def _write(self, command: c.Command, actor: str, ref: str) -> Reason | None:
        """Decide, make durable, publish; return why not. Raises LedgerDown."""
        event = decide(self.show, command)
        if isinstance(event, Rejected):
            return event.reason
        try:
            if isinstance(event, e.AnswerRevealed):
                await self._settle()
            row = await self._append(event, actor, ref)
        except StepTaken:
            return Reason.STALE_STEP
        self.show = evolve(self.show, from_row(row))
        self._arm()
        await self._bus.publish(row)
        if isinstance(event, e.QuestionLocked):
            # Who is told that it is locked may rely on it: no answer after the
            # reply counts, though the lock takes effect a moment after the click.
            await self._settle()
        return None

    async def _append(self, event: e.Event, actor: str, ref: str) -> EventRow:
        """Store the event, with the ranking it needs, in one transaction."""
        written: list[EventRow] = []

        def row(changed: e.Event) -> EventRow:
            at_ms = self._clock.utc_ms()
            made = next_row(self.show, changed, at_ms=at_ms, actor=actor, ref=ref)
            written.append(made)
            return made

        show = self.show
        if isinstance(event, e.AnswerRevealed):
            revealed = event

            def with_board(board: Board) -> EventRow:
                return row(replace(revealed, board=board))

            await self._ledger.append_reveal(
                with_board,
                show=show.code,
                epoch=show.epoch,
                question=event.question,
                key=show.questions[event.question].key,
                top=TOP,
            )
        elif isinstance(event, e.QuestionVoided) and self._counted(event.question):
            voided = event

            def with_order(leaderboard: Leaderboard) -> EventRow:
                return row(replace(voided, leaderboard=leaderboard))

            await self._ledger.append_rescore(
                with_order,
                show=show.code,
                epoch=show.epoch,
                keys=self._keys(without=event.question),
                top=TOP,
            )
        else:
            head = ShowHead(
                title=show.title, lang=show.lang, phase=evolve(show, event).stage_phase
            )
            await self._ledger.append(row(event), head=head)
        return written[-1]

    def _counted(self, question: QuestionId) -> bool:
        return self.show.plays[question].state is QuestionState.REVEALED

    def _keys(self, *, without: QuestionId) -> dict[QuestionId, OptionId]:
        """Return the keys of the questions that count."""
        return {
            question: self.show.questions[question].key
            for question in self.show.plays
            if question != without and self._counted(question)
        }

    async def _settle(self) -> None:
        """Wait until no more answers to the question can count (R4.7)."""
        play = self.show.play
        assert play.opened_at is not None
        window = window_ms(self.show.rules.timing, play.duration_ms)
        end_ns = window * NS_PER_MS
        await self._clock.sleep_until(self._clock.resolve_ns(play.opened_at) + end_ns)

    # --- timers ---------------------------------------------------------------

    def _arm(self) -> None:
        """Set the timer that the present state needs, in place of the last."""
        self._cancel_timer()
        due = self._due()
        if due is not None:
            self._cancel_timer = self._clock.at(due[0], self._rung)
        else:
            self._cancel_timer = lambda: None

    def _due(self) -> tuple[int, Callable[[], c.Command]] | None:
        """Return when the next timed command is due, and what makes it."""
        show, play = self.show, self.show.play
        if show.current is None:
            return None
        question = show.current
        if show.phase is Phase.ASKED and play.opens_at is not None:
            return self._clock.resolve_ns(play.opens_at), lambda: c.BeginQuestion(
                question=question, at=self._clock.stamp()
            )
        if show.phase is Phase.OPEN and play.opened_at is not None:
            # Under fair-1 that is 1.1 s after the phones' own countdown (R4.7).
            end_ns = window_ms(show.rules.timing, play.duration_ms) * NS_PER_MS
            return (
                self._clock.resolve_ns(play.opened_at) + end_ns,
                lambda: c.CloseQuestion(question=question),
            )
        return None

    def _rung(self) -> None:
        self._start(self._ring())

    async def _ring(self) -> None:
        """Carry out a timed command; when the disk fails, try again soon.

        The state may have moved while this waited for its turn: then `decide`
        says no, or the timer has been set anew.
        """
        async with self._lock:
            due = self._due()
            if due is None or due[0] > self._clock.monotonic_ns() or self._is_over:
                return
            try:
                await self._write(due[1](), _TIMER, "")
            except LedgerDown:
                again = self._clock.monotonic_ns() + _RETRY_NS
                self._cancel_timer = self._clock.at(again, self._rung)

    # --- replies ----------------------------------------------------------------

    def _said(self, ref: str) -> Reply:
        show = self.show
        return Reply(ref=ref, step=show.step, phase=show.phase)

    def _refused(self, ref: str, reason: Reason) -> Reply:
        show = self.show
        sentence = text(show.lang, f"live.rejected.{reason.value}")
        return Reply(
            ref=ref, step=show.step, phase=show.phase, error=reason, message=sentence
        )

    def _remember(self, reply: Reply) -> None:
        if not reply.ref:
            return
        self._replies[reply.ref] = reply
        if len(self._replies) > _REPLIES_KEPT:
            self._replies.popitem(last=False)
