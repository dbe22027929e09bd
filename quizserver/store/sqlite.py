"""The ledger in one SQLite file, which this process holds a lock on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from quizserver.store.files import FileLock, open_writer
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.sqlite_backend import SqliteBackend
from quizserver.store.sqlite_readers import SqliteReaders


class SqliteLedger(SqlLedger):
    """One file, owned by this process. Made by `ledger.open_ledger`."""

    def __init__(
        self,
        path: Path,
        *,
        lock: FileLock,
        secret: bytes,
        linger_ms: float,
        now_ns: Callable[[], int],
    ) -> None:
        """Open a database that has this version's schema.

        Raises:
            sqlite3.Error: the file cannot be opened.
        """
        super().__init__(
            SqliteReaders(path),
            SqliteBackend(partial(open_writer, path)),
            secret=secret,
            linger_ms=linger_ms,
            now_ns=now_ns,
        )
        self._lock = lock

    def close(self) -> None:
        """Write what is queued and let the file go. Blocks; may be called again."""
        super().close()
        self._lock.release()
