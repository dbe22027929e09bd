"""The ledger on PostgreSQL: opened, brought to this version, owned by one server."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from statistics import median
from typing import Final
from uuid import uuid4

import psycopg
from psycopg import errors

from quizserver.domain.stamps import NS_PER_MS
from quizserver.failures import Failure
from quizserver.live.clock import SystemClock
from quizserver.store import migrate, process_queries, shared_ledger
from quizserver.store.people import Values
from quizserver.store.postgres import About, Target, about, own, succeed
from quizserver.store.postgres_backend import (
    PostgresBackend,
    Psycopg,
    Statements,
    writing,
)
from quizserver.store.postgres_readers import PostgresReaders
from quizserver.store.reads import SqlReads
from quizserver.store.shared_ledger import SharedLedger
from quizserver.store.sql_ledger import SqlLedger

_COMMITS: Final = 20
_GONE_MS: Final = 24 * 3_600 * 1_000
"""A process that was silent for a day does not come back to ask for its witness."""

_SILENT_MS: Final = 700
"""Two signs of a process that lives are not further apart."""


def open_shared(
    url: str, *, secret: bytes, linger_ms: float, now_ns: Callable[[], int]
) -> SharedLedger:
    """Open the ledger beside other processes, making or upgrading its schema.

    Raises:
        Failure: as `ledger.open_ledger`.
    """
    target, process = Target(url), mark_of(secret) + uuid4().hex
    first = _shared(target, secret)
    try:
        away_ms = _come_in(first, process)
        ledger = SharedLedger(
            PostgresReaders(target),
            PostgresBackend(target, first, process=process),
            secret=secret,
            linger_ms=linger_ms,
            now_ns=now_ns,
            process=process,
        )
    except BaseException:
        first.close()
        raise
    if away_ms is not None:
        ledger.lived_ns = now_ns() - away_ms * NS_PER_MS
    return ledger


def prepare_shared(url: str, *, secret: bytes) -> None:
    """Make or upgrade the schema, for processes that are started next.

    Raises:
        Failure: as `ledger.open_ledger`.
    """
    _shared(Target(url), secret).close()


def _shared(target: Target, secret: bytes) -> Psycopg:
    """Open a connection that has the ledger together with others."""
    first = owned(target, shared=True)
    try:
        if not is_current(first):
            first.close()
            with closing(owned(target)) as alone:
                bring_up(target, alone)
            first = owned(target, shared=True)
        _refuse_other_secret(target, first, mark_of(secret))
    except BaseException:
        first.close()
        raise
    return first


def open_ledger(
    url: str, *, secret: bytes, linger_ms: float, now_ns: Callable[[], int]
) -> SqlLedger:
    """Open the ledger, making or upgrading its schema.

    Raises:
        Failure: as `ledger.open_ledger`.
    """
    target = Target(url)
    first = owned(target)
    try:
        bring_up(target, first)
        first.execute(process_queries.FORGET_WITNESSES)
        return SqlLedger(
            PostgresReaders(target),
            PostgresBackend(target, first),
            secret=secret,
            linger_ms=linger_ms,
            now_ns=now_ns,
        )
    except BaseException:
        first.close()
        raise


def open_reads(url: str, *, secret: Callable[[], bytes]) -> SqlReads:
    """Open a ledger that another process may own, for reading only.

    Raises:
        Failure: there is no ledger of this version.
    """
    target = Target(url)
    try:
        with closing(target.connect()) as db:
            current = is_current(db)
    except psycopg.Error as error:
        raise _unusable(target, error) from None
    if not current:
        raise Failure("failure.no_ledger_of_version", database=target.shown)
    return SqlReads(PostgresReaders(target), secret=secret())


def owned(target: Target, *, shared: bool = False) -> Psycopg:
    """Open a connection that may write and owns the ledger until it is closed.

    Raises:
        Failure: it cannot be had; the sentence says why, and the cure.
    """
    try:
        db = writing(target)
    except psycopg.Error as error:
        raise _unusable(target, error) from None
    try:
        own(db, shared=shared)
    except errors.LockNotAvailable:
        db.close()
        raise Failure("failure.ledger_in_use", database=target.shown) from None
    except BaseException:
        db.close()
        raise
    return db


def brought_up(url: str) -> tuple[str, bool]:
    """Bring a database that nobody uses to this version, as `ledger.bring_up`."""
    target = Target(url)
    with closing(owned(target)) as db:
        return target.shown, bring_up(target, db)


@contextmanager
def temporary(url: str) -> Iterator[str]:
    """Lend a URL of the same database that sees an empty schema of its own.

    Raises:
        Failure: it cannot be reached, or the schema cannot be made.
    """
    target, name = Target(url), f"quizserver_{uuid4().hex}"
    try:
        with target.connect() as db:
            db.execute(f"create schema {name}")
    except psycopg.Error as error:
        raise _unusable(target, error) from None
    try:
        yield target.within(name).url
    finally:
        with target.connect() as db:
            db.execute(f"drop schema {name} cascade")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A server as the doctor sees it: what it is, its commits in milliseconds."""

    target: Target
    about: About
    worst_ms: float
    median_ms: float


def examined(url: str) -> Examined:
    """Look at a server and measure its commits; nothing stays of that.

    Raises:
        Failure: it cannot be reached.
    """
    target, times = Target(url), []
    clock = SystemClock()
    try:
        with target.connect() as db:
            for _ in range(_COMMITS):
                began_ns = clock.monotonic_ns()
                # A message in the log that nobody reads: it is flushed, no more.
                db.execute("select pg_logical_emit_message(true, 'quizserver', '')")
                times.append((clock.monotonic_ns() - began_ns) / NS_PER_MS)
            found = about(db)
    except psycopg.Error as error:
        raise _unusable(target, error) from None
    return Examined(
        target=target, about=found, worst_ms=max(times), median_ms=median(times)
    )


def bring_up(target: Target, db: Psycopg) -> bool:
    """Create or upgrade the schema that `db` owns; return whether anything changed.

    Raises:
        Failure: a newer version made it, or it cannot be changed.
    """
    if is_current(db):
        return False
    from alembic.util import CommandError  # noqa: PLC0415 - see `migrate`
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - see `migrate`

    try:
        migrate.upgrade(target.url)
    except CommandError:
        raise Failure("failure.newer_ledger", database=target.shown) from None
    except DBAPIError as error:
        raise _unusable(target, error.orig or error) from None
    return True


def mark_of(secret: bytes) -> str:
    """Return what the names of processes with this secret begin with."""
    return blake2b(secret, person=b"process", digest_size=4).hexdigest()


def _refuse_other_secret(target: Target, db: Psycopg, mark: str) -> None:
    """Let nobody in to whom the others' phones could not go.

    Raises:
        Failure: a process that lives has another secret.
    """
    values: Values = {"mark": mark, "lives_ms": shared_ledger.LIVES_MS}
    found = Statements(db).execute(process_queries.STRANGERS, values).fetchall()
    if found[0][0]:
        raise Failure("failure.other_secret", database=target.shown)


def _come_in(db: Psycopg, process: str) -> int | None:
    """Join those that share the ledger; forget who is gone for good.

    Returns for how many milliseconds nobody was there, None while others are. Of
    several that come back together one is the first.
    """
    succeed(db, process)
    statements = Statements(db)
    with db.transaction():
        statements.execute(process_queries.ONE_COMES_IN)
        ((away_ms, others),) = statements.execute(process_queries.LAST_LIFE).fetchall()
        statements.execute(process_queries.BEAT, {"process": process, "says": ""})
    statements.execute(process_queries.FORGET_PROCESSES, {"kept_ms": _GONE_MS})
    statements.execute(process_queries.FORGET_WITNESSES_OF_THE_GONE)
    # A connection that is made anew lets go of the lock, and its process lives.
    is_over = away_ms is not None and away_ms >= _SILENT_MS and not others
    return away_ms if is_over else None


def is_current(db: Psycopg) -> bool:
    """Tell whether a database has this version's schema."""
    try:
        found = db.execute("select version_num from alembic_version").fetchall()
    except errors.UndefinedTable:
        return False
    return found == [(migrate.HEAD,)]


def _unusable(target: Target, error: BaseException) -> Failure:
    said = " ".join(str(error).split())
    return Failure("failure.ledger_unusable", database=target.shown, cause=said)
