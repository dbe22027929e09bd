"""The ledger on a SQL database: the truth of a show (`live.ports.Ledger`).

Writes go to the journal and return when they are durable; reads (`reads`) go to
read-only connections beside it and see everything that was committed. All methods are
called on the event loop and none blocks it, but for `close`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from quizserver.domain.board import Board
from quizserver.domain.ids import OptionId, QuestionId, ShowCode
from quizserver.live.ports import AnswerDone, LedgerDown, Unjudged
from quizserver.live.rows import (
    Correction,
    Erasure,
    EventRow,
    FlagRow,
    Link,
    PersonChange,
    Registration,
    Rescored,
    ShowHead,
)
from quizserver.store import people, writes
from quizserver.store.backend import Backend
from quizserver.store.journal import Health, Journal
from quizserver.store.readers import Readers
from quizserver.store.reads import SqlReads
from quizserver.store.rewriting import forget_past_runs, rewrite
from quizserver.store.writes import Recount, Run

_LOG: Final = logging.getLogger(__name__)


class SqlLedger(SqlReads):
    """One database, owned by this process. Made by `ledger.open_ledger`."""

    def __init__(
        self,
        readers: Readers[Any],
        backend: Backend,
        *,
        secret: bytes,
        linger_ms: float,
        now_ns: Callable[[], int],
    ) -> None:
        """Use a database that has this version's schema."""
        super().__init__(readers, secret=secret)
        self.journal = Journal(backend, linger_ms=linger_ms, now_ns=now_ns)

    def health(self) -> Health:
        """Return the journal's figures, for metrics and the status bar."""
        return self.journal.health()

    def close(self) -> None:
        """Write what is queued and let go. Blocks; may be called again."""
        super().close()
        self.journal.close()

    # --- shows and events ---------------------------------------------------------

    async def append(
        self,
        event: EventRow,
        *,
        head: ShowHead | None = None,
        people: Sequence[PersonChange] = (),
    ) -> None:
        """Store one event and what it tells of people. Raises StepTaken, LedgerDown."""
        sealed = [self._sealed(change) for change in people]
        await self.journal.write(lambda turn: writes.append(turn, event, head, sealed))
        if sealed:
            self.journal.scrub()

    async def append_seal(
        self,
        event: Callable[[Link], EventRow],
        *,
        show: ShowCode,
        epoch: str,
        question: QuestionId,
        head: ShowHead | None = None,
    ) -> None:
        """Seal a question. Raises StepTaken, LedgerDown.

        `event` is called on the writer's thread.
        """
        run = Run(show=show, epoch=epoch)
        await self.journal.write(
            lambda turn: writes.append_seal(turn, event, run, question, head)
        )

    async def append_reveal(
        self,
        event: Callable[[Board], EventRow],
        *,
        show: ShowCode,
        epoch: str,
        question: QuestionId,
        key: OptionId,
        top: int,
    ) -> Board:
        """Rank a question and store the event made from its board.

        `event` is called on the writer's thread. Raises StepTaken, LedgerDown.
        """
        run = Run(show=show, epoch=epoch)
        return await self.journal.write(
            lambda turn: writes.append_reveal(turn, event, run, question, key, top)
        )

    async def append_rescore(  # noqa: PLR0913 - as in the port
        self,
        event: Callable[[Rescored], EventRow],
        *,
        show: ShowCode,
        epoch: str,
        keys: Mapping[QuestionId, OptionId],
        top: int,
        least_right: int,
        depth: int,
        head: ShowHead | None = None,
    ) -> Rescored:
        """Rank everything anew and store the event made from what was found.

        `event` is called on the writer's thread. Raises StepTaken, LedgerDown.
        """
        recount = Recount(
            run=Run(show=show, epoch=epoch),
            keys=dict(keys),
            top=top,
            least_right=least_right,
            depth=depth,
        )
        return await self.journal.write(
            lambda turn: writes.append_rescore(turn, event, recount, head)
        )

    # --- answers ------------------------------------------------------------------

    def put_answer(self, answer: Unjudged, done: AnswerDone) -> None:
        """Queue an answer for the next batch; `done` tells what became of it."""
        self.journal.put(answer, done)

    def put_flag(self, row: FlagRow) -> None:
        """Queue a flag; nobody waits for it, so one that fails is only logged."""
        try:
            done = self.journal.submit(
                lambda turn: writes.put_flag(turn, row), urgent=False
            )
        except LedgerDown as lost:
            _flag_lost(lost)
        else:
            done.add_done_callback(_flag_done)

    async def flush(self) -> None:
        """Return when all that was queued before is durable. Raises LedgerDown."""
        await self.journal.write(lambda _turn: None)

    # --- other processes: none -------------------------------------------------------

    lived_ns: int | None = None

    async def close_question(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> None:
        """Return when all that was queued before is durable. Raises LedgerDown."""
        await self.flush()

    async def unclosed(self, show: ShowCode, epoch: str, question: QuestionId) -> int:
        """Return 0."""
        return 0

    async def beat(self, says: str) -> list[str]:
        """Return nothing."""
        return []

    # --- participants ---------------------------------------------------------------

    async def register(self, registration: Registration) -> None:
        """Store a participant, or what changed. Raises RecoveryTaken, LedgerDown."""
        participant = people.participant_values(registration)
        person = people.person_values(registration, self._vault)
        await self.journal.write(
            lambda turn: writes.register(turn, participant, person), urgent=False
        )

    async def forget_run(self, show: ShowCode, epoch: str) -> None:
        """Erase everybody of a run that is played no more. Raises LedgerDown."""
        await self.journal.write(lambda turn: rewrite(turn, show, epoch, [Erasure()]))
        self.journal.scrub()

    async def forget_past_runs(self) -> None:
        """Erase everybody of the runs that were begun anew. Raises LedgerDown."""
        if await self.journal.write(forget_past_runs):
            self.journal.scrub()

    def _sealed(self, change: PersonChange) -> PersonChange:
        if isinstance(change, Correction) and change.phone:
            return replace(change, phone=self._vault.seal(change.phone))
        return change


def _flag_done(done: asyncio.Future[None]) -> None:
    lost = done.exception()
    if lost is not None:
        _flag_lost(lost)


def _flag_lost(lost: BaseException) -> None:
    """Say that a flag is not kept, and nothing of whose it was."""
    reason = str(lost) if isinstance(lost, LedgerDown) else type(lost).__name__
    _LOG.warning("a flag was not kept: %s", reason)
