"""The real server on a full disk: no receipt, a word for the host, recovery.

Source: R3.4. The ledger's own test is test_store_disk_full.py; here phones and
the host see it from outside, and nobody restarts anything.
"""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from quizserver.rehearsal.calls import Caller, Refused
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

PHONES = 150


@pytest.fixture
def cramped(built: Premises, tmp_path: Path) -> Iterator[Premises]:
    """The premises on a disk of 8 MB of their own."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "quiztest", str(disk)]
    subprocess.run(mount, check=True)
    yield moved_in(built, disk / "server")
    subprocess.run(["umount", disk], check=True)


async def test_full_disk_gives_no_receipt_tells_the_host_and_recovers(
    cramped: Premises,
) -> None:
    server, history = FaultyServer(cramped.folder.parent), History()
    try:
        await disk_fills_and_empties(server, cramped, history)
    finally:
        server.kill()
    assert "Traceback" not in server.said()


async def disk_fills_and_empties(
    server: FaultyServer, place: Premises, history: History
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
