"""The writer's connection to a SQLite file (`backend.Backend`).

A commit that fails, even in fsync, is undone for good as long as the connection
lives: SQLite counts its pages of the log as never written, and the next commit
writes over them from memory, so nothing rests on what a failed fsync may have
left behind. Opening the file anew would do the opposite: it reads the log, finds
the pages, and what everybody was told is lost has happened after all
(tests/faults found that). So the connection is given up only when it is of no
use, which is when it cannot even roll back or says the file is corrupt.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final

import msgspec

from quizserver.live.rows import AnswerRow
from quizserver.store.backend import Key, PlacedRow
from quizserver.store.chain import ANSWER_COLUMNS, Chained

LOG = logging.getLogger(__name__)

_LOG_PAGES: Final = 2_000
"""Checkpoint after about this many changed pages even under load: it costs 1.5 µs an
answer and holds the next batch up for 4 ms. (Half as many: 2 and 3; twice: 1.4 and 8;
four times: 1.2 and 13.)"""

_TOGETHER: Final = 64
"""Rows in one statement. With each the driver gives the interpreter lock up, and a busy
loop on another core keeps it for half a millisecond: row by row 128 answers took 37 ms
and 39 µs of processor time each, so 4 ms and 11. (`json_each` puts all into one
statement, at 23 µs a row instead of 7.)"""

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

_STORED: Final = (
    "select json_group_array(json_object("  # noqa: S608 - our own column names
    + ", ".join(f"'{name}', answer.{name}" for name in ANSWER_COLUMNS)
    + ")) from json_each(?) as wanted cross join answer on "
    + " and ".join(
        f"answer.{name} = json_extract(wanted.value, '$[{at}]')"
        for at, name in enumerate(("show", "epoch", "question", "participant"))
    )
)

_ROWS: Final = msgspec.json.Decoder(list[AnswerRow])


class SqliteBackend:
    """The one connection that writes the file and checkpoints its log."""

    bad_row = (
        sqlite3.IntegrityError,
        sqlite3.ProgrammingError,
        ValueError,
        OverflowError,
    )

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Open the connection; `connect` is called again after a failure.

        Raises:
            sqlite3.Error: the file cannot be opened.
        """
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._changed_pages = 0
        # The process before may have been killed between an erasure and its scrub.
        self._is_to_scrub = True
        self._db()

    def begin(self) -> sqlite3.Connection:
        """Begin a transaction that may write at once."""
        db = self._db()
        db.execute("begin immediate")
        return db

    def commit(self) -> None:
        """Return when it is on the disk; never in doubt, as told above."""
        self._db().execute("commit")

    def was_committed(self) -> bool:
        """Return False: a commit that failed was not carried out."""
        return False

    def roll_back(self, error: Exception) -> None:
        """Undo the transaction; give the connection up if it cannot do that."""
        keep = self.code(error) != "corrupt"
        try:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("rollback")
        except sqlite3.Error:
            keep = False
        if not keep:
            self.close()

    def hold_chain(self, run: Chained) -> None:
        """Do nothing: there is one writer, and the file is locked."""

    def insert_answers(self, rows: Sequence[PlacedRow]) -> int:
        """Write answers, the first of a key; return how many were new."""
        db, new = self._db(), 0
        for start in range(0, len(rows), _TOGETHER):
            placed = rows[start : start + _TOGETHER]
            values: list[str | int] = []
            for row, place in placed:  # a third of the time of a comprehension
                values += row[1:]
                values += place
            new += db.execute(_insert(len(placed)), values).rowcount
        return new

    def stored_answers(self, keys: Iterable[Key]) -> list[AnswerRow]:
        """Return the answers that are stored under these keys."""
        wanted = msgspec.json.encode(list(keys)).decode()
        ((found,),) = self._db().execute(_STORED, (wanted,)).fetchall()
        return _ROWS.decode(found)

    def code(self, error: Exception) -> str | None:
        """Return why a write failed; None when it was not SQLite."""
        if not isinstance(error, sqlite3.Error):
            return None
        return _CODES.get(_primary(error), "write_failed")

    def loses_batch(self, error: Exception) -> bool:
        """Tell whether the file failed, or SQLite has rolled back by itself."""
        return _primary(error) in _LOST or not self._db().in_transaction

    def crossed(self, error: Exception) -> bool:
        """Return False: nobody else writes the file."""
        return False

    def wrote(self, rows: int) -> None:
        """Checkpoint when the log has grown long."""
        # What was counted: 26 pages for 16 answers, 107 for 128, 206 for 512.
        self._changed_pages += 8 + rows
        if self._changed_pages > _LOG_PAGES:
            self._checkpoint()

    def scrub(self) -> None:
        """Empty the log for good with the next checkpoint: it holds old pages.

        In the file itself `secure_delete` writes zeros over what is deleted.
        """
        self._is_to_scrub = True

    def probe(self) -> None:
        """Write something that changes nothing, to see whether the disk is well."""
        db = self._db()
        ((version,),) = db.execute("pragma user_version").fetchall()
        db.execute(f"pragma user_version = {version}")

    def rest(self) -> None:
        """Empty the log into the file."""
        if self._changed_pages or self._is_to_scrub:
            self._checkpoint()

    def close(self) -> None:
        """Close the connection. May be called again; a batch opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def stop(self) -> None:
        """Do nothing: nothing here waits for long."""

    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _checkpoint(self) -> None:
        """Move the log into the file, as far as readers let it; nobody waits."""
        try:
            if self._is_to_scrub:
                self._truncate()
            else:
                self._db().execute("pragma wal_checkpoint(passive)").fetchall()
            self._changed_pages = 0
        except sqlite3.Error as error:
            # The log still has everything: no receipt is in doubt.
            LOG.warning("checkpoint failed: %s", error)

    def _truncate(self) -> None:
        """Checkpoint and cut the log to nothing, unless somebody reads just now."""
        db = self._db()
        ((wait_ms,),) = db.execute("pragma busy_timeout").fetchall()
        db.execute("pragma busy_timeout = 0")
        try:
            self._is_to_scrub = False
            ((busy, *_),) = db.execute("pragma wal_checkpoint(truncate)").fetchall()
        except sqlite3.Error:
            self._is_to_scrub = True
            raise
        finally:
            db.execute(f"pragma busy_timeout = {wait_ms}")
        self._is_to_scrub = self._is_to_scrub or bool(busy)


@cache
def _insert(rows: int) -> str:
    """Return the statement for so many answers; the driver keeps each prepared."""
    columns = (*ANSWER_COLUMNS, "batch", "line")
    row = f"({', '.join('?' * len(columns))})"
    return (
        f"insert into answer ({', '.join(columns)}) "  # noqa: S608 - our own names
        f"values {', '.join([row] * rows)} on conflict do nothing"
    )


def _primary(error: Exception) -> int:
    """Return SQLite's primary result code of an error, 0 when it has none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
