"""How the readers ask PostgreSQL."""

from functools import cache
from typing import Any

import psycopg

from quizserver.live.ports import LedgerDown
from quizserver.store.postgres import Target, named
from quizserver.store.readers import Parameters, Readers, Wanted

_TRIES = 2
"""A connection that was idle while PostgreSQL was restarted is noticed when it
is used; reading again on a new one changes nothing."""


class PostgresReaders(Readers["psycopg.Connection[Any]"]):
    """Read-only connections to one database."""

    NAMED = (
        " and participant = any(array("
        "select json_array_elements_text(cast(:participants as json))))"
    )

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target

    def _open(self) -> "psycopg.Connection[Any]":
        return self._target.connect("default_transaction_read_only=on")

    def _texts(self, wanted: Wanted, parameters: Parameters) -> list[str]:
        for attempt in range(1, _TRIES + 1):
            try:
                return _fetched(self._connection(), wanted, parameters)
            except psycopg.OperationalError as error:
                self._forget()
                if attempt == _TRIES:
                    raise LedgerDown("read_failed") from error
            except psycopg.Error as error:
                self._forget()
                raise LedgerDown("read_failed") from error
        raise AssertionError


def _fetched(
    db: "psycopg.Connection[Any]", wanted: Wanted, parameters: Parameters
) -> list[str]:
    if len(wanted) == 1:
        return [_text(db, wanted[0][0], parameters)]
    db.execute("begin isolation level repeatable read")
    texts = [_text(db, sql, parameters) for sql, _ in wanted]
    db.execute("commit")
    return texts


def _text(db: "psycopg.Connection[Any]", sql: str, parameters: Parameters) -> str:
    found = db.execute(named(_as_json(sql)), parameters).fetchone()
    assert found is not None
    return str(found[0])


@cache
def _as_json(sql: str) -> str:
    """Return a query for one JSON array with the rows of `sql` as objects."""
    return (
        "select cast(coalesce(json_agg(found), '[]') as text) "  # noqa: S608
        f"from ({sql}) as found"
    )
