"""`quizserver obs` between a real server and a small OBS: it follows, whatever ends."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from quizserver.rehearsal.calls import PatientCaller
from tests.server import ServerProcess
from tests.unit.studio.peer import FakeObs
from tests.unit.studio.test_plan import handed_out

SHOW = "CCHC1"
STATE = f"/api/shows/{SHOW}/state"


async def reached(caller: PatientCaller, holds: Callable[[list[Any]], bool]) -> None:
    """Wait until the list of overlays says so."""
    async with asyncio.timeout(30):
        while True:
            live = (await caller.get(STATE))["live"]
            if holds(live.get("outputs", [])):
                return
            await asyncio.sleep(0.1)


@asynccontextmanager
async def bridged(
    server: ServerProcess, obs: FakeObs, folder: Path, key: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the command beside both."""
    file = handed_out(folder, f"{server.address}/overlay/stage#k={key}")
    password = folder / "password"
    password.write_text(f"{obs.password}\n", "utf-8")
    order = ["obs", str(file), "--obs", obs.address, "--password-file", str(password)]
    bridge = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "quizserver",
        *order,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield bridge
    finally:
        if bridge.returncode is None:
            bridge.kill()


async def test_the_bridge_follows_a_show_through_a_restart(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "server", "--samples")
    await server.start()
    obs = FakeObs(password="bí mật")
    await obs.start()
    key, token = await server.token("overlay", SHOW), await server.token("host", SHOW)
    async with (
        bridged(server, obs, tmp_path, key) as bridge,
        PatientCaller(server.address, token) as caller,
    ):
        await caller.post(f"/api/shows/{SHOW}/cues/open_lobby", {})
        await obs.until(lambda: obs.program == "Quiz – Phòng chờ")
        await reached(caller, lambda seen: len(seen) == 1)
        (seen,) = (await caller.get(STATE))["live"]["outputs"]
        assert seen["view"] == "obs-bridge"
        server.kill()
        await server.start()
        await caller.post(f"/api/shows/{SHOW}/cues/ask", {})
        await obs.until(lambda: obs.program == "Quiz – Câu hỏi")
        bridge.send_signal(signal.SIGINT)
        said, _ = await bridge.communicate()
    server.stop()
    await obs.stop()
    told = said.decode()
    assert "Đã nối với OBS 32.0.2." in told
    for never in (key, obs.password, "Traceback"):
        assert never not in told
    assert bridge.returncode == 0
