"""The hash chain of a run: events, answers and flags (Source: R6.1).

Each run of a show (its code and epoch) has a chain of its own, so that an export
of one run holds the whole of it. Each commit that holds rows of a run adds one
link to that run's chain, numbered from 1.

The canonical form of a row is the compact JSON text, in UTF-8, of an array of its
kind and its columns in the order below; the row's digest is the sha256 of that
in hex. A link is the sha256, in hex, of the previous link followed by the digests
of its rows in order of `line`, all as hex digits; the first link follows 64 zeros.
A row that has to stay secret can stand in an export as its digest, and the rest
still fits. Whoever has the rows can recompute every link; a changed, missing,
added or moved row breaks one, and the `batch` of the rows says which.

The columns `batch` (number of the link) and `line` are not hashed: the place among
the digests is their meaning. Of an event what holds no secret is hashed
(`live.journaled.public_text`). Personal data is in no kind of row, so erasing
breaks no link.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count, repeat
from typing import Final

import msgspec
from msgspec.structs import astuple

from quizserver.live.journaled import public_text
from quizserver.live.rows import AnswerRow, EventRow, FlagRow, Link

Row = tuple[str | int, ...]
"""A canonical row: its kind, then its columns, of which show and epoch come first."""

Chained = tuple[str | int, ...]
"""Whose chain it is: the show and the epoch of a canonical row."""

Place = tuple[int, int]
"""Where a row stands: the number of its link (`batch`), and its line."""

_ENCODER: Final = msgspec.json.Encoder()

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

FLAG_COLUMNS: Final = (
    "show",
    "epoch",
    "question",
    "participant",
    "flag",
    "at_ms",
)


@dataclass(slots=True)
class OpenLink:
    """A link that is being made: what it follows, its rows in order of `line`."""

    prev: Link
    rows: list[Row] = field(default_factory=list)


class OpenBatch:
    """The rows of a commit that is being written, each in its run's link."""

    def __init__(self, head: Callable[[Chained], Link]) -> None:
        """Make links that follow the `head` of each run's chain."""
        self._head = head
        self._links: dict[Chained, OpenLink] = {}

    def hold(self, runs: Iterable[Chained]) -> None:
        """Begin a link for each of these runs, in an order that all writers share."""
        for run in sorted(runs):
            self._link(run)

    def add(self, row: Row) -> Place:
        """Add a row to its run's link; return its place."""
        made = self._link(row[1:3])
        made.rows.append(row)
        return made.prev.no + 1, len(made.rows) - 1

    def extend(self, run: Chained, rows: list[Row]) -> Iterator[tuple[Row, Place]]:
        """Add rows to their run's link; return each with its place."""
        made = self._link(run)
        places = zip(repeat(made.prev.no + 1), count(len(made.rows)), strict=False)
        made.rows += rows
        return zip(rows, places, strict=False)

    def follows(self, run: Chained) -> Link:
        """Return the newest link of a run's chain, which this batch holds now."""
        return self._link(run).prev

    def mark(self) -> Mapping[Chained, int]:
        """Return how much is there, for `cut`."""
        return {run: len(made.rows) for run, made in self._links.items()}

    def cut(self, mark: Mapping[Chained, int]) -> None:
        """Drop what was added after `mark`: its write was undone.

        A link that was begun after it is given up: with the write the hold on
        that run's chain was undone too.
        """
        for run, made in list(self._links.items()):
            if run in mark:
                del made.rows[mark[run] :]
            else:
                del self._links[run]

    def links(self) -> Iterator[tuple[Chained, OpenLink]]:
        """Return the links that have rows, with whose chain they belong to."""
        return ((run, made) for run, made in self._links.items() if made.rows)

    def _link(self, run: Chained) -> OpenLink:
        made = self._links.get(run)
        if made is None:
            made = self._links[run] = OpenLink(self._head(run))
        return made


def answer_row(row: AnswerRow) -> Row:
    """Return the canonical row of an answer."""
    return ("answer", *astuple(row)[:-2])


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


def flag_row(row: FlagRow) -> Row:
    """Return the canonical row of a flag."""
    return (
        "flag",
        row.show,
        row.epoch,
        row.question,
        row.participant,
        row.flag,
        row.at_ms,
    )


def link(prev: Link, rows: Iterable[Row]) -> Link:
    """Return the link with these rows that follows `prev`."""
    digests = "".join([sha256(_ENCODER.encode(row)).hexdigest() for row in rows])
    made = sha256((prev.sha256 + digests).encode())
    return Link(no=prev.no + 1, sha256=made.hexdigest())
