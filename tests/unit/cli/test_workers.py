"""The parent of several workers: what must not end it."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence

import pytest

from quizserver.cli import workers
from quizserver.cli.workers import Crew

STAYS = (sys.executable, "-c", "import sys; sys.stdin.read()")


async def test_a_worker_that_cannot_be_started_ends_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As while the machine has no memory or no process left for a moment."""
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(workers, "_PAUSE_S", 0.01)
    starts: list[str] = []
    second_runs = asyncio.Event()

    def command(_port: int, greets: bool) -> Sequence[str]:
        starts.append("first" if greets else "second")
        if starts.count("second") < 3 and not greets:
            return ["/nowhere/python"]
        if not greets:
            second_runs.set()
        return STAYS

    port = os.open(os.devnull, os.O_RDONLY)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(Crew(port, command).run(2))
        await second_runs.wait()
        os.kill(os.getpid(), signal.SIGTERM)
    os.close(port)
    assert starts == ["first", "second", "second", "second"]
    assert caplog.text.count("cannot be started") == 2
