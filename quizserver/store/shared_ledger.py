"""The ledger of one process of several; on PostgreSQL.

Each process writes its own answers. Before a question is sealed each of them says
that it has written what it got in time (`close_question`), and whoever seals waits
for those that live. One that froze meanwhile is not waited for: what it writes after
the seal finds the question sealed (`answers`), so that it gives no false receipt.
"""

from collections.abc import Callable
from typing import Any, Final

from quizserver.domain.ids import QuestionId, ShowCode
from quizserver.store import process_queries
from quizserver.store.backend import Backend
from quizserver.store.people import Values
from quizserver.store.readers import Readers
from quizserver.store.reads import Number
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.writer import Transaction
from quizserver.store.writes import Run

LIVES_MS: Final = 2_000
"""A process that wrote nothing for so long is not waited for; it beats each 500."""


class SharedLedger(SqlLedger):
    """One database, written by several processes. Made by `ledger.open_ledger`."""

    def __init__(
        self,
        readers: Readers[Any],
        backend: Backend,
        *,
        secret: bytes,
        linger_ms: float,
        now_ns: Callable[[], int],
        process: str,
    ) -> None:
        super().__init__(
            readers, backend, secret=secret, linger_ms=linger_ms, now_ns=now_ns
        )
        self.process = process

    async def close_question(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> None:
        """Write, behind all that was queued before, that this is done."""
        run = Run(show=show, epoch=epoch)
        values = run.values(question=question, process=self.process)
        await self.journal.write(
            lambda turn: turn.connection.execute(process_queries.ADD_CLOSED, values)
        )

    async def unclosed(self, show: ShowCode, epoch: str, question: QuestionId) -> int:
        """Return how many living processes have not closed a question."""
        run = Run(show=show, epoch=epoch)
        values = run.values(question=question, lives_ms=LIVES_MS)
        (found,) = await self.readers.read(process_queries.UNCLOSED, values, Number)
        return found.number

    async def beat(self, says: str) -> list[str]:
        """Write when this process lived, by the database's clock, and what it says."""
        mine: Values = {"process": self.process, "says": says}
        others: Values = {"process": self.process, "lives_ms": LIVES_MS}

        def work(turn: Transaction) -> list[str]:
            turn.connection.execute(process_queries.BEAT, mine)
            found = turn.connection.execute(process_queries.LIVING, others).fetchall()
            return [said for (said,) in found]

        return await self.journal.write(work)
