"""The hash chains, recomputed from the rows by other code (Source: R6.1)."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, replace
from itertools import count, pairwise

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizserver.domain.ids import ShowCode
from quizserver.live.ports import Ledger
from quizserver.live.rows import AnswerRow, BatchRow, EventRow, FlagRow, Link
from quizserver.store import writes
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.writer import Transaction
from tests.unit.store.conftest import Open
from tests.unit.store.recount import Rows, change, first_broken, found, recomputed
from tests.unit.store.rows import (
    EPOCH,
    Q1,
    SHOW,
    A,
    answer,
    event,
    flag,
    in_one_batch,
    put,
    reveal,
)


async def played(opened: Open) -> None:
    """Play a little and close."""
    ledger = opened()
    await ledger.append(event(1, data='{"title":"Số phát sóng 1 \\u0001 “é” 🎉/\\\\"}'))
    await put(ledger, [answer(f"p{n}", time_ms=n) for n in range(20)])
    ledger.put_flag(flag("p1"))
    await put(ledger, [answer("p1", "B"), answer("late", status="late")])
    await reveal(ledger, 2, A)
    ledger.close()


async def test_chain_fits_the_rows(opened: Open, database: str) -> None:
    await played(opened)
    assert first_broken(database) is None


async def test_chain_goes_on_after_a_restart(opened: Open, database: str) -> None:
    await played(opened)
    ledger = opened()
    await ledger.append(event(3))
    ledger.close()
    assert first_broken(database) is None


async def test_duplicates_and_refused_writes_are_in_no_link(
    opened: Open, database: str
) -> None:
    ledger = opened()
    await put(ledger, [answer("p1")])
    await put(ledger, [answer("p1", "B")])
    with pytest.raises(RuntimeError):
        await ledger.journal.write(refuse)
    ledger.close()
    assert found(database, "select no, rows from batch") == [(1, 1)]
    assert first_broken(database) is None


async def test_event_of_a_write_that_was_undone_is_in_no_link(
    opened: Open, database: str
) -> None:
    ledger = opened()

    def undone(turn: Transaction) -> None:
        writes.append(turn, event(1), None)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await ledger.journal.write(undone)
    await put(ledger, [answer("p1")])
    ledger.close()
    assert first_broken(database) is None


def refuse(_turn: object) -> None:
    raise RuntimeError


@pytest.mark.parametrize(
    "tamper",
    [
        "update answer set option = 'C' where participant = 'p7'",
        "delete from answer where participant = 'p7'",
        "update answer set line = 99 - line where participant in ('p7', 'p8')",
        "insert into answer select show, epoch, question, 'ghost', option, status,"
        " time_ms, received_ns, at_ms, receipt, evidence, flags, batch, 20"
        " from answer where participant = 'p7'",
        "insert into answer select show, epoch, question, 'ghost', option, status,"
        " time_ms, received_ns, at_ms, receipt, evidence, flags, 99, 0"
        " from answer where participant = 'p7'",
        "update event set actor = 'Nobody' where step = 1",
        "update flag set at_ms = at_ms + 1",
        "delete from flag",
        "update answer set batch = 1, line = 1 where participant = 'p19'",
        "delete from batch where no = 2",
        "delete from batch where no = (select max(no) from batch)",
    ],
    ids=[
        "flip",
        "delete",
        "reorder",
        "insert",
        "append",
        "event",
        "flag",
        "no flag",
        "move",
        "link",
        "last link",
    ],
)
async def test_tampering_is_found(opened: Open, database: str, tamper: str) -> None:
    await played(opened)
    change(database, tamper)
    assert first_broken(database) is not None


class TestRuns:
    """Each run of a show has a chain of its own."""

    async def test_chain_begins_with_zeros(self, ledger: Ledger) -> None:
        assert await ledger.chain_head(SHOW, EPOCH) == Link(no=0, sha256="0" * 64)
        assert await ledger.batches(SHOW, EPOCH) == []

    async def test_rows_of_a_run_move_no_other_chain(self, ledger: Ledger) -> None:
        await ledger.append(event(1))
        head = await ledger.chain_head(SHOW, EPOCH)
        await ledger.append(event(1, epoch="e2"))
        other = replace(event(1), show=ShowCode("OTHER"))
        await ledger.append(other)
        assert await ledger.chain_head(SHOW, EPOCH) == head
        assert (await ledger.chain_head(SHOW, "e2")).no == 1
        assert (await ledger.chain_head(other.show, EPOCH)).no == 1

    async def test_one_commit_adds_a_link_to_each_run_in_it(
        self, ledger: SqlLedger
    ) -> None:
        rows = [answer("p1"), answer("p1", epoch="e2"), answer("p2"), answer("p3")]
        await in_one_batch(ledger, put(ledger, rows), ledger.append(event(1)))
        (link,) = await ledger.batches(SHOW, EPOCH)
        (other,) = await ledger.batches(SHOW, "e2")
        assert (link.no, link.rows, other.no, other.rows) == (1, 4, 1, 1)

    async def test_head_is_the_last_link(self, ledger: Ledger) -> None:
        for step in range(1, 12):
            await ledger.append(event(step))
        links = await ledger.batches(SHOW, EPOCH)
        head = await ledger.chain_head(SHOW, EPOCH)
        assert [link.no for link in links] == list(range(1, 12))
        assert (head.no, head.sha256) == (links[-1].no, links[-1].sha256)
        follows = [link.prev for link in links]
        assert follows == ["0" * 64, *(link.sha256 for link in links[:-1])]

    async def test_duplicates_leave_no_hole_in_the_lines(
        self, ledger: SqlLedger
    ) -> None:
        """The rows of a batch that is sorted out keep their order, and only those."""
        for rows in (
            [answer(f"p{n}") for n in range(0, 50, 5)],
            [answer(f"p{n}", "B") for n in range(50)],
        ):
            await in_one_batch(ledger, put(ledger, rows))
        second = [
            row for row in await ledger.answers_to(SHOW, EPOCH, Q1) if row.batch == 2
        ]
        assert sorted(row.line for row in second) == list(range(40))

    async def test_row_that_fails_leaves_no_hole_in_the_lines(
        self, opened: Open, database: str
    ) -> None:
        ledger = opened()
        offered = [answer("p1"), answer("p2", evidence="\ud800"), answer("p3")]
        await in_one_batch(ledger, put(ledger, offered))
        rows = await ledger.answers_to(SHOW, EPOCH, Q1)
        ledger.close()
        assert [(row.batch, row.line) for row in rows] == [(1, 0), (1, 1)]
        assert first_broken(database) is None


_EPOCHS = count()

_OFFER = st.tuples(
    st.sampled_from(["answer", "answer", "answer", "event", "flag"]),
    st.integers(0, 8),
    st.sampled_from("ab"),
)

_PLAY = st.lists(st.lists(_OFFER, min_size=1, max_size=12), min_size=1, max_size=5)


async def offered(
    ledger: Ledger, play: list[list[tuple[str, int, str]]]
) -> dict[str, str]:
    """Offer each part at once; return the epochs, which the letters stand for."""
    number = next(_EPOCHS)
    epochs = {letter: f"{letter}{number}" for letter in "ab"}
    steps = count(1)
    for part in play:
        waits: list[Awaitable[object]] = []
        for kind, who, letter in part:
            epoch = epochs[letter]
            if kind == "answer":
                waits.append(put(ledger, [answer(f"p{who}", epoch=epoch)]))
            elif kind == "event":
                waits.append(ledger.append(event(next(steps), epoch=epoch)))
            else:
                ledger.put_flag(replace(flag(f"p{who}"), epoch=epoch))
        await asyncio.gather(*waits)
    await ledger.append(event(next(steps), epoch=epochs["a"]))
    return epochs


@contextmanager
def opened_for(opened: Open) -> Iterator[Ledger]:
    """Open the database anew for an example: each has a loop of its own."""
    ledger = opened()
    try:
        yield ledger
    finally:
        ledger.close()


def columns(row: AnswerRow | EventRow | FlagRow) -> list[str | int]:
    """Return all but the place."""
    if isinstance(row, AnswerRow):
        return [*msgspec.structs.astuple(row)[:-2]]
    return [*astuple(row)[:-2]]


async def read(ledger: Ledger, epoch: str) -> tuple[Rows, list[BatchRow]]:
    """Return a run's canonical rows with their places, as they are read; its links."""
    rows: Rows = [
        (row.batch, row.line, [type(row).__name__[:-3].lower(), *columns(row)])
        for kept in (
            await ledger.events(SHOW, epoch),
            await ledger.answers_to(SHOW, epoch, Q1),
            await ledger.flags_of(SHOW, epoch),
        )
        for row in kept
    ]
    return rows, await ledger.batches(SHOW, epoch)


_SETTINGS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(_PLAY)
@_SETTINGS
def test_links_are_those_of_the_rows_whatever_the_batches(
    opened: Open, play: list[list[tuple[str, int, str]]]
) -> None:
    async def compare(ledger: Ledger) -> None:
        for epoch in (await offered(ledger, play)).values():
            rows, links = await read(ledger, epoch)
            assert recomputed(rows) == [astuple(link) for link in links]

    with opened_for(opened) as ledger:
        asyncio.run(compare(ledger))


@given(_PLAY, st.data())
@_SETTINGS
def test_any_change_of_the_rows_is_found(
    opened: Open, play: list[list[tuple[str, int, str]]], data: st.DataObject
) -> None:
    """Flip, delete, insert, reorder, truncate: no other rows make these links."""

    async def compare(ledger: Ledger) -> None:
        epochs = await offered(ledger, play)
        rows, links = await read(ledger, epochs["a"])
        changed = data.draw(st.sampled_from(tampered(rows)))
        assert recomputed(changed) != [astuple(link) for link in links]

    with opened_for(opened) as ledger:
        asyncio.run(compare(ledger))


def tampered(rows: Rows) -> list[Rows]:
    """Return the rows with each change that somebody could make."""
    rows = sorted(rows, key=lambda row: row[:2])
    last, after = rows[-1][0], len([row for row in rows if row[0] == rows[-1][0]])
    made = [
        rows[:-1],
        [row for row in rows if row[0] != last],
        [*rows, (last, after, rows[0][2])],
        [*rows, (last + 1, 0, rows[0][2])],
    ]
    for at, (no, line, row) in enumerate(rows):
        flipped = (no, line, [*row[:-1], f"{row[-1]} "])
        made += [[*rows[:at], flipped, *rows[at + 1 :]], [*rows[:at], *rows[at + 1 :]]]
    for at, (one, other) in enumerate(pairwise(rows)):
        swapped = [(*one[:2], other[2]), (*other[:2], one[2])]
        made.append([*rows[:at], *swapped, *rows[at + 2 :]])
    return made
