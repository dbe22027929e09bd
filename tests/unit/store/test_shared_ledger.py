"""One PostgreSQL and several processes: who may open it, and what a seal shuts out."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from typing import Any, cast

import pytest

from quizserver.failures import Failure
from quizserver.live.clock import SystemClock
from quizserver.live.ports import LedgerDown
from quizserver.live.rows import AnswerRow, EventRow, Link, ShowHead, Stored
from quizserver.store import queries, shared_ledger, writes
from quizserver.store.backend import Connection, Cursor
from quizserver.store.ledger import open_ledger, prepare_shared
from quizserver.store.people import Values
from quizserver.store.postgres import Target, own, succeed
from quizserver.store.postgres_backend import PostgresBackend, writing
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.writer import QueuedAnswer, Transaction, Writer
from tests.postgres import Cluster, connected, wait_for
from tests.unit.store.conftest import SECRET
from tests.unit.store.rows import (
    EPOCH,
    Q1,
    SHOW,
    A,
    Judged,
    answer,
    event,
    put,
    rescore,
    reveal,
)


@pytest.fixture(autouse=True)
def long_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody pass for dead because this machine is busy."""
    monkeypatch.setattr(shared_ledger, "LIVES_MS", 3_600_000)


@pytest.fixture
def shared(empty_schema: str) -> Iterator[Callable[[], SqlLedger]]:
    """Open the database as one process of several."""
    opened: list[SqlLedger] = []

    def another() -> SqlLedger:
        opened.append(open_ledger(empty_schema, secret=SECRET, shared=True))
        return opened[-1]

    yield another
    for ledger in opened:
        ledger.close()


async def told(ledger: SqlLedger, row: AnswerRow) -> tuple[AnswerRow, Stored]:
    """Put an answer; return what the phone would be told."""
    loop = asyncio.get_running_loop()
    came: asyncio.Future[tuple[AnswerRow, Stored]] = loop.create_future()
    ledger.put_answer(Judged(row), lambda stored, how: came.set_result((stored, how)))
    return await came


def test_a_file_is_not_shared() -> None:
    with pytest.raises(Failure, match="several processes need PostgreSQL"):
        open_ledger("sqlite:///quiz.db", secret=SECRET, shared=True)


def test_one_with_another_secret_is_refused_while_the_others_live(
    shared: Callable[[], SqlLedger],
    empty_schema: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its phones' tokens and nonces would mean nothing there."""
    shared()
    other = b"another secret".ljust(32)
    with pytest.raises(Failure, match=r"has another secret.*copy its file"):
        open_ledger(empty_schema, secret=other, shared=True)
    shared()
    monkeypatch.setattr(shared_ledger, "LIVES_MS", 0)
    open_ledger(empty_schema, secret=other, shared=True).close()


def test_the_first_that_is_back_knows_for_how_long_nobody_was_there(
    shared: Callable[[], SqlLedger], empty_schema: str
) -> None:
    shared().close()
    gone_s(empty_schema, 5)
    back, next_one = shared(), shared()
    assert back.lived_ns is not None
    assert 5 <= (SystemClock().monotonic_ns() - back.lived_ns) / 1e9 < 60
    assert next_one.lived_ns is None


def test_nobody_was_away_while_one_is_connected(
    shared: Callable[[], SqlLedger], empty_schema: str
) -> None:
    """Also one that says nothing: its connection holds a lock."""
    assert shared().lived_ns is None
    gone_s(empty_schema, 5)
    assert shared().lived_ns is None


def test_who_only_prepares_the_ledger_is_no_process(
    shared: Callable[[], SqlLedger], empty_schema: str
) -> None:
    shared().close()
    gone_s(empty_schema, 5)
    prepare_shared(empty_schema, secret=SECRET)
    assert shared().lived_ns is not None


def gone_s(database: str, seconds: int) -> None:
    """Let the last sign of every process be so much older."""
    with connected(database) as db:
        db.execute("update process set seen_ms = seen_ms - %s", [seconds * 1_000])


def test_one_that_is_alone_and_one_of_several_shut_each_other_out(
    shared: Callable[[], SqlLedger], empty_schema: str
) -> None:
    first = shared()
    shared()
    with pytest.raises(Failure, match="in use by another quizserver"):
        open_ledger(empty_schema, secret=SECRET)
    first.close()


def test_the_first_of_several_makes_the_schema(postgres: Cluster) -> None:
    url = postgres.make("several")
    ledgers = [open_ledger(url, secret=SECRET, shared=True) for _ in range(2)]
    for ledger in ledgers:
        ledger.close()


async def test_after_the_seal_no_process_stores_an_answer_in_time(
    shared: Callable[[], SqlLedger],
) -> None:
    one, two = shared(), shared()
    await one.append(event(1))
    stored, how = await told(one, answer("p1"))
    assert how is Stored.NEW
    heads: list[Link] = []

    def seal(head: Link) -> EventRow:
        heads.append(head)
        return event(2)

    await one.append_seal(seal, show=SHOW, epoch=EPOCH, question=Q1)
    assert heads == [Link(no=2, sha256=heads[0].sha256)]
    assert await told(two, answer("p1")) == (stored, Stored.DUPLICATE)
    assert (await told(two, answer("p2")))[1] is Stored.FAILED
    late = answer("p3", status="late")
    assert (await told(two, late))[1] is Stored.NEW
    rows = await one.answers_to(SHOW, EPOCH, Q1)
    assert [row.participant for row in rows] == ["p1", "p3"]


async def test_those_that_live_are_waited_for_until_they_have_closed(
    shared: Callable[[], SqlLedger], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = shared(), shared()
    assert await one.unclosed(SHOW, EPOCH, Q1) == 2  # from its opening on
    await one.close_question(SHOW, EPOCH, Q1)
    await one.close_question(SHOW, EPOCH, Q1)
    assert await one.unclosed(SHOW, EPOCH, Q1) == 1
    monkeypatch.setattr(shared_ledger, "LIVES_MS", 0)
    assert await one.unclosed(SHOW, EPOCH, Q1) == 0


async def test_those_that_live_hear_what_each_says(
    shared: Callable[[], SqlLedger], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = shared(), shared()
    assert await one.beat("một") == [""]
    assert await two.beat("hai") == ["một"]
    assert await one.beat("một") == ["hai"]
    monkeypatch.setattr(shared_ledger, "LIVES_MS", 0)
    assert await one.beat("một") == []


async def test_when_a_question_is_sealed_nobody_is_waited_for(
    shared: Callable[[], SqlLedger],
) -> None:
    """Also by one that wanted to seal it, and what the processes noted is gone."""
    one, two = shared(), shared()
    await one.close_question(SHOW, EPOCH, Q1)
    assert await one.unclosed(SHOW, EPOCH, Q1) == 1
    await two.append_seal(lambda _: event(1), show=SHOW, epoch=EPOCH, question=Q1)
    assert await one.unclosed(SHOW, EPOCH, Q1) == 0


async def test_an_event_of_an_older_run_leaves_the_newest_in_the_list(
    shared: Callable[[], SqlLedger],
) -> None:
    one, two = shared(), shared()
    head = ShowHead(title="Số 1", lang="vi", phase="draft")
    await one.append(event(1), head=head)
    await one.append(event(1, epoch="new"), head=head)
    await two.append(event(2), head=ShowHead(title="cũ", lang="vi", phase="lobby"))
    (row,) = await one.shows()
    assert (row.epoch, row.title, row.phase) == ("new", "Số 1", "draft")


HEAD = ShowHead(title="Số 1", lang="vi", phase="draft")


class Frozen:
    """The first event of a run, whose process freezes before it lists the run."""

    def __init__(self, epoch: str) -> None:
        self._epoch = epoch
        self._loop = asyncio.get_running_loop()
        self._thawed = threading.Event()
        self.is_frozen = asyncio.Event()
        self.thaw = self._thawed.set

    def __call__(self, turn: Transaction) -> None:
        self._connection = turn.connection
        halting = Transaction(cast("Connection", self), turn.batch)
        writes.append(halting, event(1, epoch=self._epoch), HEAD)

    def execute(self, sql: str, values: Values) -> Cursor:
        """Run a statement on the connection."""
        if sql is queries.PUT_HEAD:
            self._loop.call_soon_threadsafe(self.is_frozen.set)
            self._thawed.wait(30)
        return self._connection.execute(sql, values)


async def test_one_that_froze_within_a_transaction_keeps_no_other_from_writing(
    shared: Callable[[], SqlLedger],
) -> None:
    one, two = shared(), shared()
    frozen = Frozen(EPOCH)
    stuck = two.journal.submit(frozen)
    await frozen.is_frozen.wait()
    assert (await told(one, answer("p1")))[1] is Stored.NEW
    frozen.thaw()
    with pytest.raises(LedgerDown):
        await stuck
    assert (await told(two, answer("p1")))[1] is Stored.DUPLICATE
    assert await one.events(SHOW, EPOCH) == []


async def test_two_that_recount_or_reveal_at_once_do_so_one_after_the_other(
    shared: Callable[[], SqlLedger],
) -> None:
    one, two = shared(), shared()
    await put(one, [answer(f"p{n}", "AB"[n % 2], 1_000 + n) for n in range(2_000)])

    async def insist(work: Callable[[], Awaitable[object]]) -> object:
        """Try again as a host does, when the other took too long for this machine."""
        while True:
            with suppress(LedgerDown):
                return await work()

    works: list[Callable[[SqlLedger], Awaitable[object]]]
    works = [partial(reveal, step=1, key=A)]
    works += [partial(rescore, step=step, keys={"q1": A}) for step in range(2, 7)]
    kinds: list[Sequence[object]] = []
    for work in works:
        both = [insist(partial(work, one)), insist(partial(work, two))]
        kinds.append(await asyncio.gather(*both, return_exceptions=True))
    for outcome in kinds:
        assert [type(one).__name__ for one in outcome].count("StepTaken") == 1, outcome
    assert len(await one.events(SHOW)) == 6


async def test_of_two_runs_begun_at_once_all_play_the_one_that_is_listed(
    shared: Callable[[], SqlLedger],
) -> None:
    """Else each process would find another run in the list than it has, for ever."""
    one, two = shared(), shared()
    slow = Frozen("one")
    stuck = one.journal.submit(slow)
    await slow.is_frozen.wait()
    await two.append(event(1, epoch="two"), head=HEAD)
    slow.thaw()
    await stuck
    for ledger in (one, two):
        (listed,) = await ledger.shows()
        assert {row.epoch for row in await ledger.events(SHOW)} == {listed.epoch}


async def test_clock_of_the_database_that_is_set_back_lets_no_dead_process_live(
    shared: Callable[[], SqlLedger],
    empty_schema: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared_ledger, "LIVES_MS", 60_000)
    one = shared()
    with connected(empty_schema) as db:
        db.execute(
            "insert into process (id, seen_ms, says) values ('dead', "
            "extract(epoch from clock_timestamp()) * 1000 + 3600000, 'đây')"
        )
    assert await one.unclosed(SHOW, EPOCH, Q1) == 1
    assert await one.beat("") == []


def test_commit_that_the_broken_connection_still_carries_out_is_waited_for(
    empty_schema: str, postgres: Cluster
) -> None:
    """Else a step could be called lost and then be there."""
    target = Target(empty_schema)
    first = writing(target)
    own(first, shared=True)
    succeed(first, "p")
    writer = Writer(
        PostgresBackend(target, first, process="p"), iter(range(10**9)).__next__
    )
    outcome: list[Stored] = []
    item = QueuedAnswer(Judged(answer("p1")), lambda _, stored: outcome.append(stored))
    with closing(writer), connected(empty_schema) as db:
        # A commit that is on the disk and waits for a standby that never comes.
        standbys(db, "nobody")
        batch = threading.Thread(
            target=lambda: [call(a, b) for call, a, b in writer.settle([item])]
        )
        batch.start()
        pid = first.info.backend_pid
        wait_for(lambda: waits_for(db, pid) == "SyncRep")
        os.kill(pid, signal.SIGSTOP)
        standbys(db, "")
        with socket.socket(fileno=os.dup(first.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
        wait_for(lambda: bool(outcome) or waits_for(db, None) == "advisory")
        os.kill(pid, signal.SIGCONT)
        batch.join()
        found = db.execute("select participant from answer").fetchall()
    assert (outcome, found) == ([Stored.NEW], [("p1",)])


def standbys(db: Any, names: str) -> None:
    """Have commits wait for standbys of these names."""
    db.execute(f"alter system set synchronous_standby_names = '{names}'")
    db.execute("select pg_reload_conf()").fetchone()
    wait_for(
        lambda: db.execute("show synchronous_standby_names").fetchone() == (names,)
    )


def waits_for(db: Any, pid: int | None) -> str | None:
    """Return what a process of PostgreSQL waits for, or any that a lock keeps."""
    asked = (
        "pid = %s"
        if pid is not None
        else "%s::int is null and wait_event_type = 'Lock'"
    )
    found = db.execute(
        f"select wait_event from pg_stat_activity where {asked}", [pid]
    ).fetchone()
    return found[0] if found is not None else None
