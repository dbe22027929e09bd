"""Writes the answers of a batch, and tells which were there before.

The usual batch is one statement over all rows. Only when the database says that
fewer rows were added than offered is it undone and sorted out: the rows that
were stored first are read back, the others written again. So the common path
pays nothing for repeats. Nobody else can add an answer in between: the chain of
their run is held before anything else, until the commit.
"""

from collections.abc import Iterable, Sequence

from quizserver.live.ports import AnswerRow, Stored
from quizserver.store.backend import Backend, Connection, Key
from quizserver.store.chain import OpenBatch, answer_row

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

    def put(self, rows: Sequence[AnswerRow]) -> Settled:
        """Write `rows`; the first one of a key stands.

        A row that the database cannot take is FAILED and keeps no other from
        being written. Raises the driver's error when all is lost.
        """
        # Before the savepoint: a hold that is taken within it ends with it.
        self._batch.hold({(row.show, row.epoch) for row in rows})
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
                settled = [outcome for row in rows for outcome in self.put([row])]
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
        return self._backend.insert_answers(
            [(row, self._batch.add(row)) for row in canonical]
        )

    def _stored(self, rows: Iterable[AnswerRow]) -> dict[Key, AnswerRow]:
        """Return the rows that are stored already under the keys of `rows`."""
        found = self._backend.stored_answers(_key(row) for row in rows)
        return {_key(row): row for row in found}


def _key(row: AnswerRow) -> Key:
    return (row.show, row.epoch, row.question, row.participant)
