"""Writes the answers of a batch, and tells which were there before.

The usual batch is one statement over all rows. Only when the database says that
fewer rows were added than offered is it undone and sorted out: the rows that
were stored first are read back, the others written again. So the common path
pays nothing for repeats. Nobody else can add an answer in between: the chain of
their run is held before anything else, until the commit.

An answer is judged here, by the ledger's word: another process may have locked or
extended the question after it came. And a batch at once is judged in less time than
one by one between all else that the loop does.
One that was taken in time and comes here after its question was sealed, from a
process that froze, is FAILED: who sealed could not know of it (Source: R6.1).
"""

import logging
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

import msgspec

from quizserver.live.ports import Asked, Unjudged
from quizserver.live.rows import AnswerRow, AnswerStatus, Stored
from quizserver.store import queries
from quizserver.store.backend import Backend, Connection, Key, PlacedRow
from quizserver.store.chain import OpenBatch, answer_row

Question = tuple[str, str, str]
"""Its show, epoch and id."""

_ACCEPTED: Final = AnswerStatus.ACCEPTED.value

LOG = logging.getLogger(__name__)


class _Duration(msgspec.Struct):
    """Of a lock or an extension: how long the question is open from its T0."""

    question: str
    duration_ms: int


_DURATION: Final = msgspec.json.Decoder(_Duration)

Settled = list[tuple[AnswerRow, Stored]]
"""For each offered row, in order: the row that stands, and what became of it."""


class AnswerWrites:
    """Writes answers inside the transaction that is open."""

    def __init__(
        self, backend: Backend, connection: Connection, batch: OpenBatch
    ) -> None:
        self._backend = backend
        self._connection = connection
        self._batch = batch

    def put(self, offered: Sequence[Unjudged]) -> Settled:
        """Judge and write the offered answers; the first one of a key stands.

        A row that the database cannot take is FAILED and keeps no other from
        being written. Raises the driver's error when all is lost.
        """
        # By identity: thousands share what was asked, and a hash would go through all
        # its fields for each of them.
        asked = {id(one.asked): one.asked for one in offered}
        # Before the savepoint: a hold that is taken within it ends with it.
        self._batch.hold({one.run for one in asked.values()})
        durations = {key: self._duration(one) for key, one in asked.items()}
        rows = [_judged(one, durations[id(one.asked)]) for one in offered]
        sealed = self._sealed(asked.values())
        if not sealed and all(row.status for row in rows):
            return self._tried(rows)
        rest = [row for row in rows if not _is_shut_out(row, sealed)]
        settled = iter(self._tried(rest) if rest else [])
        stands = self._stored(row for row in rows if _is_shut_out(row, sealed))
        return [
            _as_it_stands(row, stands) if _is_shut_out(row, sealed) else next(settled)
            for row in rows
        ]

    def _tried(self, rows: Sequence[AnswerRow]) -> Settled:
        mark = self._batch.mark()
        self._connection.execute("savepoint answers")
        try:
            settled = self._put(rows)
        except self._backend.bad_row as error:
            if self._backend.loses_batch(error):
                raise
            self._connection.execute("rollback to answers")
            self._batch.cut(mark)
            if len(rows) == 1:
                settled = [(rows[0], Stored.FAILED)]
            else:
                settled = [outcome for row in rows for outcome in self._tried([row])]
        self._connection.execute("release answers")
        return settled

    def _put(self, rows: Sequence[AnswerRow]) -> Settled:
        mark = self._batch.mark()
        if self._insert(rows) == len(rows):
            return [(row, Stored.NEW) for row in rows]
        self._connection.execute("rollback to answers")
        self._batch.cut(mark)
        stands = self._stored(rows)
        fresh: list[AnswerRow] = []
        settled: Settled = []
        for row in rows:
            first = stands.get(_key(row))
            if first is None:
                stands[_key(row)] = row
                fresh.append(row)
                settled.append((row, Stored.NEW))
            else:
                settled.append((first, Stored.DUPLICATE))
        self._insert(fresh)
        return settled

    def _insert(self, rows: Sequence[AnswerRow]) -> int:
        """Write rows and add them to the batch; return how many were new."""
        canonical = [answer_row(row) for row in rows]
        placed: list[PlacedRow] = []
        for run, together in groupby(canonical, key=itemgetter(slice(1, 3))):
            placed += self._batch.extend(run, list(together))
        return self._backend.insert_answers(placed)

    def _duration(self, asked: Asked) -> int | None:
        """Return what the question's newest lock or extension says; None: nothing new.

        The chain is held, so none can be written between this and the commit.
        """
        show, epoch = asked.run
        values: dict[str, str | int | None] = {
            "show": show,
            "epoch": epoch,
            "step": asked.step,
        }
        found = self._connection.execute(queries.TIMES_CHANGED, values).fetchall()
        told = [_DURATION.decode(data) for (data,) in found]
        news = [one.duration_ms for one in told if one.question == asked.question]
        return news[-1] if news else None

    def _sealed(self, asked: Iterable[Asked]) -> set[Question]:
        """Return the questions among these that are sealed."""
        names = ("show", "epoch", "question")
        questions = {(*one.run, one.question) for one in asked}
        return {
            one
            for one in questions
            if self._connection.execute(
                queries.SEALED, dict(zip(names, one, strict=True))
            ).fetchall()
        }

    def _stored(self, rows: Iterable[AnswerRow]) -> dict[Key, AnswerRow]:
        """Return the rows that are stored already under the keys of `rows`."""
        found = self._backend.stored_answers(_key(row) for row in rows)
        return {_key(row): row for row in found}


def _judged(answer: Unjudged, duration_ms: int | None) -> AnswerRow:
    """Return its row.

    Should one not be judged, by a bug, the others of its batch are.
    """
    try:
        return answer.judged(duration_ms)
    except Exception:
        LOG.exception("an answer could not be judged")
        return answer.lost()


def _is_shut_out(row: AnswerRow, sealed: set[Question]) -> bool:
    """Tell whether it must not be stored: it is lost, or came after the seal."""
    return not row.status or (row.status == _ACCEPTED and _question(row) in sealed)


def _as_it_stands(
    row: AnswerRow, stands: dict[Key, AnswerRow]
) -> tuple[AnswerRow, Stored]:
    """Tell of the answer that was stored in time, or that this one was not."""
    first = stands.get(_key(row))
    return (row, Stored.FAILED) if first is None else (first, Stored.DUPLICATE)


def _question(row: AnswerRow) -> Question:
    return (row.show, row.epoch, row.question)


def _key(row: AnswerRow) -> Key:
    return (row.show, row.epoch, row.question, row.participant)
