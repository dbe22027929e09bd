"""Reads of the SQLite ledger: two threads with read-only connections.

A read sees everything that was committed before it, in one snapshot, and
never waits for the writer. SQLite hands a whole result over as
one JSON text, which msgspec decodes straight into values: row by row, the
thread would give up and win back the interpreter lock twenty thousand times
while the loop is busy sending.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from quizserver.live.ports import LedgerDown
from quizserver.store.files import open_reader

Parameters = Mapping[str, str | int | None]
"""Values of the `:names` in a statement."""

Row = TypeVar("Row")

_THREADS: Final = 2


class Readers:
    """A small pool of connections that cannot write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="reader")

    async def read(
        self, sql: str, parameters: Parameters, kind: type[Row]
    ) -> list[Row]:
        """Return the rows of a query, each as a `kind`.

        `kind` is a dataclass whose fields are columns of the query.

        Raises:
            LedgerDown: the file cannot be read.
        """
        (rows,) = await self.read_together([(sql, kind)], parameters)
        return rows

    async def read_together(
        self, wanted: Sequence[tuple[str, type]], parameters: Parameters
    ) -> list[list[Any]]:
        """Return the rows of several queries, all of the same moment.

        Raises:
            LedgerDown: the file cannot be read.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._read, wanted, parameters)

    def close(self) -> None:
        """Finish the reads under way and close. May be called again."""
        self._threads.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()

    def _read(
        self, wanted: Sequence[tuple[str, type]], parameters: Parameters
    ) -> list[list[Any]]:
        try:
            texts = _fetched(self._connection(), wanted, parameters)
        except sqlite3.Error as error:
            raise LedgerDown("read_failed") from error
        return [
            _decoder(kind).decode(text)
            for (_, kind), text in zip(wanted, texts, strict=True)
        ]

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = open_reader(self._path)
            self._opened.append(connection)
        return connection


def _fetched(
    db: sqlite3.Connection,
    wanted: Sequence[tuple[str, type]],
    parameters: Parameters,
) -> list[str]:
    """Return the JSON text of each query, all from one snapshot."""
    db.execute("begin")
    try:
        return [
            db.execute(_as_json(sql, kind), parameters).fetchone()[0]
            for sql, kind in wanted
        ]
    finally:
        db.execute("rollback")


@cache
def _as_json(sql: str, kind: Hashable) -> str:
    """Return a query for one JSON array with the rows of `sql` as objects."""
    assert isinstance(kind, type)
    assert is_dataclass(kind)
    pairs = ", ".join(f"'{f.name}', \"{f.name}\"" for f in fields(kind))
    return f"select json_group_array(json_object({pairs})) from ({sql})"  # noqa: S608


@cache
def _decoder(kind: Hashable) -> Any:
    # Not strict: SQLite says 0 and 1 for false and true.
    return msgspec.json.Decoder(list[kind], strict=False)  # type: ignore[valid-type]
