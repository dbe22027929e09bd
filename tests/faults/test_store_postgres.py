"""On PostgreSQL too an acknowledged answer survives every kill -9 (Source: R3.4).

Whoever is killed: the writer's process, or PostgreSQL with everything it runs.
Beyond what SQLite is held to, what was called lost is not there: an answer of a
commit that was cut off is told when PostgreSQL knows of it, and not before.
"""

from collections.abc import Iterator

import pytest

from quizserver.store.migrate import upgrade
from tests.faults.onair import figures
from tests.faults.victims import Victim, chance, lost
from tests.postgres import Cluster
from tests.unit.store.recount import first_broken, found

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture
def database(postgres: Cluster) -> Iterator[str]:
    """An empty database with the schema."""
    url = postgres.make("victim")
    upgrade(url)
    yield url
    if not postgres.runs:
        postgres.start()
    postgres.run("drop database victim with (force)")


@pytest.mark.parametrize(
    "kills",
    [3, pytest.param(100, marks=[pytest.mark.long, pytest.mark.timeout(1_000)])],
)
def test_kill_of_the_writer_loses_nothing_acknowledged(
    database: str, kills: int
) -> None:
    random, missing, acknowledged = chance("postgres"), set[str](), 0
    for number in range(kills):
        with Victim(database, f"r{number}") as victim:
            victim.listen(stored=random.randrange(1, 1_000))
            said = victim.kill()
        missing |= lost(database, f"r{number}", said)
        acknowledged += len(said.stored)
    figures(
        f"PostgreSQL: {kills} kills -9 of the ledger's writer",
        {"receipts": acknowledged, "lost": len(missing)},
        goal="0 lost",
    )
    assert not missing
    assert first_broken(database) is None


@pytest.mark.parametrize(
    "kills", [3, pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(1_000)])]
)
def test_kill_of_postgresql_loses_nothing_and_calls_nothing_lost_that_is_there(
    database: str, postgres: Cluster, kills: int
) -> None:
    random = chance("postgres server")
    with Victim(database, "r") as victim:
        for _ in range(kills):
            victim.listen(stored=random.randrange(100, 1_000))
            postgres.kill()
            # Not until something is called lost: of a commit that the kill left in
            # doubt nothing is told before PostgreSQL is back.
            postgres.start()
        victim.listen(stored=100)
        said = victim.kill()
    missing = lost(database, "r", said)
    stored = {name for (name,) in found(database, "select participant from answer")}
    false_alarms = stored & set(said.failed)
    figures(
        f"{kills} kills -9 of PostgreSQL under the ledger's writer",
        {
            "receipts": len(said.stored),
            "called lost": len(said.failed),
            "lost": len(missing),
            "called lost and there": len(false_alarms),
        },
        goal="0 lost, 0 called lost and there",
    )
    assert not missing
    assert not false_alarms
    assert first_broken(database) is None
