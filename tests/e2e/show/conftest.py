"""A real server and a real browser for whole shows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.server import ServerProcess
from tests.visitors import open_browser


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server with the sample shows, on temporary data."""
    process = ServerProcess(tmp_path / "server", "--samples")
    await process.start()
    yield process
    process.stop()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless."""
    async with open_browser() as opened:
        yield opened
