"""The ledger's file: who owns it, and how its connections are opened.

One process owns the file, one connection of that process writes and alone
checkpoints (SQLite before 3.51.3 can corrupt a log that two connections write
and checkpoint at once), all others are read-only. Nothing else in the store
opens a connection.
"""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import Final

from quizserver.failures import Failure, cause_of

SYNCHRONOUS: Final = "FULL"
"""A commit returns when it is on the disk; NORMAL loses receipts with the
power, though never with a kill -9 (tests/faults holds both; Source: R3.4)."""

_BUSY_MS: Final = 5_000
_LOG_KEPT: Final = 64 * 1024 * 1024

_PRIVATE: Final = 0o600
_BESIDE: Final = ("-wal", "-shm")


class FileLock:
    """Holds a database file for this process until `release`.

    The lock goes with the process, however it ends.
    """

    def __init__(self, database: Path) -> None:
        """Take the lock beside `database`.

        Raises:
            Failure: another process holds it, or the folder is not writable.
        """
        self._path = database.with_name(database.name + ".lock")
        self._file: int | None = _opened(self._path)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise Failure("failure.database_in_use", file=str(database)) from None

    def release(self) -> None:
        """Let the file go. May be called again."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def make_private(path: Path) -> None:
    """Make a database file that only the server's own user can read.

    It holds names. SQLite gives the files it puts beside it, the log and its
    index, the same mode. For a file that is there already, too.

    Raises:
        Failure: the folder or the file is not writable.
    """
    os.close(_opened(path))
    for one in (path, *(path.with_name(path.name + end) for end in _BESIDE)):
        if one.exists():
            one.chmod(_PRIVATE)


def open_writer(path: Path) -> sqlite3.Connection:
    """Open the one connection that writes and checkpoints.

    Raises:
        sqlite3.Error: the file cannot be opened or is no database.
    """
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_MS / 1000,
    )
    try:
        _configure(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open a connection that cannot write.

    Raises:
        sqlite3.Error: the file cannot be opened.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_MS / 1000,
    )
    connection.execute("pragma query_only = on")
    # KiB: the answers to a question (600 bytes each) are read in order of their key,
    # which is not that of their pages, and each page should be fetched once.
    connection.execute("pragma cache_size = -32768")
    return connection


def _configure(connection: sqlite3.Connection) -> None:
    for pragma in (
        "journal_mode = wal",
        f"synchronous = {SYNCHRONOUS}",
        "wal_autocheckpoint = 0",  # the journal does it between two batches
        f"journal_size_limit = {_LOG_KEPT}",
        "foreign_keys = on",
        "secure_delete = on",  # an erased name is not left on a free page
        "cache_size = -65536",  # KiB: the answers to a question stay in memory
        # What a savepoint would put back: it was a third of an answer's cost as a
        # file, which no crash ever reads. (The commit's own log is the WAL.)
        "temp_store = memory",
    ):
        connection.execute(f"pragma {pragma}").fetchall()


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    except OSError as error:
        raise Failure(
            "failure.folder_unwritable", folder=str(path.parent), cause=cause_of(error)
        ) from None
