"""The hash chain over events and answers: one link per commit (Source: R6.1).

Canonical form of a batch: the compact JSON text of an array that holds its rows
in order of `line`, each row an array of its kind and its columns in the order
below. The link is sha256 of the previous link, as 64 hex digits, followed by
that text in UTF-8. The first link follows 64 zeros. Whoever has the rows can
recompute every link; a changed, missing, added or moved row breaks one, and
the `batch` of the rows says where.

The columns `batch` and `line` are not hashed: the place in the array is their
meaning. Personal data is in neither kind of row, so erasing breaks no link.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

import msgspec

from quizserver.live.journaled import public_text
from quizserver.live.ports import AnswerRow, EventRow

Row = tuple[str | int, ...]
"""A canonical row: its kind, then its columns."""

START: Final = "0" * 64
"""What the first link follows."""

ANSWER_COLUMNS: Final = (
    "show",
    "epoch",
    "question",
    "participant",
    "option",
    "status",
    "time_ms",
    "received_ns",
    "at_ms",
    "receipt",
    "evidence",
    "flags",
)

EVENT_COLUMNS: Final = (
    "show",
    "epoch",
    "step",
    "at_ms",
    "name",
    "actor",
    "ref",
    "data",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The newest link: number of the batch and its sha256 in hex."""

    no: int = 0
    sha256: str = START


@dataclass(slots=True)
class OpenBatch:
    """The rows of a batch that is being written, in order of `line`."""

    no: int
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> int:
        """Add a row and return its line."""
        self.rows.append(row)
        return len(self.rows) - 1

    def cut(self, lines: int) -> None:
        """Drop what was added after the first `lines`: its write was undone."""
        del self.rows[lines:]


def answer_row(row: AnswerRow) -> Row:
    """Return the canonical row of an answer."""
    return (
        "answer",
        row.show,
        row.epoch,
        row.question,
        row.participant,
        row.option,
        row.status,
        row.time_ms,
        row.received_ns,
        row.at_ms,
        row.receipt,
        row.evidence,
        row.flags,
    )


def event_row(row: EventRow) -> Row:
    """Return the canonical row of an event."""
    return (
        "event",
        row.show,
        row.epoch,
        row.step,
        row.at_ms,
        row.name,
        row.actor,
        row.ref,
        public_text(row),
    )


def link(prev: Link, rows: Sequence[Row]) -> Link:
    """Return the link of a batch with these rows after `prev`."""
    digest = sha256(prev.sha256.encode())
    digest.update(msgspec.json.encode(rows))
    return Link(no=prev.no + 1, sha256=digest.hexdigest())
