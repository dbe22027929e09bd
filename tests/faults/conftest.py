"""Shared by the fault tests: an empty database, made once."""

from pathlib import Path

import pytest

from quizserver.store.migrate import upgrade
from tests.faults.victims import shim


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
