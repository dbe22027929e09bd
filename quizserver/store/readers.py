"""Reads of the ledger: two threads with read-only connections.

A read sees everything that was committed before it, in one snapshot, and
never waits for the writer. The database hands a whole result over as
one JSON text, which msgspec decodes straight into values: row by row, the
thread would give up and win back the interpreter lock twenty thousand times
while the loop is busy sending. `SqliteReaders` and `PostgresReaders` know how
each database is asked.
"""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

import msgspec

Parameters = Mapping[str, str | int | None]
"""Values of the `:names` in a statement."""

Wanted = Sequence[tuple[str, type]]
"""Queries, each with the dataclass whose fields are columns of it."""

Row = TypeVar("Row")

_THREADS: Final = 2


class _Closable(Protocol):
    def close(self) -> None: ...


C = TypeVar("C", bound=_Closable)


class Readers(ABC, Generic[C]):
    """A small pool of connections that cannot write."""

    NAMED: ClassVar[str]
    """A condition: the column `participant` is in the JSON array `:participants`."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._opened: list[C] = []
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="reader")

    async def read(
        self, sql: str, parameters: Parameters, kind: type[Row]
    ) -> list[Row]:
        """Return the rows of a query, each as a `kind`.

        `kind` is a dataclass whose fields are columns of the query.

        Raises:
            LedgerDown: the database cannot be read.
        """
        (rows,) = await self.read_together([(sql, kind)], parameters)
        return rows

    async def read_together(
        self, wanted: Wanted, parameters: Parameters
    ) -> list[list[Any]]:
        """Return the rows of several queries, all of the same moment.

        Raises:
            LedgerDown: the database cannot be read.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._read, wanted, parameters)

    def close(self) -> None:
        """Finish the reads under way and close. May be called again."""
        self._threads.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()

    @abstractmethod
    def _open(self) -> C:
        """Open a connection that cannot write."""

    @abstractmethod
    def _texts(self, wanted: Wanted, parameters: Parameters) -> list[str]:
        """Return the JSON text of each query, all from one snapshot.

        Raises LedgerDown.
        """

    def _read(self, wanted: Wanted, parameters: Parameters) -> list[list[Any]]:
        texts = self._texts(wanted, parameters)
        return [
            _decoder(kind).decode(text)
            for (_, kind), text in zip(wanted, texts, strict=True)
        ]

    def _connection(self) -> C:
        """Return this thread's connection."""
        connection: C | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._open()
            self._opened.append(connection)
        return connection

    def _forget(self) -> None:
        """Close this thread's connection, which is of no use any more."""
        connection: C | None = getattr(self._own, "connection", None)
        if connection is not None:
            self._own.connection = None
            self._opened.remove(connection)
            connection.close()


@cache
def _decoder(kind: Hashable) -> Any:
    # Not strict: SQLite says 0 and 1 for false and true.
    return msgspec.json.Decoder(list[kind], strict=False)  # type: ignore[valid-type]
