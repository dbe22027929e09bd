"""Every ledger there is, as one fixture: the contract suite runs on each."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizserver.store.ledger import open_ledger
from quizserver.store.migrate import upgrade
from quizserver.store.sqlite import SqliteLedger

SECRET = b"a secret of thirty-two bytes ..."

Open = Callable[[], SqliteLedger]
"""Opens the same database; the ones before must be closed."""


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and no rows; migrated once, then copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite"])
def opened(
    request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path
) -> Iterator[Open]:
    """Open a ledger of each kind, as often as a test restarts it."""
    assert request.param == "sqlite"
    shutil.copy(empty_database, tmp_path / "quiz.db")
    ledgers: list[SqliteLedger] = []

    def open_again() -> SqliteLedger:
        ledgers.append(open_ledger(f"sqlite:///{tmp_path / 'quiz.db'}", secret=SECRET))
        return ledgers[-1]

    yield open_again
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def ledger(opened: Open) -> SqliteLedger:
    """One open ledger."""
    return opened()
