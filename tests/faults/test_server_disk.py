"""The real server on a disk that is short of room, and on a full one.

No show is opened, no receipt is false, the host is told, and once there is room
all goes on: nobody restarts anything (Source: R3.4). The ledger's own test is
test_store_disk_full.py; here phones and the host see it from outside.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from quizserver.rehearsal.calls import Caller, Refused
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from tests.faults.handsets import Handset, History, crowd_names, join, judge
from tests.faults.onair import (
    LONG,
    FaultyServer,
    Premises,
    Show,
    figures,
    moved_in,
    on_air,
)
from tests.faults.small_disk import SmallDisk, small_disk

PHONES = 150


ROOMY, LOW, SHORT, TINY = "1200m", "600m", "150m", "8m"
"""Sizes on both sides of each limit: 1 GB to be warned, 200 MB to open a show."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk with room, in memory; only what is written there takes any."""
    with small_disk(tmp_path / "disk", ROOMY) as mounted:
        yield mounted


@pytest.fixture
def cramped(built: Premises, disk: SmallDisk) -> Premises:
    """The premises on that disk."""
    return moved_in(built, disk.folder / "server")


@pytest.fixture
def lodger(cramped: Premises) -> Iterator[FaultyServer]:
    """A server on that disk; the test starts it."""
    server = FaultyServer(cramped.folder.parent)
    yield server
    server.kill()


async def test_a_show_is_opened_only_where_its_answers_fit(
    lodger: FaultyServer, cramped: Premises, disk: SmallDisk
) -> None:
    """Panel, /readyz, /metrics and the log say the same of it."""
    await lodger.start()
    async with Caller(lodger.address, cramped.owner) as caller:
        show = Show(
            lodger,
            LONG,
            cramped,
            caller,
            Director(caller, LONG, Hints(), Pace()),
        )
        assert await concerns(show) == []
        disk.resize(SHORT)
        assert await concerns(show) == [("disk_out", "bad")]
        assert await readiness(lodger) == (503, "problems")
        with pytest.raises(Refused) as refused:
            await show.command("open_lobby")
        said = refused.value.body["error"]["message"]
        assert re.search(rf"{cramped.folder} chỉ còn 15\d MB, cần ít nhất 200 MB", said)

        disk.resize(LOW)
        assert await concerns(show) == [("disk_low", "warning")]
        assert await readiness(lodger) == (200, "warnings")
        await show.command("open_lobby")

        # A show that is on air goes on, and its phones are not sent away.
        disk.resize(SHORT)
        assert await concerns(show) == [("disk_out", "bad")]
        assert await readiness(lodger) == (200, "warnings")
        await show.open()
        assert "quizserver_disk_free_bytes 1.5" in await show.metrics()
    assert "Traceback" not in lodger.said()


async def test_a_server_that_starts_on_a_short_disk_logs_it(
    lodger: FaultyServer, cramped: Premises, disk: SmallDisk
) -> None:
    disk.resize(LOW)
    await lodger.start()
    assert f"the disk of {cramped.folder} has" in lodger.said()


async def concerns(show: Show) -> list[tuple[str, str]]:
    """Return what the host's panel says of the disk."""
    found = (await show.state())["live"].get("concerns", [])
    return [(c["code"], c["level"]) for c in found if c["code"].startswith("disk")]


async def readiness(server: FaultyServer) -> tuple[int, str]:
    """Return the status of /readyz and the list that speaks of the disk."""
    async with Caller(server.address) as caller:
        try:
            status, said = 200, await caller.get("/readyz")
        except Refused as refused:
            status, said = 503, refused.body
    (where,) = (key for key in ("problems", "warnings") if "disk" in str(said[key]))
    return status, where


async def test_full_disk_gives_no_receipt_tells_the_host_and_recovers(
    lodger: FaultyServer, cramped: Premises, disk: SmallDisk
) -> None:
    await disk_fills_and_empties(lodger, cramped, disk, History())
    assert "Traceback" not in lodger.said()


async def disk_fills_and_empties(
    server: FaultyServer, place: Premises, disk: SmallDisk, history: History
) -> None:
    """Let the disk run full while phones answer, then make space again."""
    async with on_air(server, LONG, place) as show, AsyncExitStack() as online:
        phones = await join(server.address, LONG, crowd_names(PHONES), history)
        for phone in phones:
            await online.enter_async_context(phone.online())
        await show.open()
        for phone in phones:
            await phone.hears("open")
        for phone in phones[:10]:
            await phone.answer("A")
            await phone.receipt()
        disk.resize(TINY)
        junk = place.folder.parent / "junk"
        fill(junk)
        await answer_until_it_fails(show, phones[10:])
        receipted = len(history.receipts)
        assert 10 <= receipted < PHONES
        with pytest.raises(Refused, match="503"):
            async with Caller(server.address) as caller:
                await caller.get("/readyz")
        with pytest.raises(Refused, match="ledger_down"):
            await show.command("notice", text="Có ai nghe không?")
        await asyncio.sleep(0.5)
        assert len(history.receipts) == receipted, "a receipt from a full disk"
        junk.unlink()
        freed_ns = time.monotonic_ns()
        await until_ledger(show, ok=True)
        figures(
            "Disk full",
            {
                "receipts before": receipted,
                "space to writing again, s": (time.monotonic_ns() - freed_ns) / 1e9,
            },
        )
        # Nobody restarts anything: the phones resend, as phones do.
        for phone in phones:
            await phone.answer("B")
            await phone.receipt()
        stored = await show.answers()
    assert not judge(history, stored)
    assert len(stored) == PHONES


def fill(junk: Path) -> None:
    """Write until nothing more goes onto the disk."""
    with junk.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


async def answer_until_it_fails(show: Show, phones: list[Handset]) -> None:
    """Let one phone after another answer until the host is told of the disk."""
    for phone in phones:
        await phone.answer("A")
        await asyncio.sleep(0.005)
    await until_ledger(show, ok=False)


async def until_ledger(show: Show, *, ok: bool) -> None:
    """Wait until the host's state says whether the ledger writes."""
    async with asyncio.timeout(20):
        while True:
            health = (await show.state())["live"]["health"]
            if bool(health["ledger_ok"]) is ok:
                return
            await asyncio.sleep(0.05)
