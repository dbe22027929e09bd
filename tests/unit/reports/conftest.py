"""A ledger of its own for each test, and the export of a show that was played."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from quizserver.reports.formats import to_json
from quizserver.reports.results import results_of
from quizserver.store.ledger import open_ledger
from quizserver.store.migrate import upgrade
from quizserver.store.sql_ledger import SqlLedger
from tests.unit.reports.staged import CODE, whole_show

SECRET = b"a secret of thirty-two bytes ..."

OpenIn = Callable[[Path], SqlLedger]
"""Opens an empty ledger in a folder; whoever does closes it."""


@pytest.fixture(scope="session")
def open_in(tmp_path_factory: pytest.TempPathFactory) -> OpenIn:
    """What opens ledgers: migrating takes half a second, a copy does not."""
    empty = tmp_path_factory.mktemp("reports") / "empty.db"
    upgrade(f"sqlite:///{empty}")

    def opened(folder: Path) -> SqlLedger:
        shutil.copy(empty, folder / "quiz.db")
        return open_ledger(f"sqlite:///{folder / 'quiz.db'}", secret=SECRET)

    return opened


@pytest.fixture
def ledger(tmp_path: Path, open_in: OpenIn) -> Iterator[SqlLedger]:
    """One open ledger without shows."""
    opened = open_in(tmp_path)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Exported:
    """What left the server of one whole show."""

    lines: list[bytes]
    results: bytes


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory, open_in: OpenIn) -> Exported:
    """A whole show, really played and exported once."""

    async def played() -> Exported:
        ledger = open_in(tmp_path_factory.mktemp("show"))
        try:
            show = await whole_show(ledger)
            results = to_json(await results_of(ledger, CODE))
            return Exported(await show.export(), results)
        finally:
            ledger.close()

    return asyncio.run(played())


@pytest.fixture
def lines(exported: Exported) -> list[bytes]:
    """The lines of its audit export, to be changed at will."""
    return list(exported.lines)


@pytest.fixture
def results(exported: Exported) -> dict[str, Any]:
    """Its results.json, to be changed at will."""
    told: dict[str, Any] = json.loads(exported.results)
    return told
