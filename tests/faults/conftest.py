"""Shared by the fault tests: an empty database, shows on a real server."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizserver.store.migrate import upgrade
from tests.faults.crowd import compiled
from tests.faults.onair import (
    TABLE,
    FaultyServer,
    Powered,
    Premises,
    moved_in,
    powered_on,
    premises,
    table,
)
from tests.faults.victims import shim
from tests.postgres import Cluster


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and no rows."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def powercut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled power-cut library."""
    return shim(tmp_path_factory.mktemp("powercut"))


@pytest.fixture(scope="session")
def crowd_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled phones of a crowd."""
    return compiled(tmp_path_factory.mktemp("crowd"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    """A data folder with shows, made once; copy it with `moved_in`."""
    return asyncio.run(premises(tmp_path_factory.mktemp("premises") / "data"))


@pytest.fixture
def place(built: Premises, tmp_path: Path) -> Premises:
    """A copy of the data folder for the server of this test."""
    return moved_in(built, tmp_path / "server")


@pytest.fixture
def server(place: Premises) -> Iterator[FaultyServer]:
    """A server on that folder; the test starts it."""
    process = FaultyServer(place.folder.parent)
    yield process
    process.kill()


@pytest.fixture
def powered(place: Premises, powercut: Path) -> Iterator[Powered]:
    """The same on a disk of which a test takes the power or the flushes."""
    made = powered_on(place, powercut)
    yield made
    made.server.kill()


@pytest.fixture(scope="session")
def built_on_postgres(
    postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Premises:
    """The same with its ledger on PostgreSQL, in the database `built`."""
    folder = tmp_path_factory.mktemp("on-postgres") / "data"
    return asyncio.run(premises(folder, postgres.make("built")))


@pytest.fixture
def ledger_url(postgres: Cluster, built_on_postgres: Premises) -> Iterator[str]:
    """A copy of that database for the server of this test."""
    yield postgres.copy("copied", "built")
    if not postgres.runs:
        postgres.start()
    postgres.run("drop database copied with (force)")


@pytest.fixture
def place_on_postgres(built_on_postgres: Premises, tmp_path: Path) -> Premises:
    """A copy of the data folder that goes with it."""
    return moved_in(built_on_postgres, tmp_path / "server")


@pytest.fixture
def server_on_postgres(
    place_on_postgres: Premises, ledger_url: str
) -> Iterator[FaultyServer]:
    """A server with that folder and that database; the test starts it."""
    process = FaultyServer(
        place_on_postgres.folder.parent, environment={"QUIZ_DATABASE_URL": ledger_url}
    )
    yield process
    process.kill()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print all figures of the long forms as one table."""
    if TABLE and terminalreporter.config.option.markexpr == "long":
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(table()))
