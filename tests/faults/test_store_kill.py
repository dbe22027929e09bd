"""An acknowledged answer survives kill -9 of the writer (Source: R3.4)."""

import shutil
from pathlib import Path

import pytest

from tests.faults.onair import figures
from tests.faults.victims import Victim, chance, lost
from tests.unit.store.recount import first_broken

PER_DATABASE = 10
"""Kills of one database before a new one: each is checked whole every time."""


@pytest.mark.parametrize(
    ("kills", "most"),
    [
        (10, 1_500),
        pytest.param(200, 10_500, marks=[pytest.mark.long, pytest.mark.timeout(2_000)]),
    ],
)
def test_kill_loses_nothing_acknowledged_and_invents_nothing(
    tmp_path: Path, empty_database: Path, kills: int, most: int
) -> None:
    """The writer is killed again and again, after up to `most` receipts."""
    random, acknowledged, missing = chance("kill"), 0, set[str]()
    for number in range(kills):
        database = tmp_path / f"{number // PER_DATABASE}.db"
        if number % PER_DATABASE == 0:
            shutil.copy(empty_database, database)
        with Victim(database, f"r{number}") as victim:
            victim.listen(stored=random.randrange(1, most))
            said = victim.kill()
        missing |= lost(database, f"r{number}", said)
        acknowledged += len(said.stored)
        if number % PER_DATABASE == PER_DATABASE - 1:
            assert first_broken(database) is None
    figures(
        f"{kills} kills -9 of the ledger's writer",
        {"receipts": acknowledged, "lost": len(missing)},
        goal="0 lost; 1,000,000 receipts",
    )
    assert not missing
    assert acknowledged > most // 20 * kills
