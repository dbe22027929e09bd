"""A rehearsal on the real server: phones come by themselves, one call wipes them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quizserver.rehearsal.calls import Caller
from quizserver.wire.common import REHEARSAL
from tests.server import ServerProcess

SHOW = "CCHC1"
STATE = f"/api/shows/{SHOW}/state"
PHONES = 6


async def reached(caller: Caller, holds: Callable[[dict[str, Any]], bool]) -> None:
    """Wait until the host's state says so."""
    async with asyncio.timeout(30):
        while not holds(await caller.get(STATE)):  # noqa: ASYNC110 - a call has no event
            await asyncio.sleep(0.1)


async def test_simulated_phones_play_and_are_wiped(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "server", "--samples")
    await server.start()
    try:
        token = await server.token("host", SHOW)
        async with Caller(server.address, token) as caller:

            async def cue(name: str) -> None:
                await caller.post(f"/api/shows/{SHOW}/cues/{name}", {})

            await cue("open_lobby")
            await caller.post(f"/api/shows/{SHOW}/rehearsal", {"phones": PHONES})
            await reached(caller, lambda s: s["live"]["online"] == PHONES)
            await cue("ask")
            await cue("open")
            await reached(caller, lambda s: s["live"].get("answered", 0) > 0)
            state = await caller.get(STATE)
            assert state["live"]["via"] == {REHEARSAL: PHONES}
            await caller.post(f"/api/shows/{SHOW}/rehearsal/wipe", {})
            await reached(caller, lambda s: s["phase"] == "draft")
            await reached(caller, lambda s: s["live"]["online"] == 0)
            assert (await caller.get(STATE))["live"]["joined"] == 0
    finally:
        server.stop()
