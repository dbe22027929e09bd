"""Writes batches of the journal: one connection, one transaction per batch.

Runs on the journal's thread and nowhere else. It never lets a failure of the
file through as an exception: a batch is durable, or everybody in it is told
that it is not.

A commit that fails, even in fsync, is undone for good as long as the connection
lives: SQLite counts its pages of the log as never written, and the next commit
writes over them from memory, so nothing rests on what a failed fsync may have
left behind. Opening the file anew would do the opposite: it reads the log, finds
the pages, and what everybody was told is lost has happened after all
(tests/faults found that). So the connection is given up only when it is of no
use, which is when it cannot even roll back or says the file is corrupt.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, Final, Generic, TypeVar

from quizserver.live.ports import AnswerDone, AnswerRow, LedgerDown, Link, Stored
from quizserver.store import queries
from quizserver.store.answers import put_answers
from quizserver.store.chain import Chained, OpenBatch, link
from quizserver.store.deliveries import Call

LOG = logging.getLogger(__name__)

_LOG_PAGES: Final = 2_000
"""Checkpoint after about this many changed pages even under load; a short log
is written again in place, which is cheaper than one that grows."""

_LOST: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""Errors of the file, not of a statement: the whole batch is lost."""

_CODES: Final = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_IOERR: "io_error",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a write may use: the open transaction and its links of the chains."""

    connection: sqlite3.Connection
    batch: OpenBatch


Work = Callable[[Transaction], T]
"""A write: runs on the writer's thread, must only read and write the ledger."""


@dataclass(frozen=True, slots=True)
class QueuedAnswer:
    """An answer, and whom to tell what became of it."""

    row: AnswerRow
    done: AnswerDone


@dataclass(frozen=True, slots=True)
class QueuedWrite(Generic[T]):
    """Any other write, and the future that waits for its result."""

    work: Work[T]
    future: asyncio.Future[T]


Item = QueuedAnswer | QueuedWrite[Any]


class Writer:
    """The one connection that writes. Used from one thread after `__init__`."""

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], now_ns: Callable[[], int]
    ) -> None:
        """Open the connection; `connect` is called again after a failure.

        Raises:
            sqlite3.Error: the file cannot be opened.
        """
        self._connect = connect
        self._now_ns = now_ns
        self.error = ""
        self.commits = self.rows = self.failures = self.commit_ns = 0
        self._changed_pages = 0
        self._connection: sqlite3.Connection | None = None
        self._open()

    # --- writing ----------------------------------------------------------------

    def settle(self, items: list[Item]) -> list[Call]:
        """Write a batch and return what to tell; never raises."""
        began_ns = self._now_ns()
        try:
            calls = self._commit(self._ready(), items)
        except sqlite3.Error as error:
            return self._lost(items, error)
        except Exception as bug:
            # A border: whatever went wrong, the thread lives and nobody is told
            # that something was stored.
            LOG.exception("a batch of the journal failed")
            return self._lost(items, bug)
        self.commit_ns = self._now_ns() - began_ns
        self.commits += 1
        self.rows += len(items)
        self._recovered()
        self._changed_pages += 4 + 2 * len(items)
        if self._changed_pages > _LOG_PAGES:
            self._checkpoint()
        return calls

    def _commit(self, db: sqlite3.Connection, items: list[Item]) -> list[Call]:
        db.execute("begin immediate")
        turn = Transaction(db, OpenBatch(partial(_head, db)))
        calls: list[Call] = []
        for _, run in groupby(items, key=type):
            calls += _written(turn, list(run))
        _seal(turn)
        db.execute("commit")
        return calls

    # --- the connection ---------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
        self._connection = self._connect()
        return self._connection

    def _ready(self) -> sqlite3.Connection:
        return self._connection or self._open()

    def close(self) -> None:
        """Close the connection. May be called again; a batch opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _lost(self, items: Iterable[Item], error: Exception) -> list[Call]:
        code = _CODES.get(_primary(error), "write_failed")
        if code != self.error:
            LOG.error("the ledger cannot write: %s", code)
        self.error = code
        self.failures += 1
        self._roll_back(keep=code != "corrupt")
        return [_failure(item, code) for item in items]

    def _roll_back(self, *, keep: bool) -> None:
        try:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("rollback")
        except sqlite3.Error:
            keep = False
        if not keep:
            self.close()

    def _recovered(self) -> None:
        if self.error:
            LOG.warning("the ledger writes again")
            self.error = ""

    # --- while nothing happens --------------------------------------------------

    def rest(self) -> None:
        """Use an idle second: see whether a failed disk is well, or checkpoint."""
        if self.error:
            self._probe()
        elif self._changed_pages:
            self._checkpoint()

    def _probe(self) -> None:
        """Write something that changes nothing, to see whether the disk is well."""
        try:
            db = self._ready()
            ((version,),) = db.execute("pragma user_version").fetchall()
            db.execute(f"pragma user_version = {version}")
        except sqlite3.Error as error:
            self._lost((), error)
        else:
            self._recovered()

    def _checkpoint(self) -> None:
        """Move the log into the file, as far as readers let it; nobody waits."""
        try:
            self._ready().execute("pragma wal_checkpoint(passive)").fetchall()
            self._changed_pages = 0
        except sqlite3.Error as error:
            # The log still has everything: no receipt is in doubt.
            LOG.warning("checkpoint failed: %s", error)


def _head(db: sqlite3.Connection, run: Chained) -> Link:
    """Return the newest link of a run's chain; the file alone knows it."""
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


def _written(turn: Transaction, run: list[Item]) -> list[Call]:
    """Write a run of answers, or of other writes; return what to tell."""
    answers = [item for item in run if isinstance(item, QueuedAnswer)]
    if not answers:
        return [_attempt(turn, item) for item in run if isinstance(item, QueuedWrite)]
    settled = put_answers(turn.connection, turn.batch, [item.row for item in answers])
    return [
        (item.done, row, stored)
        for item, (row, stored) in zip(answers, settled, strict=True)
    ]


def _attempt(turn: Transaction, write: QueuedWrite[Any]) -> Call:
    """Run one write in a savepoint of its own."""
    db, mark = turn.connection, turn.batch.mark()
    db.execute("savepoint attempt")
    try:
        result = write.work(turn)
    except Exception as error:
        if _primary(error) in _LOST or not db.in_transaction:
            raise
        db.execute("rollback to attempt")
        db.execute("release attempt")
        turn.batch.cut(mark)
        return (_reject, write.future, error)
    db.execute("release attempt")
    return (_resolve, write.future, result)


def _failure(item: Item, code: str) -> Call:
    if isinstance(item, QueuedAnswer):
        return (item.done, item.row, Stored.FAILED)
    return (_reject, item.future, LedgerDown(code))


def _resolve(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _reject(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


def _primary(error: Exception) -> int:
    """Return SQLite's primary result code of an error, 0 when it has none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
