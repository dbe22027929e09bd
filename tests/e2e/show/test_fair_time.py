"""The far and the near phone on the real server: who wins under which rule.

Three phones tap the same time after the question has reached them. One is next
door, one 240 ms away behind a slow line, one next door with an edited page that
claims to have taken no time at all.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from tests.server import ServerProcess

ONE_WAY_S = 0.12
REACTION_S = 1.2
PACK = "cchc-2023-so-1"


@asynccontextmanager
async def slow_line(port: int) -> AsyncIterator[str]:
    """Pass a TCP connection on, each way `ONE_WAY_S` later; give its address."""
    async with asyncio.TaskGroup() as tasks:

        async def relay(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            far = await asyncio.open_connection("127.0.0.1", port)
            tasks.create_task(carry(reader, far[1]))
            tasks.create_task(carry(far[0], writer))

        server = await asyncio.start_server(relay, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, in order, each piece when its time has come."""
    loop = asyncio.get_running_loop()
    while piece := await reader.read(65_536):
        loop.call_later(ONE_WAY_S, writer.write, piece)
    loop.call_later(ONE_WAY_S, writer.close)


@dataclass
class Runner:
    """A phone that taps `REACTION_S` after the question came."""

    name: str
    address: str
    claims_ms: int | None = None
    took_ms: int = 0
    receipt: dict[str, Any] | None = None

    async def run(self, show: str, ready: asyncio.Semaphore) -> None:
        """Join, wait for a question, answer it, wait for the receipt."""
        form = {
            "name": self.name,
            "unit": "x",
            "consent": {"version": "1", "play": True},
        }
        async with Caller(self.address) as caller:
            joined = await caller.post(f"/api/shows/{show}/participants", form)
        url = self.address.replace("http", "ws", 1) + "/ws/phone"
        async with connect(url, compression=None, proxy=None) as socket:
            hello = {"type": "hello", "v": 1, "show": show, "token": joined["token"]}
            await socket.send(json.dumps(hello))
            async for text in socket:
                message = json.loads(text)
                if message["type"] == "welcome":
                    ready.release()
                elif message["type"] == "open":
                    shown_ns = time.monotonic_ns()
                    await asyncio.sleep(REACTION_S)
                    self.took_ms = (time.monotonic_ns() - shown_ns) // 1_000_000
                    await socket.send(json.dumps(self.tap(message["question"])))
                elif message["type"] == "receipt":
                    self.receipt = message
                    return

    def tap(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return the answer: what the page claims is what it took, or a lie."""
        claim = self.took_ms if self.claims_ms is None else self.claims_ms
        return {
            "type": "answer",
            "question": question["id"],
            "option": "A",
            "nonce": question["nonce"],
            "elapsed_ms": claim,
        }

    @property
    def error_ms(self) -> int:
        """How far the server's T is from the truth."""
        assert self.receipt is not None
        assert self.receipt["status"] == "accepted"
        return int(self.receipt["time_ms"]) - self.took_ms


async def race(server: ServerProcess, rule: str, folder: Path) -> list[Runner]:
    """Play one question under a rule; check the export; return who ran."""
    show = {"fair-1": "FAIR1", "received": "RECV1"}[rule]
    await server.run("show", "create", show, "--pack", PACK, "--timing", rule)
    token = await server.token("owner", show)
    async with slow_line(server.port) as far, Caller(server.address, token) as caller:
        director = Director(caller, show, Hints(), Pace())
        await director.command("open_lobby")
        runners = [
            Runner("Gần", server.address),
            Runner("Xa", far),
            Runner("Gian", server.address, claims_ms=0),
        ]
        ready = asyncio.Semaphore(0)
        async with asyncio.TaskGroup() as tasks:
            for runner in runners:
                tasks.create_task(runner.run(show, ready))
            for _ in runners:
                await ready.acquire()
            await director.command("ask")
            await director.command("open")
        await director.command("lock")
        await director.command("reveal")
        export = await caller.call("GET", f"/api/shows/{show}/audit.jsonl", b"")
    file = folder / f"{show}.jsonl"
    file.write_bytes(export)
    assert "- 3 câu trả lời: " in await server.run("results", "verify", str(file))
    return runners


async def test_distance_costs_nothing_and_a_lie_little_under_fair_1(
    server: ServerProcess, tmp_path: Path
) -> None:
    """R4: equal reactions get equal times; a lie gains at most A."""
    near, far, liar = await race(server, "fair-1", tmp_path)
    assert abs(near.error_ms - far.error_ms) <= 15
    assert abs(far.error_ms) <= 15
    rows = map(json.loads, (tmp_path / "FAIR1.jsonl").read_bytes().splitlines())
    lie = next(row for row in rows if row["kind"] == "answer" and row["c_ms"] == 0)
    assert lie["S_rule"] == "live"
    assert lie["T_us"] == lie["E_us"] - lie["A_us"]
    assert -lie["A_us"] // 1_000 <= liar.error_ms < 0
    assert lie["A_us"] <= 500_000


async def test_distance_costs_its_round_trip_under_received(
    server: ServerProcess, tmp_path: Path
) -> None:
    near, far, _ = await race(server, "received", tmp_path)
    assert far.error_ms - near.error_ms >= 200
