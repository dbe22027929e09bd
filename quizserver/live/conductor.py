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
from contextlib import suppress
from dataclasses import replace
from typing import Final

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.board import Board
from quizserver.domain.decide import decide
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.prizes import LINE
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.show import Show, created, evolve
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.domain.timing import arrived_ms, window_ms
from quizserver.live.access import Actor
from quizserver.live.journaled import from_row, next_row
from quizserver.live.orders import MAKERS, NEEDS_STANDINGS, Order, forbids, resolve
from quizserver.live.ports import EventRow, LedgerDown, Rescored, ShowHead, StepTaken
from quizserver.live.surroundings import Surroundings
from quizserver.texts.catalogue import text
from quizserver.wire.host import CommandMessage, Reply

_LOG: Final = logging.getLogger(__name__)

TOP: Final = 10
"""How many rows of a board and of the standings are shown and journaled."""

_REPLIES_KEPT: Final = 1_000
_RETRY_NS: Final = 200 * NS_PER_MS
_TIMER: Final = "timer"

Span = Callable[[str, int], int]
"""How long after T0, in ms, by the timing rule and the question's duration."""


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
        self._disk = around.disk
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

    def resume(self, away_since: Stamp | None = None) -> None:
        """Set the timer that the restored show needs (Source: R1.5).

        `away_since` is the last sign of life of the process that ran it before:
        the host is told what an open question lost (R1.6).
        """
        lost_ms = 0 if away_since is None else self._lost_ms(away_since)
        if lost_ms > 0:
            self._start(self._note_interruption(lost_ms))
        self._arm()

    def stop(self) -> None:
        """Forget the timer."""
        self._cancel_timer()

    async def command(self, actor: Actor, message: CommandMessage) -> Reply:
        """Carry out a host's command, or refuse it in the reply (R1.4)."""
        why_not = forbids(self.show, actor, message.command)
        if why_not is not None:
            return self._refused(message.ref, why_not)
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
            with suppress(LedgerDown):  # then the timer seals, when the disk is well
                await self._seal()
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
        order = Order(
            message=message,
            at=at,
            leaderboard=await self._ledger.leaderboard(show.code, show.epoch, TOP),
        )
        if name != "end":
            return order
        lines = await self._ledger.prize_lines(
            show=show.code,
            epoch=show.epoch,
            least_right=show.rules.prize_min_right,
            depth=LINE,
        )
        return replace(order, lines=lines)

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

    async def _write(self, command: c.Command, actor: str, ref: str) -> Reason | None:
        """Decide, make durable, publish; return why not. Raises LedgerDown."""
        event = decide(self.show, command)
        if isinstance(event, Rejected):
            return event.reason
        if isinstance(event, e.LobbyOpened) and not self._disk.has_room():
            return Reason.NO_SPACE
        if isinstance(event, e.AnswerRevealed):
            await self._seal()
        try:
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
                key=event.key,
                top=TOP,
            )
        elif isinstance(event, e.KeyCorrected | e.QuestionVoided) and (
            show.over or show.plays[event.question].state is QuestionState.REVEALED
        ):
            await self._append_recount(event, row)
        else:
            await self._ledger.append(row(event), head=self._head(event))
        return written[-1]

    async def _append_recount(
        self,
        event: e.KeyCorrected | e.QuestionVoided,
        row: Callable[[e.Event], EventRow],
    ) -> None:
        """Store the event with ranks that are made anew (Source: R1.6)."""
        show, after = self.show, evolve(self.show, event)

        def with_ranks(found: Rescored) -> EventRow:
            lines = found.lines if show.over else ()
            ranked = replace(event, leaderboard=found.leaderboard, lines=lines)
            if isinstance(ranked, e.KeyCorrected):
                ranked = replace(ranked, board=found.boards[event.question])
            return row(ranked)

        await self._ledger.append_rescore(
            with_ranks,
            show=show.code,
            epoch=show.epoch,
            keys=_keys(after),
            top=TOP,
            least_right=show.rules.prize_min_right,
            depth=LINE,
            head=self._head(event),
        )

    def _head(self, event: e.Event) -> ShowHead:
        """Return what the list of shows says after `event`."""
        after = evolve(self.show, event)
        return ShowHead(title=after.title, lang=after.lang, phase=after.stage_phase)

    async def _seal(self) -> None:
        """Seal the current question if it is locked and unsealed. Raises LedgerDown.

        The head of the chain is read when no answer can count any more, and behind
        a flush: the journal writes in order of arrival, so every answer that came
        before is then in this link or an earlier one, also what the disk had kept
        waiting. Whoever knows its code knows that none was changed later (R6.1).
        """
        if self._is_over or not self.show.awaits_seal:
            return
        await self._settle()
        show = self.show
        assert show.current is not None
        await self._ledger.flush()
        head = await self._ledger.chain_head(show.code, show.epoch)
        seal = c.SealQuestion(question=show.current, link=head.no, sha256=head.sha256)
        await self._write(seal, _TIMER, "")

    def _lost_ms(self, away_since: Stamp) -> int:
        """Return how much of the open question's time passed since then."""
        play = self.show.play
        if self.show.phase is not Phase.OPEN or play.opened_at is None:
            return 0
        opened_ns = self._clock.resolve_ns(play.opened_at)
        ends_ns = opened_ns + play.duration_ms * NS_PER_MS
        began_ns = max(opened_ns, self._clock.resolve_ns(away_since))
        return (min(ends_ns, self._clock.monotonic_ns()) - began_ns) // NS_PER_MS

    async def _note_interruption(self, lost_ms: int) -> None:
        """Write down what the open question lost, before its deadline closes it."""
        async with self._lock:
            question = self.show.current
            assert question is not None
            note = c.NoteInterruption(question=question, lost_ms=lost_ms)
            with suppress(LedgerDown):
                await self._write(note, _TIMER, "")

    async def _settle(self) -> None:
        """Wait until no more answers to the question can count (R4.2, R4.7)."""
        await self._clock.sleep_until(self._after_ns(arrived_ms))

    def _after_ns(self, span: Span) -> int:
        play = self.show.play
        assert play.opened_at is not None
        lasts_ms = span(self.show.rules.timing, play.duration_ms)
        return self._clock.resolve_ns(play.opened_at) + lasts_ms * NS_PER_MS

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
        """Carry out a timed command; when the disk fails, try again soon.

        The state may have moved while this waited for its turn: then `decide`
        says no, or the timer has been set anew.
        """
        async with self._lock:
            due = self._due()
            if due is None or due[0] > self._clock.monotonic_ns() or self._is_over:
                return
            try:
                await due[1]()
                if self._after_ns(arrived_ms) <= self._clock.monotonic_ns():
                    await self._seal()
            except LedgerDown:
                again = self._clock.monotonic_ns() + _RETRY_NS
                self._cancel_timer = self._clock.at(again, self._rung)

    # --- replies ----------------------------------------------------------------

    def _said(self, ref: str) -> Reply:
        show = self.show
        return Reply(ref=ref, step=show.step, phase=show.phase)

    def _refused(self, ref: str, reason: Reason) -> Reply:
        show = self.show
        words = self._disk.words(show.lang) if reason is Reason.NO_SPACE else {}
        sentence = text(show.lang, f"live.rejected.{reason.value}", **words)
        return Reply(
            ref=ref, step=show.step, phase=show.phase, error=reason, message=sentence
        )

    def _remember(self, reply: Reply) -> None:
        if not reply.ref:
            return
        self._replies[reply.ref] = reply
        if len(self._replies) > _REPLIES_KEPT:
            self._replies.popitem(last=False)


def _keys(show: Show) -> dict[QuestionId, OptionId]:
    """Return the keys of the questions that count."""
    return {
        question: show.questions[question].key
        for question, play in show.plays.items()
        if play.state is QuestionState.REVEALED
    }
