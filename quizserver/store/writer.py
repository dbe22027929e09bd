"""Writes batches of the journal: one connection, one transaction per batch.

Runs on the journal's thread and nowhere else. It never lets a failure of the
database through as an exception: a batch is durable, or everybody in it is told
that it is not. When the connection breaks during a commit nobody can know which
of the two it is; then nobody is told anything until the database is back and
says so. What is particular to a database is its backend's (`backend`).
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar, cast

from quizserver.live.ports import AnswerDone, LedgerDown, Unjudged
from quizserver.live.rows import Link, Stored
from quizserver.store import queries
from quizserver.store.answers import AnswerWrites
from quizserver.store.backend import Backend, Connection, InDoubt
from quizserver.store.chain import Chained, OpenBatch, link
from quizserver.store.deliveries import Call

LOG = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a write may use: the open transaction and its links of the chains."""

    connection: Connection
    batch: OpenBatch


Work = Callable[[Transaction], T]
"""A write: runs on the writer's thread, must only read and write the ledger."""


class QueuedAnswer(NamedTuple):
    """An answer, and whom to tell what became of it."""

    answer: Unjudged
    done: AnswerDone


@dataclass(frozen=True, slots=True)
class QueuedWrite(Generic[T]):
    """Any other write, and the future that waits for its result."""

    work: Work[T]
    future: asyncio.Future[T]


Item = QueuedAnswer | QueuedWrite[Any]


class Writer:
    """The one writer of a ledger. Used from one thread after `__init__`."""

    def __init__(self, backend: Backend, now_ns: Callable[[], int]) -> None:
        self._backend = backend
        self._now_ns = now_ns
        self.error = ""
        self.commits = self.rows = self.failures = self.commit_ns = 0

    # --- writing ----------------------------------------------------------------

    def settle(self, items: list[Item]) -> list[Call]:
        """Write a batch and return what to tell; never raises."""
        began_ns = self._now_ns()
        try:
            calls = self._once_more(items)
        except Exception as error:  # noqa: BLE001 - a border
            # Whatever went wrong, the thread lives and nobody is told that
            # something was stored.
            return self._lost(items, error)
        self.commit_ns = self._now_ns() - began_ns
        self.commits += 1
        self.rows += len(items)
        self._recovered()
        self._backend.wrote(len(items))
        return calls

    def _once_more(self, items: list[Item]) -> list[Call]:
        """Write a batch, again if it and another process' waited for each other.

        Two shows on air have two chains, which two batches may come to in opposite
        order. The database ends one of them, whole: as if it had not been begun.
        """
        try:
            return self._committed(items)
        except Exception as error:
            if not self._backend.crossed(error):
                raise
            LOG.warning("a batch crossed one of another process; it is written again")
            self._backend.roll_back(error)
            return self._committed(items)

    def _committed(self, items: list[Item]) -> list[Call]:
        turn = self._begun()
        calls: list[Call] = []
        for kind, run in groupby(items, key=type):
            if kind is QueuedAnswer:
                calls += self._answered(turn, cast("list[QueuedAnswer]", list(run)))
            else:
                writes = cast("Iterable[QueuedWrite[Any]]", run)
                calls += [self._attempt(turn, one) for one in writes]
        _seal(turn)
        try:
            self._backend.commit()
        except InDoubt as doubt:
            self._failing(doubt)
            if not self._backend.was_committed():
                raise
        return calls

    def _begun(self) -> Transaction:
        db = self._backend.begin()

        def head(run: Chained) -> Link:
            self._backend.hold_chain(run)
            return _head(db, run)

        return Transaction(db, OpenBatch(head))

    def _answered(self, turn: Transaction, answers: list[QueuedAnswer]) -> list[Call]:
        """Write answers that came one after another; return what to tell."""
        writes = AnswerWrites(self._backend, turn.connection, turn.batch)
        settled = writes.put([item.answer for item in answers])
        return [
            (item.done, row, stored)
            for item, (row, stored) in zip(answers, settled, strict=True)
        ]

    def _attempt(self, turn: Transaction, write: QueuedWrite[Any]) -> Call:
        """Run one write in a savepoint of its own."""
        db, mark = turn.connection, turn.batch.mark()
        db.execute("savepoint attempt")
        try:
            result = write.work(turn)
        except Exception as error:
            if self._backend.loses_batch(error):
                raise
            db.execute("rollback to attempt")
            db.execute("release attempt")
            turn.batch.cut(mark)
            return (_reject, write.future, error)
        db.execute("release attempt")
        return (_resolve, write.future, result)

    # --- the database's health --------------------------------------------------

    def close(self) -> None:
        """Close the connection. May be called again; a batch opens a new one."""
        self._backend.close()

    def stop(self) -> None:
        """Wait for nothing any more; the one call from another thread."""
        self._backend.stop()

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the files, soon; from any thread."""
        self._backend.scrub()

    def rest(self) -> None:
        """Use an idle second: see whether the database is well."""
        try:
            if self.error:
                self._backend.probe()
            else:
                self._backend.rest()
        except Exception as error:  # noqa: BLE001 - a border, as in `settle`
            self._lost((), error)
        else:
            self._recovered()

    def _lost(self, items: Iterable[Item], error: Exception) -> list[Call]:
        code = self._failing(error)
        self.failures += 1
        self._backend.roll_back(error)
        return [_failure(item, code) for item in items]

    def _failing(self, error: Exception) -> str:
        """Remember why the ledger cannot write, and log it once; return the code.

        Only a bug is logged whole: a database's own words may quote the row.
        """
        code = self._backend.code(error)
        if code is None:
            code = "write_failed"
            LOG.error("a batch of the journal failed", exc_info=error)
        elif code != self.error:
            LOG.error("the ledger cannot write: %s (%s)", code, type(error).__name__)
        self.error = code
        return code

    def _recovered(self) -> None:
        if self.error:
            LOG.warning("the ledger writes again")
            self.error = ""


def _head(db: Connection, run: Chained) -> Link:
    """Return the newest link of a run's chain; the database alone knows it."""
    rows = db.execute(queries.CHAIN_HEAD, {"show": run[0], "epoch": run[1]}).fetchall()
    return Link(no=rows[0][0], sha256=rows[0][1]) if rows else Link()


def _seal(turn: Transaction) -> None:
    """Add a link to the chain of each run that has rows in the batch."""
    for run, made in turn.batch.links():
        sealed = link(made.prev, made.rows)
        turn.connection.execute(
            queries.ADD_LINK,
            {
                "show": run[0],
                "epoch": run[1],
                "no": sealed.no,
                "rows": len(made.rows),
                "sha256": sealed.sha256,
                "prev": made.prev.sha256,
            },
        )


def _failure(item: Item, code: str) -> Call:
    if isinstance(item, QueuedAnswer):
        return (item.done, item.answer.lost(), Stored.FAILED)
    return (_reject, item.future, LedgerDown(code))


def _resolve(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _reject(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
