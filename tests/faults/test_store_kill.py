"""An acknowledged answer survives kill -9 of the writer (Source: R3.4)."""

import shutil
from pathlib import Path

import pytest

from tests.faults.victims import ROUNDS, Victim, chance, lost
from tests.unit.store.recount import first_broken


@pytest.mark.timeout(60 + 10 * ROUNDS)
def test_kill_loses_nothing_acknowledged_and_invents_nothing(
    tmp_path: Path, empty_database: Path
) -> None:
    """One database, killed again and again at a moment of chance."""
    database = tmp_path / "quiz.db"
    shutil.copy(empty_database, database)
    random = chance("kill")
    acknowledged = 0
    for number in range(ROUNDS):
        with Victim(database, f"r{number}") as victim:
            victim.listen(stored=random.randrange(1, 1_500))
            said = victim.kill()
        assert lost(database, f"r{number}", said) == set()
        acknowledged += len(said.stored)
    assert first_broken(database) is None
    assert acknowledged > 100 * ROUNDS
