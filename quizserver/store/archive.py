"""Reads a database that another process may own: for exports and checks.

Nothing here can write: the connections are read-only and the lock is not
taken, so an export works beside a running server and after it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from quizserver.failures import Failure
from quizserver.store.ledger import database_path, on_postgres
from quizserver.store.migrate import is_current
from quizserver.store.reads import SqlReads
from quizserver.store.sqlite_readers import SqliteReaders


@contextmanager
def open_archive(database_url: str, secret: Callable[[], bytes]) -> Iterator[SqlReads]:
    """Open the database that a URL names, for reading only.

    `secret` is asked for only once there is a database.

    Raises:
        Failure: there is no database of this version.
    """
    archive = _opened(database_url, secret)
    try:
        yield archive
    finally:
        archive.close()


def _opened(database_url: str, secret: Callable[[], bytes]) -> SqlReads:
    if on_postgres(database_url):
        from quizserver.store import postgres_ledger  # noqa: PLC0415 - an extra

        return postgres_ledger.open_reads(database_url, secret=secret)
    path = database_path(database_url)
    if not _readable(path):
        raise Failure("failure.no_database_of_version", file=str(path))
    return SqlReads(SqliteReaders(path), secret=secret())


def _readable(path: Path) -> bool:
    try:
        return is_current(path)
    except sqlite3.Error:
        return False
