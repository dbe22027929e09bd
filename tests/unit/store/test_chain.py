"""The hash chain, recomputed from the rows by other code (Source: R6.1)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quizserver.store import writes
from quizserver.store.writer import Transaction
from tests.unit.store.conftest import Open
from tests.unit.store.recount import first_broken
from tests.unit.store.rows import A, answer, event, put, reveal


async def played(opened: Open, folder: Path) -> Path:
    """Play a little and close; return the file."""
    ledger = opened()
    await ledger.append(event(1, data='{"title":"Số phát sóng 1 \\u0001 “é” 🎉/\\\\"}'))
    await put(ledger, [answer(f"p{n}", time_ms=n) for n in range(20)])
    await put(ledger, [answer("p1", "B"), answer("late", status="late")])
    await reveal(ledger, 2, A)
    ledger.close()
    return folder / "quiz.db"


async def test_chain_fits_the_rows(opened: Open, tmp_path: Path) -> None:
    assert first_broken(await played(opened, tmp_path)) is None


async def test_chain_goes_on_after_a_restart(opened: Open, tmp_path: Path) -> None:
    path = await played(opened, tmp_path)
    ledger = opened()
    await ledger.append(event(3))
    ledger.close()
    assert first_broken(path) is None


async def test_duplicates_and_refused_writes_are_in_no_link(
    opened: Open, tmp_path: Path
) -> None:
    ledger = opened()
    await put(ledger, [answer("p1")])
    await put(ledger, [answer("p1", "B")])
    with pytest.raises(RuntimeError):
        await ledger.journal.write(refuse)
    ledger.close()
    with closing(sqlite3.connect(tmp_path / "quiz.db")) as db:
        assert db.execute("select no, rows from batch").fetchall() == [(1, 1)]


async def test_event_of_a_write_that_was_undone_is_in_no_link(
    opened: Open, tmp_path: Path
) -> None:
    ledger = opened()

    def undone(turn: Transaction) -> None:
        writes.append(turn, event(1), None)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await ledger.journal.write(undone)
    await put(ledger, [answer("p1")])
    ledger.close()
    assert first_broken(tmp_path / "quiz.db") is None


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
        "delete from batch where no = 2",
    ],
    ids=["flip", "delete", "reorder", "insert", "append", "event", "link"],
)
async def test_tampering_is_found(opened: Open, tmp_path: Path, tamper: str) -> None:
    path = await played(opened, tmp_path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(tamper)
    assert first_broken(path) is not None
