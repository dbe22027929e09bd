"""Recomputes the hash chain with other code than the server's (Source: R6.1)."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from quizserver.store.chain import ANSWER_COLUMNS, EVENT_COLUMNS

Rows = list[tuple[int, int, list[Any]]]
"""Number of the batch, line, canonical row."""


def first_broken(path: Path) -> int | None:
    """Return the first batch whose link does not fit; None when all do."""
    with closing(sqlite3.connect(path)) as db:
        rows: Rows = []
        for kind, columns in (("answer", ANSWER_COLUMNS), ("event", EVENT_COLUMNS)):
            found = db.execute(f"select batch, line, {', '.join(columns)} from {kind}")
            rows += [(r[0], r[1], [kind, *r[2:]]) for r in found]
        links = db.execute("select no, rows, sha256, prev from batch order by no")
        prev = "0" * 64
        batches = {number for number, _, _ in rows}
        for expected, (no, size, sha256, follows) in enumerate(links.fetchall(), 1):
            lines = sorted(row for row in rows if row[0] == no)
            text = json.dumps(
                [row for _, _, row in lines], ensure_ascii=False, separators=(",", ":")
            )
            digest = hashlib.sha256((prev + text).encode()).hexdigest()
            fits = [line for _, line, _ in lines] == list(range(size))
            if no != expected or not fits or (sha256, follows) != (digest, prev):
                return expected
            prev = sha256
            batches.discard(no)
        return min(batches, default=None)
