"""One PostgreSQL and several processes: who may open it, and what a seal shuts out."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from quizserver.failures import Failure
from quizserver.live.ports import AnswerRow, EventRow, Link, ShowHead, Stored
from quizserver.store import shared_ledger
from quizserver.store.ledger import open_ledger
from quizserver.store.sql_ledger import SqlLedger
from tests.postgres import Cluster
from tests.unit.store.conftest import SECRET
from tests.unit.store.rows import EPOCH, Q1, SHOW, answer, event


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
    ledger.put_answer(row, lambda stored, how: came.set_result((stored, how)))
    return await came


def test_a_file_is_not_shared() -> None:
    with pytest.raises(Failure, match="several processes need PostgreSQL"):
        open_ledger("sqlite:///quiz.db", secret=SECRET, shared=True)


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
