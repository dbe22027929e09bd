"""Reads a database that another process may own: for exports and checks.

Nothing here can write: the connections are read-only and the lock is not
taken, so an export works beside a running server and after it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from quizserver.domain.ids import QuestionId, ShowCode
from quizserver.failures import Failure
from quizserver.live.ports import AnswerRow, EventRow, Registration, ShowRow
from quizserver.store import people, queries
from quizserver.store.ledger import database_path
from quizserver.store.migrate import is_current
from quizserver.store.readers import Readers
from quizserver.store.vault import Vault
from quizserver.store.writes import Run


class Archive:
    """The reads that exports need, as of the last commit."""

    def __init__(self, path: Path, secret: bytes) -> None:
        self._readers = Readers(path)
        self._vault = Vault(secret)

    async def shows(self) -> list[ShowRow]:
        """Return the shows, oldest first."""
        return await self._readers.read(queries.SHOWS, {}, ShowRow)

    async def events(self, show: ShowCode, epoch: str | None = None) -> list[EventRow]:
        """Return the events of a show's newest (or the named) epoch, by step."""
        values = {"show": show, "epoch": epoch}
        return await self._readers.read(queries.EVENTS, values, EventRow)

    async def answers_to(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> list[AnswerRow]:
        """Return all answers to a question, by participant id."""
        values = Run(show=show, epoch=epoch).values(question=question)
        return await self._readers.read(queries.ANSWERS_TO, values, AnswerRow)

    async def registrations(self, show: ShowCode, epoch: str) -> list[Registration]:
        """Return everybody who registered, by participant id."""
        values = Run(show=show, epoch=epoch).values()
        rows = await self._readers.read(queries.REGISTRATIONS, values, people.PersonRow)
        return [people.registration(row, show, epoch, self._vault) for row in rows]

    def close(self) -> None:
        """Close the connections."""
        self._readers.close()


@contextmanager
def open_archive(database_url: str, secret: Callable[[], bytes]) -> Iterator[Archive]:
    """Open the database that a URL names, for reading only.

    `secret` is asked for only once there is a database.

    Raises:
        Failure: there is no database of this version.
    """
    path = database_path(database_url)
    if not is_current(path):
        raise Failure(
            f"there is no database of this version at {path}; start the server once "
            "with this version, or set QUIZ_DATA_DIR to the folder of its data"
        )
    archive = Archive(path, secret())
    try:
        yield archive
    finally:
        archive.close()
