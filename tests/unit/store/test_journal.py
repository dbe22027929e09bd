"""The journal's queue and thread: what is promised beside what is stored."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from quizserver.live.ports import LedgerDown
from quizserver.live.rows import AnswerRow, Stored
from quizserver.store.files import open_writer
from quizserver.store.journal import ENOUGH, Journal
from quizserver.store.sqlite_backend import SqliteBackend
from quizserver.store.writer import Transaction
from tests.unit.store.rows import Judged, answer

Make = Callable[..., Journal]


@pytest.fixture
def make(tmp_path: Path, empty_database: Path) -> Iterator[Make]:
    """Make journals on one database; all are closed at the end."""
    path = tmp_path / "quiz.db"
    path.write_bytes(empty_database.read_bytes())
    made: list[Journal] = []

    def journal(*, linger_ms: float = 2, bound: int = 1_000) -> Journal:
        made.append(
            Journal(
                SqliteBackend(partial(open_writer, path)),
                linger_ms=linger_ms,
                now_ns=iter(range(10**9)).__next__,
                bound=bound,
            )
        )
        return made[-1]

    yield journal
    for one in made:
        one.close()


class Gate:
    """Holds the writer's thread inside a write until it is opened."""

    def __init__(self, journal: Journal) -> None:
        self._entered = threading.Event()
        self._open = threading.Event()
        self.passed = journal.submit(self._hold)

    def _hold(self, _turn: Transaction) -> None:
        self._entered.set()
        self._open.wait()

    async def entered(self) -> None:
        await asyncio.to_thread(self._entered.wait)

    async def open(self) -> None:
        self._open.set()
        await self.passed


async def test_write_returns_what_its_work_returns(make: Make) -> None:
    assert await make().write(lambda _: 7) == 7


async def test_failing_work_raises_to_its_caller_and_undoes_itself(
    make: Make,
) -> None:
    journal = make()

    def half(turn: Transaction) -> None:
        turn.connection.execute("insert into setup (hash, created_ms) values ('a', 1)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await journal.write(half)
    assert await journal.write(count_setup) == 0


async def test_failing_work_takes_nothing_else_of_its_batch_with_it(
    make: Make,
) -> None:
    journal = make()
    gate = Gate(journal)
    await gate.entered()

    def fail(_turn: Transaction) -> None:
        raise ZeroDivisionError

    results: list[Stored] = []
    journal.put(Judged(answer("p1")), lambda _, stored: results.append(stored))
    failing = journal.submit(fail)
    journal.put(Judged(answer("p2")), lambda _, stored: results.append(stored))
    last = journal.submit(count_answers)
    await gate.open()
    with pytest.raises(ZeroDivisionError):
        await failing
    assert await last == 2
    assert results == [Stored.NEW, Stored.NEW]
    assert journal.health().commits == 2


async def test_writes_happen_in_order_of_arrival(make: Make) -> None:
    journal = make()
    gate = Gate(journal)
    await gate.entered()
    counts = []
    for n in range(5):
        journal.put(Judged(answer(f"p{n}")), lambda _row, _stored: None)
        counts.append(journal.submit(count_answers))
    await gate.open()
    assert await asyncio.gather(*counts) == [1, 2, 3, 4, 5]


async def test_what_queues_during_a_commit_is_one_batch(make: Make) -> None:
    journal = make()
    gate = Gate(journal)
    await gate.entered()
    settled = asyncio.Event()
    left = 200

    def done(_row: AnswerRow, _stored: Stored) -> None:
        nonlocal left
        left -= 1
        if not left:
            settled.set()

    for n in range(200):
        journal.put(Judged(answer(f"p{n}")), done)
    await gate.open()
    await settled.wait()
    assert journal.health().commits == 2


async def test_lone_answer_does_not_linger(make: Make) -> None:
    """A minute of linger would time the test out."""
    journal = make(linger_ms=60_000)
    stored: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
    journal.put(Judged(answer("p1")), lambda _, how: stored.set_result(how))
    assert await stored is Stored.NEW


async def test_command_ends_the_linger(make: Make) -> None:
    """Answers that wait for company go out with the host's command."""
    journal = make(linger_ms=60_000)
    gate = Gate(journal)
    await gate.entered()
    results: list[Stored] = []
    journal.put(Judged(answer("p1")), lambda _, how: results.append(how))
    await gate.open()
    assert await journal.write(count_answers) == 1
    assert results == [Stored.NEW]


async def test_enough_answers_wait_for_no_more(make: Make) -> None:
    """Once they have gathered, waiting would only hold up their receipts."""
    journal = make(linger_ms=60_000)
    gate = Gate(journal)
    await gate.entered()
    settled = asyncio.Event()
    left = ENOUGH

    def done(_row: AnswerRow, _stored: Stored) -> None:
        nonlocal left
        left -= 1
        if not left:
            settled.set()

    journal.put(Judged(answer("p0")), done)
    await gate.open()
    for n in range(1, ENOUGH):
        journal.put(Judged(answer(f"p{n}")), done)
    await settled.wait()
    assert journal.health().commits == 2


async def test_full_queue_fails_answers_and_refuses_writes(make: Make) -> None:
    """The stated policy: nothing waits without bound, nobody is told a lie."""
    journal = make(bound=3)
    gate = Gate(journal)
    await gate.entered()
    results: list[tuple[str, Stored]] = []
    settled = asyncio.Event()

    def done(row: AnswerRow, how: Stored) -> None:
        results.append((row.participant, how))
        if len(results) == 5:
            settled.set()

    for n in range(5):
        journal.put(Judged(answer(f"p{n}")), done)
    with pytest.raises(LedgerDown, match="queue_full"):
        await journal.write(count_answers)
    await gate.open()
    await settled.wait()
    assert await journal.write(count_answers) == 3
    assert sorted(results) == [
        ("p0", Stored.NEW),
        ("p1", Stored.NEW),
        ("p2", Stored.NEW),
        ("p3", Stored.FAILED),
        ("p4", Stored.FAILED),
    ]


async def test_close_writes_what_is_queued_and_may_be_called_again(
    make: Make,
) -> None:
    journal = make()
    results: list[Stored] = []
    for n in range(50):
        journal.put(Judged(answer(f"p{n}")), lambda _, how: results.append(how))
    journal.close()
    journal.close()
    assert await make().write(count_answers) == 50
    assert results == [Stored.NEW] * 50


async def test_closed_journal_takes_nothing(make: Make) -> None:
    journal = make()
    journal.close()
    stored: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
    journal.put(Judged(answer("p1")), lambda _, how: stored.set_result(how))
    assert await stored is Stored.FAILED
    with pytest.raises(LedgerDown, match="closed"):
        await journal.write(count_answers)


async def test_caller_that_gave_up_is_not_missed(make: Make) -> None:
    journal = make()
    gate = Gate(journal)
    await gate.entered()
    given_up = journal.submit(count_answers)
    given_up.cancel()
    await gate.open()
    assert await journal.write(count_answers) == 0


async def test_health_counts_batches_and_rows(make: Make) -> None:
    journal = make()
    await journal.write(count_answers)
    await journal.write(count_answers)
    health = journal.health()
    assert (health.error, health.queued) == ("", 0)
    assert (health.commits, health.rows, health.failures) == (2, 2, 0)
    assert health.commit_ns > 0


async def test_health_tells_how_long_the_writer_is_at_its_batch(make: Make) -> None:
    journal = make()
    gate = Gate(journal)
    await gate.entered()
    first, second = journal.health().busy_ns, journal.health().busy_ns
    await gate.open()
    assert 0 < first < second, "a write that hangs must be seen before it ends"
    assert journal.health().busy_ns == 0


def test_one_journal_serves_one_loop_after_another(make: Make) -> None:
    journal = make()
    for number in range(3):
        assert asyncio.run(put_one(journal, f"p{number}")) is Stored.NEW


def test_loop_that_went_away_does_not_stop_the_journal(make: Make) -> None:
    journal = make()

    async def leave() -> None:
        journal.put(Judged(answer("p1")), lambda _row, _stored: None)

    asyncio.run(leave())
    assert asyncio.run(put_one(journal, "p2")) is Stored.NEW


async def put_one(journal: Journal, participant: str) -> Stored:
    stored: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
    journal.put(Judged(answer(participant)), lambda _, how: stored.set_result(how))
    return await stored


def count_answers(turn: Transaction) -> int:
    ((number,),) = turn.connection.execute("select count(*) from answer").fetchall()
    return int(number)


def count_setup(turn: Transaction) -> int:
    ((number,),) = turn.connection.execute("select count(*) from setup").fetchall()
    return int(number)
