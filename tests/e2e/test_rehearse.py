"""A rehearsal on the real server: phones come by themselves, one call wipes them."""

import asyncio
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.trust import pinned
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


async def rehearse(server: ServerProcess, trust: ssl.SSLContext | None = None) -> None:
    """Let phones come, answer and go."""
    token = await server.token("host", SHOW)
    async with Caller(server.address, token, trust) as caller:

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


async def test_simulated_phones_play_and_are_wiped(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "server", "--samples")
    await server.start()
    try:
        await rehearse(server)
    finally:
        server.stop()


async def test_they_speak_tls_and_the_host_is_told_when_they_stop(
    tmp_path: Path,
) -> None:
    certificate, other = certified(tmp_path / "own"), certified(tmp_path / "other")
    trust = pinned(certificate)
    server = ServerProcess(tmp_path / "server", "--samples")
    server.speak_tls(certificate, tmp_path / "own" / "key.pem")
    await server.start()
    try:
        await rehearse(server, trust)
        # Whoever shows another certificate is not the server.
        certificate.write_bytes(other.read_bytes())
        token = await server.token("host", SHOW)
        async with Caller(server.address, token, trust) as caller:
            await caller.post(f"/api/shows/{SHOW}/cues/open_lobby", {})
            await caller.post(f"/api/shows/{SHOW}/rehearsal", {"phones": PHONES})
            await reached(caller, lambda s: "rehearsal_trouble" in s["live"])
            state = await caller.get(STATE)
            assert "certificate verify failed" in state["live"]["rehearsal_trouble"]
            assert state["live"]["joined"] == 0
    finally:
        server.stop()


def certified(folder: Path) -> Path:
    """Return a certificate that signs itself; its key lies beside it."""
    folder.mkdir()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-batch")
    files = ("-keyout", str(key), "-out", str(certificate), "-days", "2")
    subprocess.run([*made, *files], check=True, capture_output=True)
    return certificate
