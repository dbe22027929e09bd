"""A ledger on the disk for every test of the running show."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizserver.store.ledger import open_ledger
from quizserver.store.migrate import upgrade
from quizserver.store.sql_ledger import SqlLedger
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
