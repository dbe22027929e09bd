"""A full disk: no false receipt, a word for the host, recovery by itself."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizserver.live.ports import LedgerDown
from quizserver.live.rows import Stored
from quizserver.store.ledger import open_ledger
from quizserver.store.sql_ledger import SqlLedger
from tests.faults.small_disk import SmallDisk, small_disk
from tests.unit.store.recount import first_broken
from tests.unit.store.rows import EPOCH, Q1, SHOW, answer, event, put

BIG = "x" * 2_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 8 MB of its own."""
    with small_disk(tmp_path / "disk", "8m") as mounted:
        yield mounted


async def offer(ledger: SqlLedger, prefix: str) -> dict[str, Stored]:
    """Offer a hundred large answers; return what became of each."""
    rows = [answer(f"{prefix}{n}", evidence=BIG) for n in range(100)]
    return {row.participant: how for row, how in await put(ledger, rows)}


async def until_well(ledger: SqlLedger) -> None:
    """Wait for the ledger to find out by itself."""
    async with asyncio.timeout(3):
        while ledger.health().error:  # noqa: ASYNC110 - a gauge, nobody signals it
            await asyncio.sleep(0.05)


async def test_full_disk_never_acknowledges_and_recovers(
    disk: SmallDisk, empty_database: Path
) -> None:
    database = disk.folder / "quiz.db"
    shutil.copy(empty_database, database)
    ledger = open_ledger(f"sqlite:///{database}", secret=b"0" * 32)
    outcome: dict[str, Stored] = {}
    for number in range(60):
        outcome |= await offer(ledger, f"fill{number}-")
        if Stored.FAILED in outcome.values():
            break
    assert ledger.health().error == "disk_full"
    with pytest.raises(LedgerDown, match="disk_full"):
        await ledger.append(event(1, data=BIG * 2_000))
    assert await ledger.events(SHOW) == []

    assert len(await ledger.answers_to(SHOW, EPOCH, Q1)) == list(
        outcome.values()
    ).count(Stored.NEW)

    # Somebody makes space, and nobody restarts anything.
    await asyncio.to_thread(disk.resize, "32m")
    await until_well(ledger)
    outcome |= await offer(ledger, "after")
    await ledger.append(event(1))
    stored = {row.participant for row in await ledger.answers_to(SHOW, EPOCH, Q1)}
    ledger.close()
    assert stored == {one for one, how in outcome.items() if how is Stored.NEW}
    assert len(stored) > 100
    assert first_broken(database) is None
