"""What is PostgreSQL's alone: connections that break, servers that go away.

A real server is killed and started again; a commit is cut off on the wire.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest

from quizserver.failures import Failure
from quizserver.live.ports import LedgerDown
from quizserver.live.rows import AnswerRow, Stored
from quizserver.store import writes
from quizserver.store.archive import open_archive
from quizserver.store.ledger import open_ledger, temporary
from quizserver.store.migrate import HEAD
from quizserver.store.postgres import About, Target, own
from quizserver.store.postgres_backend import PostgresBackend, writing
from quizserver.store.writer import Item, QueuedAnswer, QueuedWrite, Transaction, Writer
from tests.postgres import Cluster, connected, wait_for
from tests.unit.store.conftest import SECRET
from tests.unit.store.recount import change, first_broken, found
from tests.unit.store.rows import EPOCH, Q1, SHOW, Judged, answer, event, put
from tests.unit.store.wire import Wire, wire_to

NAME = "Nguyễn Thị Phương Thảo"


@pytest.fixture
def wire(postgres: Cluster) -> Iterator[Wire]:
    """A wire to the server; `wired` connects over it."""
    with (
        TemporaryDirectory(prefix="quiz-wire-", dir="/tmp") as folder,
        wire_to(postgres.folder, Path(folder)) as made,
    ):
        yield made


@pytest.fixture
def make(empty_schema: str) -> Iterator[Callable[[str], Writer]]:
    """Make writers without a thread: each call happens where the test is."""
    made: list[Writer] = []

    def writer(url: str = empty_schema) -> Writer:
        target = Target(url)
        backend = PostgresBackend(target, writing(target))
        made.append(Writer(backend, iter(range(10**9)).__next__))
        return made[-1]

    yield writer
    for one in made:
        one.stop()
        one.close()


@pytest.fixture
def wired(make: Callable[[str], Writer], wire: Wire) -> Writer:
    """A writer that is connected over the wire."""
    return make(f"postgresql://quiz@/contract?host={wire.folder}")


@pytest.fixture
def running(postgres: Cluster) -> Iterator[Cluster]:
    """The server, which runs again when the test has ended."""
    yield postgres
    if not postgres.runs:
        postgres.start()


def offer(writer: Writer, *participants: str) -> list[Stored]:
    """Write a batch of answers; return what the receivers would be told."""
    told: list[Stored] = []

    def done(_row: AnswerRow, stored: Stored) -> None:
        told.append(stored)

    rows = [answer(participant) for participant in participants]
    items: list[Item] = [QueuedAnswer(Judged(row), done) for row in rows]
    for call, one, two in writer.settle(items):
        call(one, two)
    return told


def write(writer: Writer, work: Callable[[Transaction], Any]) -> Any:
    """Write one batch of one write; return its result or raise what it raised."""
    loop = asyncio.new_event_loop()
    with closing(loop):
        future: asyncio.Future[Any] = loop.create_future()
        for call, one, two in writer.settle([QueuedWrite(work, future)]):
            call(one, two)
        return loop.run_until_complete(future)


def stored(url: str) -> list[str]:
    return [row[0] for row in found(url, "select participant from answer order by 1")]


class TestCommitThatIsCutOff:
    """Nobody is told anything that is not so, whichever side of the commit it was."""

    def test_one_that_was_carried_out_is_told_as_stored(
        self, wired: Writer, wire: Wire, empty_schema: str
    ) -> None:
        offer(wired, "before")
        wire.cut = "after"
        assert offer(wired, "p1", "p2") == [Stored.NEW, Stored.NEW]
        assert offer(wired, "p1", "p3") == [Stored.DUPLICATE, Stored.NEW]
        assert stored(empty_schema) == ["before", "p1", "p2", "p3"]
        assert wired.error == ""
        assert first_broken(empty_schema) is None

    def test_one_that_was_not_is_told_as_lost_and_sent_again(
        self, wired: Writer, wire: Wire, empty_schema: str
    ) -> None:
        offer(wired, "before")
        wire.cut = "before"
        assert offer(wired, "p1") == [Stored.FAILED]
        assert wired.error == "connection_lost"
        assert stored(empty_schema) == ["before"]
        assert offer(wired, "p1") == [Stored.NEW]
        assert wired.error == ""
        assert first_broken(empty_schema) is None

    def test_what_the_old_connection_still_holds_is_taken_from_it(
        self, wired: Writer, wire: Wire, empty_schema: str
    ) -> None:
        """PostgreSQL may not notice for minutes that a connection is dead."""
        offer(wired, "p0")
        wired.close()
        offer(wired, "p0")  # on a connection that owns the ledger, as a server's does
        wire.cut = "silent"
        assert offer(wired, "p1") == [Stored.NEW]
        assert wired.error == ""
        assert stored(empty_schema) == ["p0", "p1"]

    @pytest.mark.parametrize("cut", ["before", "after"])
    def test_step_of_a_show_is_never_lost_and_taken(
        self, wired: Writer, wire: Wire, empty_schema: str, cut: Any
    ) -> None:
        """Else the show could never take another: its next step would be in use."""
        wire.cut = cut
        try:
            write(wired, lambda turn: writes.append(turn, event(1), None))
        except LedgerDown:
            write(wired, lambda turn: writes.append(turn, event(1), None))
        write(wired, lambda turn: writes.append(turn, event(2), None))
        assert found(empty_schema, "select step from event order by 1") == [(1,), (2,)]

    def test_nobody_is_told_before_the_database_is_back(
        self, wired: Writer, wire: Wire, running: Cluster, empty_schema: str
    ) -> None:
        told: list[Stored] = []
        wire.cut, wire.on_cut = "after", running.kill
        batch = threading.Thread(target=lambda: told.extend(offer(wired, "p1")))
        batch.start()
        wait_for(lambda: wired.error == "connection_lost" and not running.runs)
        assert told == []
        running.start()
        batch.join()
        assert told == [Stored.NEW]
        assert stored(empty_schema) == ["p1"]

    def test_end_of_the_server_ends_the_wait(
        self, wired: Writer, wire: Wire, running: Cluster
    ) -> None:
        wire.cut, wire.on_cut = "after", running.kill
        wired.stop()
        assert offer(wired, "p1") == [Stored.FAILED]


class TestServerThatGoesAway:
    def test_batch_fails_at_once_and_the_next_finds_it_back(
        self, make: Callable[..., Writer], running: Cluster, empty_schema: str
    ) -> None:
        writer = make()
        offer(writer, "p1")
        running.kill()
        assert offer(writer, "p2") == [Stored.FAILED]
        assert writer.error == "connection_lost"
        running.start()
        assert offer(writer, "p2", "p1") == [Stored.NEW, Stored.DUPLICATE]
        assert (writer.error, stored(empty_schema)) == ("", ["p1", "p2"])

    def test_idle_second_finds_out_that_it_is_gone_and_back(
        self, make: Callable[..., Writer], running: Cluster
    ) -> None:
        """The host knows before the first phone does, and when it is over."""
        writer = make()
        writer.rest()
        assert writer.error == ""
        running.kill()
        writer.rest()
        assert writer.error == "connection_lost"
        running.start()
        writer.rest()
        assert writer.error == ""

    def test_restart_in_an_idle_hour_costs_nobody_a_receipt(
        self, make: Callable[..., Writer], running: Cluster
    ) -> None:
        writer = make()
        offer(writer, "p1")
        running.kill()
        running.start()
        assert offer(writer, "p2") == [Stored.NEW]

    async def test_reads_say_so_and_go_on(
        self, running: Cluster, empty_schema: str
    ) -> None:
        ledger = open_ledger(empty_schema, secret=SECRET)
        try:
            await ledger.append(event(1))
            await asyncio.gather(*(ledger.events(SHOW) for _ in range(8)))
            await asyncio.to_thread(running.kill)
            with pytest.raises(LedgerDown, match="read_failed"):
                await ledger.events(SHOW)
            await asyncio.to_thread(running.start)
            # One thread still has a connection from before.
            reads = [ledger.events(SHOW) for _ in range(8)]
            assert [len(rows) for rows in await asyncio.gather(*reads)] == [1] * 8
        finally:
            ledger.close()


class TestOwner:
    def test_second_server_is_refused(self, empty_schema: str) -> None:
        ledger = open_ledger(empty_schema, secret=SECRET)
        with pytest.raises(Failure, match="in use by another quizserver"):
            open_ledger(empty_schema, secret=SECRET)
        ledger.close()
        open_ledger(empty_schema, secret=SECRET).close()

    def test_server_whose_place_was_taken_writes_nothing(
        self, make: Callable[..., Writer], empty_schema: str
    ) -> None:
        writer = make()
        offer(writer, "p1")
        with closing(Target(empty_schema).connect()) as other:
            own(other)
            change(
                empty_schema,
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where query like 'commit%'",
            )
            assert offer(writer, "p2") == [Stored.FAILED]
            assert writer.error == "locked"
        assert stored(empty_schema) == ["p1"]
        assert offer(writer, "p2") == [Stored.NEW]


class TestTwoWriters:
    """What several processes will do one day: append to the same chain."""

    def test_chain_has_no_fork_and_every_answer_one_row(
        self, make: Callable[..., Writer], empty_schema: str
    ) -> None:
        told: list[Stored] = []

        def play(writer: Writer) -> None:
            for number in range(40):
                told.extend(offer(writer, f"p{number}", f"p{number + 1}"))

        both = [threading.Thread(target=play, args=[make()]) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert Stored.FAILED not in told
        assert told.count(Stored.NEW) == len(stored(empty_schema)) == 41
        assert first_broken(empty_schema) is None

    def test_two_shows_in_opposite_order_lose_no_batch(
        self, make: Callable[..., Writer], empty_schema: str
    ) -> None:
        """The database ends one of the two, which is then written again."""
        both_hold = threading.Barrier(2, timeout=20)
        tried: list[str] = []

        def work(turn: Transaction, first: str, second: str) -> None:
            writes.append(turn, event(1, epoch=first), None)
            tried.append(first)
            if tried.count(first) == 1:
                both_hold.wait()
            writes.append(turn, event(2, epoch=second), None)

        there = partial(work, first="a", second="b")
        back = partial(work, first="b", second="a")
        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(write, make(), way) for way in (there, back)]
        assert [one.result() for one in both] == [None, None]
        assert len(tried) == 3
        for run in "ab":
            steps = "select step from event where epoch = ? order by step"
            assert found(empty_schema, steps, run) == [(1,), (2,)]


class TestErrors:
    @pytest.mark.parametrize(
        ("state", "code"),
        [
            ("53100", "disk_full"),
            ("58030", "io_error"),
            ("XX001", "corrupt"),
            ("55P03", "locked"),
            ("40P01", "locked"),
            ("57P01", "connection_lost"),
            ("53200", "write_failed"),
        ],
    )
    def test_error_of_the_database_loses_the_batch_and_has_a_name(
        self, make: Callable[..., Writer], empty_schema: str, state: str, code: str
    ) -> None:
        writer = make()
        with pytest.raises(LedgerDown, match=code):
            write(writer, raising(state))
        assert writer.error == code
        assert offer(writer, "p1") == [Stored.NEW]
        assert writer.error == ""

    def test_error_of_one_write_is_its_own(
        self, make: Callable[..., Writer], empty_schema: str
    ) -> None:
        with pytest.raises(psycopg.Error):
            write(make(), raising("22012"))

    def test_words_of_the_database_are_not_logged(
        self, make: Callable[..., Writer], caplog: pytest.LogCaptureFixture
    ) -> None:
        """They may quote a row, and a row may hold a name."""
        with caplog.at_level(logging.DEBUG, "quizserver"), pytest.raises(LedgerDown):
            write(make(), raising("53100"))
        said = [one.getMessage() for one in caplog.records if one.name != "asyncio"]
        assert said == ["the ledger cannot write: disk_full (DiskFull)"]
        assert NAME not in caplog.text

    def test_writer_that_was_killed_in_the_database_is_replaced(
        self, make: Callable[..., Writer], empty_schema: str
    ) -> None:
        """PostgreSQL ends a connection between two statements of a batch."""
        writer = make()
        ended = "select pg_terminate_backend(pg_backend_pid())"
        with pytest.raises(LedgerDown, match="connection_lost"):
            write(writer, lambda turn: turn.connection.execute(ended))
        assert offer(writer, "p1") == [Stored.NEW]


def raising(state: str) -> Callable[[Transaction], Any]:
    """Return a write that PostgreSQL answers with this SQLSTATE, quoting a name."""
    said = f"raise exception '{NAME}' using errcode = '{state}'"
    return lambda turn: turn.connection.execute(f"do $$ begin {said}; end $$")


GOOD = About(
    version=150_018,
    encoding="UTF8",
    synchronous_commit="on",
    fsync="on",
    full_page_writes="on",
)


class TestUnfit:
    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ({"version": 120_009}, "12.9 is too old"),
            ({"encoding": "SQL_ASCII"}, "encoding is SQL_ASCII"),
            ({"synchronous_commit": "off"}, "synchronous_commit=off"),
            ({"fsync": "off"}, "fsync=off"),
            ({"full_page_writes": "off"}, "full_page_writes=off"),
            ({"synchronous_commit": "remote_apply"}, None),
            ({}, None),
        ],
    )
    def test_flaw_is_one_sentence(
        self, change: dict[str, Any], word: str | None
    ) -> None:
        flaw = replace(GOOD, **change).flaw()
        assert (word or "") in str(flaw)
        assert (flaw is None) == (word is None)

    def test_server_that_may_lose_commits_is_refused(
        self, postgres: Cluster, empty_schema: str
    ) -> None:
        postgres.run("alter database contract set synchronous_commit = off")
        try:
            with pytest.raises(Failure, match="synchronous_commit=off"):
                open_ledger(empty_schema, secret=SECRET)
        finally:
            postgres.run("alter database contract reset synchronous_commit")
        open_ledger(empty_schema, secret=SECRET).close()

    def test_server_that_comes_back_careless_is_not_written_to(
        self, make: Callable[..., Writer], postgres: Cluster
    ) -> None:
        writer = make()
        postgres.run("alter database contract set synchronous_commit = off")
        try:
            writer.close()
            assert offer(writer, "p1") == [Stored.FAILED]
            assert writer.error == "write_failed"
        finally:
            postgres.run("alter database contract reset synchronous_commit")
        assert offer(writer, "p1") == [Stored.NEW]


class TestSentences:
    @pytest.mark.parametrize(
        ("url", "word"),
        [
            ("postgresql://quiz:hunter2@/none?host=/nowhere", "quiz@/none"),
            ("postgresql://quiz:hunter2@127.0.0.1:1/quiz", "quiz@127.0.0.1/quiz"),
            ("postgresql://quiz:hunter2@h/quiz?nonsense=1", "QUIZ_DATABASE_URL"),
        ],
    )
    def test_database_that_cannot_be_had(self, url: str, word: str) -> None:
        with pytest.raises(Failure) as failure:
            open_ledger(url, secret=SECRET)
        assert word in str(failure.value)
        assert "\n" not in str(failure.value)
        assert "hunter2" not in str(failure.value)

    def test_database_of_a_newer_version(self, empty_schema: str) -> None:
        change(empty_schema, "update alembic_version set version_num = '9999'")
        try:
            with pytest.raises(Failure, match="made by a newer quizserver"):
                open_ledger(empty_schema, secret=SECRET)
            with (
                pytest.raises(Failure, match="no ledger of this version"),
                open_archive(empty_schema, lambda: SECRET),
            ):
                pass
        finally:
            change(empty_schema, f"update alembic_version set version_num = '{HEAD}'")

    def test_export_of_an_empty_database_is_one_sentence(
        self, postgres: Cluster
    ) -> None:
        with (
            pytest.raises(Failure, match="no ledger of this version"),
            open_archive(postgres.url("postgres"), lambda: SECRET),
        ):
            pass


class TestPlace:
    async def test_archive_reads_beside_the_owner(self, empty_schema: str) -> None:
        ledger = open_ledger(empty_schema, secret=SECRET)
        await ledger.append(event(1))
        with open_archive(empty_schema, lambda: SECRET) as archive:
            assert await archive.events(SHOW) == [event(1)]
            await ledger.append(event(2))
            assert len(await archive.events(SHOW)) == 2
        ledger.close()

    async def test_readers_cannot_write(self, empty_schema: str) -> None:
        with (
            open_archive(empty_schema, lambda: SECRET) as archive,
            pytest.raises(LedgerDown),
        ):
            await archive.readers.read(
                "delete from answer returning participant", {}, AnswerRow
            )

    async def test_temporary_ledger_is_apart_and_leaves_nothing(
        self, empty_schema: str, tmp_path: Path
    ) -> None:
        with temporary(empty_schema, tmp_path) as url:
            ledger = open_ledger(url, secret=SECRET)
            await put(ledger, [answer("p1")])
            assert len(await ledger.answers_to(SHOW, EPOCH, Q1)) == 1
            ledger.close()
        assert stored(empty_schema) == []
        schemas = found(empty_schema, "select nspname from pg_namespace")
        assert not [name for (name,) in schemas if name.startswith("quizserver_")]


def test_frozen_server_only_makes_wait(
    make: Callable[..., Writer], running: Cluster, empty_schema: str
) -> None:
    writer = make()
    told: list[Stored] = []
    offer(writer, "p1")
    running.signal(signal.SIGSTOP)
    batch = threading.Thread(target=lambda: told.extend(offer(writer, "p2")))
    batch.start()
    batch.join(0.3)
    assert told == []
    running.signal(signal.SIGCONT)
    batch.join()
    assert told == [Stored.NEW]
    with connected(empty_schema) as db:
        assert db.execute("select count(*) from answer").fetchall() == [(2,)]
