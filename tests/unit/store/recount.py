"""Recomputes the hash chains with other code than the server's (Source: R6.1)."""

import hashlib
import json
import sqlite3
from contextlib import closing
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

import psycopg

from quizserver.live.journaled import public_text
from quizserver.live.rows import EventRow
from quizserver.store.chain import ANSWER_COLUMNS, EVENT_COLUMNS, FLAG_COLUMNS

COLUMNS = {"answer": ANSWER_COLUMNS, "event": EVENT_COLUMNS, "flag": FLAG_COLUMNS}

Rows = list[tuple[int, int, list[Any]]]
"""Number of the link, line, canonical row."""

Database = Path | str
"""A SQLite file, or the URL of a database."""

Links = list[tuple[int, int, str, str]]
"""Number of the link, number of its rows, sha256, and what it follows."""


def found(database: Database, sql: str, *values: str) -> list[Any]:
    """Return the rows that a query with `?` finds in a database of any kind."""
    if isinstance(database, str) and database.startswith("postgresql:"):
        with psycopg.connect(database) as db:
            return db.execute(sql.replace("?", "%s"), values or None).fetchall()
    with closing(sqlite3.connect(_path(database))) as file:
        return file.execute(sql, values).fetchall()


def change(database: Database, sql: str) -> None:
    """Change a database of any kind behind the server's back."""
    if isinstance(database, str) and database.startswith("postgresql:"):
        with psycopg.connect(database) as db:
            db.execute(sql)
    else:
        with closing(sqlite3.connect(_path(database))) as file, file:
            file.execute(sql)


def everything(database: Database) -> bytes:
    """Return all that was written: the files, or every row of every table."""
    if isinstance(database, str) and database.startswith("postgresql:"):
        tables = found(
            database, "select tablename from pg_tables where schemaname = 'public'"
        )
        rows = (
            found(database, f'select one::text from "{t}" as one') for (t,) in tables
        )
        return "\n".join(row for kept in rows for (row,) in kept).encode()
    folder = _path(database).parent
    return b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())


def _path(database: Database) -> Path:
    return Path(str(database).removeprefix("sqlite:///"))


def runs(database: Database) -> set[tuple[str, str]]:
    """Return the runs that have a chain, or rows that should be in one."""
    return {
        (show, epoch)
        for table in ("batch", *COLUMNS)
        for show, epoch in found(database, f"select distinct show, epoch from {table}")
    }


def first_broken(database: Database) -> int | None:
    """Return the first link of any run that does not fit; None when all do."""
    for run in sorted(runs(database)):
        broken = first_broken_of(database, *run)
        if broken is not None:
            return broken
    return None


def first_broken_of(database: Database, show: str, epoch: str) -> int | None:
    """Return the first link of the run that does not fit; None when all do."""
    made = recomputed(chained(database, show, epoch))
    stored = links(database, show, epoch)
    for no, (one, other) in enumerate(zip_longest(made, stored), 1):
        if one != other:
            return no
    return None


def recomputed(rows: Rows) -> Links:
    """Return the links that these rows make.

    A hole in the lines is a row that is missing, so nothing fits after it.
    """
    made: Links = []
    prev = "0" * 64
    ordered = sorted(rows, key=lambda row: row[:2])
    for no, batch in groupby(ordered, key=lambda row: row[0]):
        lines = [(line, row) for _, line, row in batch]
        if [line for line, _ in lines] != list(range(len(lines))):
            return made
        digests = "".join(digest(row) for _, row in lines)
        sha256 = hashlib.sha256((prev + digests).encode()).hexdigest()
        made.append((no, len(lines), sha256, prev))
        prev = sha256
    return made


def chained(database: Database, show: str, epoch: str) -> Rows:
    """Return the run's rows that are in its chain."""
    rows: Rows = []
    for kind, columns in COLUMNS.items():
        kept = found(
            database,
            f"select batch, line, {', '.join(columns)} from {kind}"
            " where show = ? and epoch = ?",
            show,
            epoch,
        )
        rows += [(row[0], row[1], [kind, *row[2:]]) for row in kept]
    return [(no, line, _without_secrets(row)) for no, line, row in rows]


def _without_secrets(row: list[Any]) -> list[Any]:
    """Put what is chained of an event in the place of its stored text."""
    if row[0] != "event":
        return row
    values = dict(zip(EVENT_COLUMNS, row[1:], strict=True))
    return [*row[:-1], public_text(EventRow(**values))]


def links(database: Database, show: str, epoch: str) -> Links:
    """Return the run's links."""
    return found(
        database,
        "select no, rows, sha256, prev from batch"
        " where show = ? and epoch = ? order by no",
        show,
        epoch,
    )


def digest(row: list[Any]) -> str:
    """Return the digest of a canonical row."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
