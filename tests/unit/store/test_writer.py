"""The writer when a SQLite file fails: no false word, and well again by itself.

A full disk is made with SQLite's own page limit, a failing one by another
connection that holds the file.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from quizserver.live.ports import LedgerDown
from quizserver.live.rows import AnswerRow, Link, Stored
from quizserver.store import writes
from quizserver.store.files import open_writer
from quizserver.store.sqlite_backend import SqliteBackend
from quizserver.store.writer import Item, QueuedAnswer, QueuedWrite, Transaction, Writer
from tests.unit.store.rows import Judged, answer, event


@pytest.fixture
def path(tmp_path: Path, empty_database: Path) -> Path:
    """A migrated database."""
    path = tmp_path / "quiz.db"
    path.write_bytes(empty_database.read_bytes())
    return path


@pytest.fixture
def connections() -> list[sqlite3.Connection]:
    """What the writer opened, first to last."""
    return []


@pytest.fixture
def writer(path: Path, connections: list[sqlite3.Connection]) -> Iterator[Writer]:
    """A writer without a thread: each call happens where the test is."""

    def connect() -> sqlite3.Connection:
        connections.append(open_writer(path))
        connections[-1].execute("pragma busy_timeout = 0")
        return connections[-1]

    writer = Writer(SqliteBackend(connect), iter(range(10**9)).__next__)
    yield writer
    writer.close()


def offer(writer: Writer, *participants: str) -> list[Stored]:
    """Write a batch of answers; return what the receivers would be told."""
    told: list[Stored] = []

    def done(_row: AnswerRow, stored: Stored) -> None:
        told.append(stored)

    big = "x" * 3_000
    rows = [answer(participant, evidence=big) for participant in participants]
    items: list[Item] = [QueuedAnswer(Judged(row), done) for row in rows]
    for call, one, two in writer.settle(items):
        call(one, two)
    return told


def limit(connection: sqlite3.Connection, more: int) -> None:
    """Let the database grow by so many pages and no more."""
    ((pages,),) = connection.execute("pragma page_count").fetchall()
    connection.execute(f"pragma max_page_count = {pages + more}").fetchall()


def stored(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        ((number,),) = connection.execute("select count(*) from answer").fetchall()
    connection.close()
    return int(number)


class TestDiskFull:
    def test_nothing_of_the_batch_is_acknowledged_or_stored(
        self, writer: Writer, path: Path, connections: list[sqlite3.Connection]
    ) -> None:
        limit(connections[0], 3)
        told = offer(writer, *(f"p{n}" for n in range(30)))
        assert told == [Stored.FAILED] * 30
        assert stored(path) == 0
        assert writer.error == "disk_full"

    def test_writes_again_on_the_same_connection_when_there_is_space(
        self, writer: Writer, path: Path, connections: list[sqlite3.Connection]
    ) -> None:
        limit(connections[0], 3)
        offer(writer, *(f"p{n}" for n in range(30)))
        limit(connections[0], 10_000)
        assert offer(writer, "p1", "p2") == [Stored.NEW] * 2
        assert (writer.error, len(connections), stored(path)) == ("", 1, 2)

    def test_waiting_command_is_told(
        self, writer: Writer, connections: list[sqlite3.Connection]
    ) -> None:
        limit(connections[0], 0)
        loop = asyncio.new_event_loop()
        try:
            future: asyncio.Future[None] = loop.create_future()
            work = partial(append_long, text="x" * 100_000)
            for call, one, two in writer.settle([QueuedWrite(work, future)]):
                call(one, two)
            with pytest.raises(LedgerDown, match="disk_full"):
                loop.run_until_complete(future)
        finally:
            loop.close()

    def test_chain_goes_on_where_it_was(
        self, writer: Writer, path: Path, connections: list[sqlite3.Connection]
    ) -> None:
        offer(writer, "p1")
        limit(connections[0], 0)
        offer(writer, *(f"q{n}" for n in range(30)))
        limit(connections[0], 10_000)
        offer(writer, "p2")
        with sqlite3.connect(path) as connection:
            links = connection.execute("select no, sha256, prev from batch order by no")
            (first, second) = links.fetchall()
        connection.close()
        assert (first[0], second[0]) == (1, 2)
        assert (first[2], second[2]) == (Link().sha256, first[1])


class TestFailingFile:
    def test_held_file_fails_the_batch_and_is_logged_once(
        self,
        writer: Writer,
        path: Path,
        connections: list[sqlite3.Connection],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin immediate")
        with caplog.at_level(logging.ERROR):
            assert offer(writer, "p1") == [Stored.FAILED]
            assert offer(writer, "p1") == [Stored.FAILED]
        assert writer.error == "locked"
        assert len(caplog.records) == 1
        other.execute("rollback")
        other.close()
        assert offer(writer, "p1") == [Stored.NEW]
        assert (writer.error, writer.failures) == ("", 2)
        assert len(connections) == 1

    def test_connection_of_no_use_is_replaced(
        self, writer: Writer, path: Path, connections: list[sqlite3.Connection]
    ) -> None:
        offer(writer, "p1")
        connections[0].close()
        assert offer(writer, "p2") == [Stored.FAILED]
        assert offer(writer, "p2") == [Stored.NEW]
        assert (len(connections), stored(path)) == (2, 2)

    def test_idle_second_finds_out_that_the_file_is_well(
        self, writer: Writer, path: Path
    ) -> None:
        """The panel's red sentence goes without anybody answering."""
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin immediate")
        offer(writer, "p1")
        writer.rest()
        assert writer.error == "locked"
        other.execute("rollback")
        other.close()
        writer.rest()
        assert writer.error == ""

    def test_bug_in_the_writer_is_no_acknowledgement(
        self, writer: Writer, caplog: pytest.LogCaptureFixture
    ) -> None:
        told: list[Stored] = []
        bug = answer("p1")
        del bug.evidence
        broken = QueuedAnswer(Judged(bug), lambda _, how: told.append(how))
        with caplog.at_level(logging.ERROR):
            for call, one, two in writer.settle([broken]):
                call(one, two)
        assert told == [Stored.FAILED]
        assert offer(writer, "p1") == [Stored.NEW]


class TestCheckpoint:
    def test_idle_second_empties_the_log_into_the_file(
        self, writer: Writer, path: Path, connections: list[sqlite3.Connection]
    ) -> None:
        """A kill -9 later, nothing has to be replayed from the log."""
        offer(writer, *(f"p{n}" for n in range(100)))
        size = path.stat().st_size
        writer.rest()
        assert path.stat().st_size > size

    def test_log_stays_short_under_load(self, writer: Writer, path: Path) -> None:
        for start in range(0, 5_000, 50):
            offer(writer, *(f"p{n}" for n in range(start, start + 50)))
        log = path.with_name("quiz.db-wal")
        assert log.stat().st_size < 2_500 * 4_096


def append_long(turn: Transaction, text: str) -> None:
    writes.append(turn, event(1, data=text), None)
