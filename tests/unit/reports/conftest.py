"""A ledger of its own for each test, copied from one that was migrated once."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizserver.store.ledger import open_ledger
from quizserver.store.migrate import upgrade
from quizserver.store.sqlite import SqliteLedger

SECRET = b"a secret of thirty-two bytes ..."

OpenIn = Callable[[Path], SqliteLedger]
"""Opens an empty ledger in a folder; whoever does closes it."""


@pytest.fixture(scope="session")
def open_in(tmp_path_factory: pytest.TempPathFactory) -> OpenIn:
    """What opens ledgers: migrating takes half a second, a copy does not."""
    empty = tmp_path_factory.mktemp("reports") / "empty.db"
    upgrade(f"sqlite:///{empty}")

    def opened(folder: Path) -> SqliteLedger:
        shutil.copy(empty, folder / "quiz.db")
        return open_ledger(f"sqlite:///{folder / 'quiz.db'}", secret=SECRET)

    return opened


@pytest.fixture
def ledger(tmp_path: Path, open_in: OpenIn) -> Iterator[SqliteLedger]:
    """One open ledger without shows."""
    opened = open_in(tmp_path)
    yield opened
    opened.close()
