"""Hostile clients beside honest phones (Source: R2.4, R3.4).

While `attackers` does its worst from another process, people go on joining,
answering and getting their receipts; the server's memory stays bounded, and
nothing that anybody sends makes it stumble.
"""

import asyncio
import json
import re
import sys
import time
from itertools import count

import pytest

from tests.faults.attackers import KINDS
from tests.faults.handsets import GONE, History, join, judge
from tests.faults.onair import (
    LONG,
    FaultyServer,
    Premises,
    Show,
    assert_calm,
    figures,
    on_air,
    share,
    spread,
)
from tests.faults.victims import ROOT

AT_ONCE = 4
"""Honest people who join and answer side by side, one after the other."""

MEMORY_KIB = 20 * 1024
"""Most that an attack may make the server grow."""

PERSON_KIB = 2.5
"""What somebody costs who joins, answers and leaves: a minute has over ten thousand."""

PATIENCE_S = 5

_FAILED = re.compile(r'status="5\d\d"\} (?!0\.0)')

pytestmark = pytest.mark.quiet


@pytest.mark.parametrize(
    ("seconds", "most_ms"),
    [
        # Three processes share two cores with whatever else runs meanwhile.
        (4, 500),
        pytest.param(60, 100, marks=[pytest.mark.long, pytest.mark.timeout(300)]),
    ],
)
async def test_honest_people_get_receipts_while_others_attack(
    server: FaultyServer, place: Premises, seconds: int, most_ms: float
) -> None:
    history = History()
    async with on_air(server, LONG, place) as show:
        (bait,) = await join(server.address, LONG, ["Kẻ phá"], History())
        await show.open()
        await honest(show, history, seconds=0.5)  # warm: what grows then is theirs
        memory = [server.rss_kib()]
        attack = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.attackers",
            *(str(server.port), LONG, bait.token, str(seconds)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(watch(server, memory))
            waits = await honest(show, history, seconds=seconds)
            out, _ = await attack.communicate()
            watching.cancel()
        grown = round(max(memory) - memory[0] - len(waits) * PERSON_KIB)
        # At once: a server that was brought down answers nothing more.
        assert share(waits, 0.99) <= most_ms, f"{spread(waits)}; {grown} KiB more"
        assert grown <= MEMORY_KIB
        stored, metrics = await show.answers(), await show.metrics()
        lag = (await show.state())["live"]["health"]["loop_lag_worst_ms"]
    strikes = json.loads(out)
    figures(
        f"{seconds} s under attack",
        {
            **strikes,
            "honest answers receipted": len(waits),
            "answer to receipt, ms": spread(waits),
            "longest the server's loop stood, ms": lag,
            "memory, KiB more than honest people take": grown,
        },
        goal="p99 ≤ 100 ms, ≤ 20 MB, no 5xx, no traceback",
    )
    assert attack.returncode == 0
    assert len(strikes) == len(KINDS), "some kind never struck"
    assert waits, "nobody got a receipt"
    assert not judge(history, stored), "also: a forged answer is a phantom"
    assert not _FAILED.search(metrics), metrics
    assert_calm(server)


async def honest(show: Show, history: History, *, seconds: float) -> list[float]:
    """Let people join, answer and leave for so long; return their waits in ms.

    Whoever is not served in time has waited for as long as anybody would.
    """
    end, waits, number = time.monotonic() + seconds, list[float](), count()

    async def one_after_another() -> None:
        while time.monotonic() < end:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    name = f"Người {next(number)}"
                    waits.append(await one_answer(show, name, history))
            except* GONE:
                waits.append(PATIENCE_S * 1_000)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(one_after_another())
    return waits


async def one_answer(show: Show, name: str, history: History) -> float:
    """Join, answer and leave; return how long the receipt took, in ms."""
    (phone,) = await join(show.server.address, show.code, [name], history)
    async with phone.online():
        await phone.hears("welcome")
        began_ns = time.monotonic_ns()
        await phone.answer("A")
        await phone.receipt()
        return (time.monotonic_ns() - began_ns) / 1e6


async def watch(server: FaultyServer, memory: list[int]) -> None:
    """Note the server's memory now and then."""
    while True:
        memory.append(server.rss_kib())
        await asyncio.sleep(0.2)
