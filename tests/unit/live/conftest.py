"""Ledgers for the tests of the running show: on the disk, and shared by two."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizserver.store import postgres as store_postgres
from quizserver.store.ledger import open_ledger
from quizserver.store.migrate import upgrade
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.tables import METADATA
from tests.postgres import Cluster, connected
from tests.unit.live.house import SECRET


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and no rows; migrated once, then copied."""
    path = tmp_path_factory.mktemp("live") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def ledger(tmp_path: Path, empty_database: Path) -> Iterator[SqlLedger]:
    """An open ledger without shows."""
    path = tmp_path / "quiz.db"
    shutil.copy(empty_database, path)
    opened = open_ledger(f"sqlite:///{path}", secret=SECRET, linger_ms=0)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_database(postgres: Cluster) -> str:
    """The URL of a PostgreSQL database with the schema, for several processes."""
    url = postgres.make("shared")
    upgrade(url)
    return url


@pytest.fixture
def open_shared(
    shared_database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], SqlLedger]]:
    """Open the same empty database for one process after another."""
    # A busy machine, or a gate that holds the journal, is no process that froze:
    # PostgreSQL would end its transaction after a second, and lose the batch.
    monkeypatch.setattr(store_postgres, "FROZEN_S", 60)
    with connected(shared_database) as db:
        tables = reversed(METADATA.sorted_tables)
        db.execute("; ".join(f'delete from "{table.name}"' for table in tables))
    opened: list[SqlLedger] = []

    def another() -> SqlLedger:
        opened.append(
            open_ledger(shared_database, secret=SECRET, linger_ms=0, shared=True)
        )
        return opened[-1]

    yield another
    for ledger in opened:
        ledger.close()
