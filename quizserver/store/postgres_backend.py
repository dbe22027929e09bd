"""The writer's connection to PostgreSQL (`backend.Backend`).

One server writes a ledger, or several that share it. Each holds advisory locks for
as long as its connection lives, of the ledger and of its own name, and takes them
anew on each new connection: then whatever the old connection was doing is over,
committed or not, and no stranger has begun.

When the connection breaks during a commit, what became of it is not guessed.
Each batch leaves a number in the same transaction, in a row that only this
process writes (`witness`). The row on the next connection tells which batch was
the last one; until then nobody is told anything. So an event is never called
lost and found at the next step, and a phone gets the receipt of its first answer.

A chain is continued under an advisory lock of its run, kept until the commit, so
that several writers could append to it: its head is read after the lock is held.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

import msgspec
import psycopg

from quizserver.live.rows import AnswerRow
from quizserver.store import process_queries
from quizserver.store.backend import InDoubt, Key, PlacedRow
from quizserver.store.chain import ANSWER_COLUMNS, Chained
from quizserver.store.people import Values
from quizserver.store.postgres import Target, Unfit, about, named, own, succeed

_RETRY_S: Final = 0.2

_CODES: Final = {
    "53100": "disk_full",
    "55P03": "locked",
    "40P01": "locked",
    "57P01": "connection_lost",
    "57P02": "connection_lost",
    "57P03": "connection_lost",
    "53300": "connection_lost",
}
"""By SQLSTATE; `_CLASSES` by its first two letters."""

_CLASSES: Final = {"08": "connection_lost", "58": "io_error", "XX": "corrupt"}

_LOST: Final = frozenset({"08", "25", "40", "53", "55", "57", "58", "XX"})
"""Classes of errors that are not those of one statement."""

_TYPES: Final = {
    "time_ms": "int",
    "received_ns": "bigint",
    "at_ms": "bigint",
    "batch": "bigint",
    "line": "int",
}
"""Of the columns of an answer; the others are texts."""

_COLUMNS: Final = (*ANSWER_COLUMNS, "batch", "line")

_INSERT: Final = (
    f"insert into answer ({', '.join(_COLUMNS)}) "  # noqa: S608 - our own names
    f"select {', '.join(_COLUMNS)} from json_to_recordset(cast(%s as json)) as new("
    + ", ".join(f"{name} {_TYPES.get(name, 'varchar')}" for name in _COLUMNS)
    + ") on conflict do nothing"
)
"""One statement over all rows. (Measured here, time of this process per row at 200
rows: this form 3 µs, `unnest` of columns 20, `executemany` 19, `copy` 3, which is
four times as slow for a single row.)"""

_KEY: Final = ("show", "epoch", "question", "participant")

# One look into the key for each wanted row, whatever the planner is told of loops.
_STORED: Final = (
    "select cast(coalesce(json_agg(found), '[]') as text) "
    "from json_to_recordset(cast(%s as json)) as wanted("
    + ", ".join(f"{name} varchar" for name in _KEY)
    + f") cross join lateral (select {', '.join(ANSWER_COLUMNS)} "
    + "from answer where "
    + " and ".join(f"answer.{name} = wanted.{name}" for name in _KEY)
    + " offset 0) as found"
)

_ROWS: Final = msgspec.json.Decoder(list[AnswerRow])

_SELF: Final = """
select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()
"""

_END: Final = """
select pg_terminate_backend(pid) from pg_stat_activity
where pid = %s and backend_start = %s
"""

_HOLD: Final = """
select pg_advisory_xact_lock(hashtextextended(cast(%s as text), 0))
"""

Psycopg = psycopg.Connection[Any]


class Statements:
    """Runs statements of `queries` on a connection (`backend.Connection`)."""

    IntegrityError = psycopg.IntegrityError

    def __init__(self, db: Psycopg) -> None:
        self._db = db

    def execute(
        self, sql: str, values: Mapping[str, str | int | None] | None = None, /
    ) -> "psycopg.Cursor[Any]":
        """Run a statement with values for its `:names`."""
        return self._db.execute(named(sql), values or {})


class PostgresBackend:
    """The one connection that writes."""

    bad_row = (
        psycopg.DataError,
        psycopg.IntegrityError,
        psycopg.ProgrammingError,
        ValueError,
        OverflowError,
    )

    def __init__(self, target: Target, first: Psycopg, *, process: str = "") -> None:
        """Go on with a connection that owns the ledger and finds it current.

        `process` names one of several that share the ledger; "" means one alone.
        """
        self._target = target
        self._shared = bool(process)
        self._db: Psycopg | None = first
        self._self = first.execute(_SELF).fetchone()
        self._process = process or uuid4().hex
        self._number = 0
        self._stopping = threading.Event()

    # --- transactions -------------------------------------------------------------

    def begin(self) -> Statements:
        """Begin a transaction; a connection that has ended is replaced first."""
        db = self._connection()
        try:
            db.execute("begin")
        except psycopg.OperationalError:
            # It ended while nothing was written, so nothing is lost with it.
            db = self._opened()
            db.execute("begin")
        return Statements(db)

    def commit(self) -> None:
        """Return when the transaction is on the disk. Raises InDoubt."""
        db = self._connection()
        witness: Values = {"process": self._process, "number": self._number + 1}
        # Fails in a transaction that has failed, whose commit would say nothing.
        Statements(db).execute(process_queries.PUT_WITNESS, witness)
        self._number += 1
        try:
            db.execute("commit", prepare=False)
        except psycopg.Error as error:
            if db.closed:
                raise InDoubt from error
            raise

    def was_committed(self) -> bool:
        """Wait until the database is back and tells which batch was the last."""
        wanted = {"process": self._process}
        while True:
            try:
                db = Statements(self._opened())
                found = db.execute(process_queries.WITNESS, wanted).fetchall()
            except (psycopg.Error, Unfit):
                if self._stopping.wait(_RETRY_S):
                    return False
            else:
                return found == [(self._number,)]

    def roll_back(self, error: Exception) -> None:
        """Undo the transaction; give the connection up if it cannot do that."""
        try:
            if self._db is not None:
                self._db.execute("rollback")
        except psycopg.Error:
            self.close()

    # --- statements ---------------------------------------------------------------

    def hold_chain(self, run: Chained) -> None:
        """Hold a run's chain until the transaction ends."""
        self._connection().execute(_HOLD, ["/".join(map(str, run))])

    def insert_answers(self, rows: Sequence[PlacedRow]) -> int:
        """Write answers, the first of a key; return how many were new."""
        placed = [
            dict(zip(_COLUMNS, (*row[1:], *place), strict=True)) for row, place in rows
        ]
        text = msgspec.json.encode(placed).decode()
        return self._connection().execute(_INSERT, [text]).rowcount

    def stored_answers(self, keys: Iterable[Key]) -> list[AnswerRow]:
        """Return the answers that are stored under these keys."""
        wanted = [dict(zip(_KEY, key, strict=True)) for key in keys]
        text = msgspec.json.encode(wanted).decode()
        found = self._connection().execute(_STORED, [text]).fetchone()
        assert found is not None
        return _ROWS.decode(found[0])

    # --- what an error means --------------------------------------------------------

    def code(self, error: Exception) -> str | None:
        """Return why a write failed; None when it was not PostgreSQL."""
        if isinstance(error, InDoubt):
            return "connection_lost"
        if isinstance(error, Unfit):
            return "write_failed"
        if not isinstance(error, psycopg.Error):
            return None
        state = error.sqlstate
        if state is None:
            lost = isinstance(error, psycopg.OperationalError)
            return "connection_lost" if lost else "write_failed"
        return _CODES.get(state) or _CLASSES.get(state[:2], "write_failed")

    def loses_batch(self, error: Exception) -> bool:
        """Tell whether the database failed, or the connection is gone."""
        if self._db is None or self._db.closed:
            return True
        state = getattr(error, "sqlstate", None)
        return state is not None and state[:2] in _LOST

    def crossed(self, error: Exception) -> bool:
        """Tell whether the database ended a deadlock with this batch."""
        return isinstance(error, psycopg.errors.DeadlockDetected)

    # --- the connection -------------------------------------------------------------

    def wrote(self, rows: int) -> None:
        """Do nothing: PostgreSQL keeps its own log."""

    def scrub(self) -> None:
        """Do nothing: what was deleted goes with the database's own vacuum."""

    def probe(self) -> None:
        """Write something that changes nothing, to see whether the disk is well."""
        self.begin()
        self.commit()

    def rest(self) -> None:
        """Ask for a sign of life, so that the host knows before a phone does."""
        try:
            self._connection().execute("select")
        except psycopg.OperationalError:
            self._opened()

    def close(self) -> None:
        """Close the connection. May be called again; a batch opens a new one."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def stop(self) -> None:
        """Wait for no database any more; what is in doubt is called lost."""
        self._stopping.set()

    def _connection(self) -> Psycopg:
        return self._db if self._db is not None else self._opened()

    def _opened(self) -> Psycopg:
        """Open a new connection, when the one before is surely over.

        Raises:
            psycopg.Error: it cannot be had, or another server has the ledger.
            Unfit: the server has come back with settings that lose answers.
        """
        self.close()
        db = writing(self._target)
        try:
            db.execute(_END, self._self)
            own(db, shared=self._shared)
            succeed(db, self._process)
            self._self = db.execute(_SELF).fetchone()
        except BaseException:
            db.close()
            raise
        self._db = db
        return db


def writing(target: Target) -> Psycopg:
    """Open a connection that may write, to a server that keeps what it commits.

    Raises:
        psycopg.Error: it cannot be had.
        Unfit: it does not.
    """
    # Without statistics, as in a show that has just begun, a nested loop looks
    # cheap and ranks twenty thousand rows with four hundred million comparisons.
    db = target.connect("enable_nestloop=off")
    try:
        flaw = about(db).flaw()
    except BaseException:
        db.close()
        raise
    if flaw is not None:
        db.close()
        raise flaw
    return db
