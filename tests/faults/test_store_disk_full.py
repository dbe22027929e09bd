"""A full disk: no false receipt, a word for the host, recovery by itself."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizserver.live.ports import LedgerDown, Stored
from quizserver.store.ledger import open_ledger
from quizserver.store.sql_ledger import SqlLedger
from tests.unit.store.recount import first_broken
from tests.unit.store.rows import EPOCH, Q1, SHOW, answer, event, put

BIG = "x" * 2_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB of its own."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "quiztest", disk], check=True
    )
    yield disk
    subprocess.run(["umount", disk], check=True)


async def offer(ledger: SqlLedger, prefix: str) -> dict[str, Stored]:
    """Offer a hundred large answers; return what became of each."""
    rows = [answer(f"{prefix}{n}", evidence=BIG) for n in range(100)]
    return {row.participant: how for row, how in await put(ledger, rows)}


async def until_well(ledger: SqlLedger) -> None:
    """Wait for the ledger to find out by itself."""
    async with asyncio.timeout(3):
        while ledger.health().error:  # noqa: ASYNC110 - a gauge, nobody signals it
            await asyncio.sleep(0.05)


def resize(disk: Path, size: str) -> None:
    """Give the disk another size."""
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)


async def test_full_disk_never_acknowledges_and_recovers(
    small_disk: Path, empty_database: Path
) -> None:
    database = small_disk / "quiz.db"
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
    await asyncio.to_thread(resize, small_disk, "32m")
    await until_well(ledger)
    outcome |= await offer(ledger, "after")
    await ledger.append(event(1))
    stored = {row.participant for row in await ledger.answers_to(SHOW, EPOCH, Q1)}
    ledger.close()
    assert stored == {one for one, how in outcome.items() if how is Stored.NEW}
    assert len(stored) > 100
    assert first_broken(database) is None
