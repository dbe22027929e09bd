"""Every ledger there is, as one fixture: the contract suite runs on each."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizserver.store.ledger import open_ledger
from quizserver.store.migrate import upgrade
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.tables import METADATA
from tests.postgres import Cluster, connected

SECRET = b"a secret of thirty-two bytes ..."

Open = Callable[[], SqlLedger]
"""Opens the same database; the ones before must be closed."""


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and no rows; migrated once, then copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated(postgres: Cluster) -> str:
    """The URL of one database with the schema, which tests empty one by one.

    It orders by language where it can, as many an operator's does.
    """
    by_language = "locale_provider icu icu_locale 'vi'" if postgres.version > 14 else ""
    url = postgres.make("contract", f"template template0 {by_language}")
    upgrade(url)
    return url


@pytest.fixture
def empty_schema(migrated: str) -> str:
    """The URL of a PostgreSQL database with the schema and no rows."""
    with connected(migrated) as db:
        # Quicker than truncate, which makes every file of every table anew.
        tables = reversed(METADATA.sorted_tables)
        db.execute("; ".join(f'delete from "{table.name}"' for table in tables))
    return migrated


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("empty_schema")
        return url
    empty = request.getfixturevalue("empty_database")
    shutil.copy(empty, tmp_path / "quiz.db")
    return f"sqlite:///{tmp_path / 'quiz.db'}"


@pytest.fixture
def opened(database: str) -> Iterator[Open]:
    """Open a ledger of each kind, as often as a test restarts it."""
    ledgers: list[SqlLedger] = []

    def open_again() -> SqlLedger:
        ledgers.append(open_ledger(database, secret=SECRET))
        return ledgers[-1]

    yield open_again
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def ledger(opened: Open) -> SqlLedger:
    """One open ledger."""
    return opened()
