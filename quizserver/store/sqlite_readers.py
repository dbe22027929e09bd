"""How the readers ask a SQLite file."""

import sqlite3
from collections.abc import Hashable
from functools import cache
from pathlib import Path

import msgspec
from msgspec.inspect import DataclassType, StructType

from quizserver.live.ports import LedgerDown
from quizserver.store.files import open_reader
from quizserver.store.readers import Parameters, Readers, Wanted


class SqliteReaders(Readers[sqlite3.Connection]):
    """Read-only connections to one file."""

    NAMED = " and participant in (select value from json_each(:participants))"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def _open(self) -> sqlite3.Connection:
        return open_reader(self._path)

    def _texts(self, wanted: Wanted, parameters: Parameters) -> list[str]:
        try:
            return _fetched(self._connection(), wanted, parameters)
        except sqlite3.Error as error:
            raise LedgerDown("read_failed") from error


def _fetched(
    db: sqlite3.Connection, wanted: Wanted, parameters: Parameters
) -> list[str]:
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
    record = msgspec.inspect.type_info(kind)
    assert isinstance(record, DataclassType | StructType)
    pairs = ", ".join(f"'{f.name}', \"{f.name}\"" for f in record.fields)
    return f"select json_group_array(json_object({pairs})) from ({sql})"  # noqa: S608
