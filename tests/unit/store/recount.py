"""Recomputes the hash chains with other code than the server's (Source: R6.1)."""

import hashlib
import json
import sqlite3
from contextlib import closing
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from quizserver.live.journaled import public_text
from quizserver.live.ports import EventRow
from quizserver.store.chain import ANSWER_COLUMNS, EVENT_COLUMNS, FLAG_COLUMNS

COLUMNS = {"answer": ANSWER_COLUMNS, "event": EVENT_COLUMNS, "flag": FLAG_COLUMNS}

Rows = list[tuple[int, int, list[Any]]]
"""Number of the link, line, canonical row."""

Links = list[tuple[int, int, str, str]]
"""Number of the link, number of its rows, sha256, and what it follows."""


def runs(path: Path) -> set[tuple[str, str]]:
    """Return the runs that have a chain, or rows that should be in one."""
    with closing(sqlite3.connect(path)) as db:
        return {
            (show, epoch)
            for table in ("batch", *COLUMNS)
            for show, epoch in db.execute(f"select distinct show, epoch from {table}")
        }


def first_broken(path: Path) -> int | None:
    """Return the first link of any run that does not fit; None when all do."""
    for run in sorted(runs(path)):
        broken = first_broken_of(path, *run)
        if broken is not None:
            return broken
    return None


def first_broken_of(path: Path, show: str, epoch: str) -> int | None:
    """Return the first link of the run that does not fit; None when all do."""
    made = recomputed(chained(path, show, epoch))
    stored = links(path, show, epoch)
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


def chained(path: Path, show: str, epoch: str) -> Rows:
    """Return the run's rows that are in its chain."""
    rows: Rows = []
    with closing(sqlite3.connect(path)) as db:
        for kind, columns in COLUMNS.items():
            found = db.execute(
                f"select batch, line, {', '.join(columns)} from {kind}"
                " where show = ? and epoch = ?",
                (show, epoch),
            )
            rows += [(row[0], row[1], [kind, *row[2:]]) for row in found]
    return [(no, line, _without_secrets(row)) for no, line, row in rows]


def _without_secrets(row: list[Any]) -> list[Any]:
    """Put what is chained of an event in the place of its stored text."""
    if row[0] != "event":
        return row
    values = dict(zip(EVENT_COLUMNS, row[1:], strict=True))
    return [*row[:-1], public_text(EventRow(**values))]


def links(path: Path, show: str, epoch: str) -> Links:
    """Return the run's links."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(
            "select no, rows, sha256, prev from batch"
            " where show = ? and epoch = ? order by no",
            (show, epoch),
        ).fetchall()


def digest(row: list[Any]) -> str:
    """Return the digest of a canonical row."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
