"""An acknowledged answer survives the power (T-PWR; Source: R3.4).

Killing a process proves nothing about the disk: the kernel still writes what
the process left behind. Here only what was synced is left.
"""

from pathlib import Path

import pytest

from tests.faults.onair import figures
from tests.faults.victims import Victim, chance, lost, machine
from tests.unit.store.recount import first_broken


@pytest.mark.parametrize(
    ("cuts", "most"),
    [
        (3, 3_000),
        pytest.param(50, 10_000, marks=[pytest.mark.long, pytest.mark.timeout(900)]),
    ],
)
def test_power_cut_loses_nothing_acknowledged(
    tmp_path: Path, powercut: Path, empty_database: Path, cuts: int, most: int
) -> None:
    random, acknowledged, missing = chance("power"), 0, set[str]()
    for number in range(cuts):
        on = machine(tmp_path / str(number), powercut, empty_database)
        with Victim(on.live / "quiz.db", "p", environment=on.environment) as victim:
            victim.listen(stored=random.randrange(200, most))
            said = victim.kill()
        missing |= lost(on.image / "quiz.db", "p", said)
        acknowledged += len(said.stored)
        assert first_broken(on.image / "quiz.db") is None
    figures(
        f"{cuts} power cuts under the ledger's writer",
        {"receipts": acknowledged, "lost": len(missing)},
        goal="0 lost",
    )
    assert not missing


def test_power_cut_finds_a_commit_that_is_not_synced(
    tmp_path: Path, powercut: Path, empty_database: Path
) -> None:
    """The seeded defect: with synchronous=NORMAL receipts are lost.

    Not in every cut, for a checkpoint syncs the log too; so in some of three.
    """
    missing = 0
    for number in range(3):
        on = machine(tmp_path / str(number), powercut, empty_database)
        with Victim(
            on.live / "quiz.db", "p", synchronous="NORMAL", environment=on.environment
        ) as victim:
            victim.listen(stored=900 + 900 * number)
            said = victim.kill()
        missing += len(lost(on.image / "quiz.db", "p", said))
    assert missing > 100


def test_failing_sync_acknowledges_nothing_and_recovers(
    tmp_path: Path, powercut: Path, empty_database: Path
) -> None:
    """EIO from fsync: no receipt while it lasts, all receipts true after it."""
    on = machine(tmp_path, powercut, empty_database)
    with Victim(on.live / "quiz.db", "p", environment=on.environment) as victim:
        victim.listen(stored=500)
        on.fail.touch()
        victim.listen(failed=1)
        before = len(victim.said.stored)
        victim.listen(failed=2_000)
        during = len(victim.said.stored) - before
        on.fail.unlink()
        victim.listen(stored=500)
        said = victim.kill()
    assert during == 0
    # Told that it failed, the writer appends the same step again: had the failed
    # commit come back, the step would be taken and the writer would have ended.
    assert said.steps == list(range(1, len(said.steps) + 1))
    assert lost(on.image / "quiz.db", "p", said) == set()
    assert first_broken(on.image / "quiz.db") is None
