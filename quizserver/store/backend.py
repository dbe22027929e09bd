"""What the journal's writer asks of a database, whichever it is.

`sqlite_backend` and `postgres_backend` implement this; `writer` knows nothing
else of a database. A backend has one connection, which it opens anew when it has
to, and is used from one thread after `__init__`, but for `stop`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from quizserver.live.rows import AnswerRow
from quizserver.store.chain import Chained, Place, Row

Key = tuple[str, str, str, str]
"""Of an answer: show, epoch, question, participant."""

PlacedRow = tuple[Row, Place]
"""A canonical row of an answer, and its place in the chain."""


class InDoubt(Exception):
    """The connection broke during a commit: it may have been carried out."""


class Cursor(Protocol):
    """What a statement found or changed (PEP 249)."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the rows that were found."""
        ...


class Connection(Protocol):
    """Runs statements of `queries` inside the open transaction (PEP 249)."""

    @property
    def IntegrityError(self) -> type[Exception]:  # noqa: N802 - PEP 249's name
        """What `execute` raises when a unique key is taken."""
        ...

    def execute(
        self, sql: str, values: Mapping[str, str | int | None] = ..., /
    ) -> Cursor:
        """Run a statement with values for its `:names`."""
        ...


class Backend(Protocol):
    """One database as the writer sees it.

    What is raised here is the driver's own; `code` and `loses_batch` say what it
    means.
    """

    @property
    def bad_row(self) -> tuple[type[Exception], ...]:
        """The errors of a row that the database cannot take."""
        ...

    def begin(self) -> Connection:
        """Begin a transaction, on a connection opened anew if need be."""
        ...

    def commit(self) -> None:
        """Return when the transaction is on the disk.

        Raises:
            InDoubt: nobody knows whether it is; ask `was_committed`.
        """
        ...

    def was_committed(self) -> bool:
        """Wait until the database tells what became of a commit in doubt."""
        ...

    def roll_back(self, error: Exception) -> None:
        """Undo the transaction that failed with `error`. Never raises."""
        ...

    def hold_chain(self, run: Chained) -> None:
        """Keep every other writer off a run's chain until the transaction ends."""
        ...

    def insert_answers(self, rows: Sequence[PlacedRow]) -> int:
        """Write answers, the first of a key; return how many were new."""
        ...

    def stored_answers(self, keys: Iterable[Key]) -> list[AnswerRow]:
        """Return the answers that are stored under these keys."""
        ...

    def code(self, error: Exception) -> str | None:
        """Return why a write failed, as `journal.Health` says it; None for a bug."""
        ...

    def loses_batch(self, error: Exception) -> bool:
        """Tell whether an error is the database's, not that of one statement."""
        ...

    def crossed(self, error: Exception) -> bool:
        """Tell whether a batch was ended since it and another waited for each other."""
        ...

    def wrote(self, rows: int) -> None:
        """Hear of a batch that was committed; nobody waits now."""
        ...

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the files, soon; from any thread."""
        ...

    def probe(self) -> None:
        """See whether the database can be written; raise the driver's error if not."""
        ...

    def rest(self) -> None:
        """Use an idle second in which all is well; raise the driver's error if not."""
        ...

    def close(self) -> None:
        """Close the connection. May be called again; a batch opens a new one."""
        ...

    def stop(self) -> None:
        """Wait for nothing any more; the one call from another thread."""
        ...
