"""The disk reports an error for every flush, under the real server.

A flush that failed may have kept the data or lost it, so nothing rests on it: no
receipt, a red sentence for the host with what to do, and no restart once the disk
takes flushes again (Source: R3.4). The ledger's own test is test_store_power.py.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest

from quizserver.rehearsal.calls import Caller, Refused
from quizserver.texts.catalogue import text
from tests.faults.handsets import Handset, History, crowd_names, join, judge
from tests.faults.onair import (
    LONG,
    Powered,
    Premises,
    Show,
    figures,
    on_air,
)

PHONES = 60
HALF = PHONES // 2
CONCERN = {"code": "ledger_io_error", "level": "bad", "gauge": "ledger_ok"}


async def test_failing_flushes_give_no_receipt_tell_the_host_and_pass(
    powered: Powered, place: Premises
) -> None:
    server, history = powered.server, History()
    async with on_air(server, LONG, place) as show, AsyncExitStack() as online:
        phones = await join(server.address, LONG, crowd_names(PHONES), history)
        for phone in phones:
            await online.enter_async_context(phone.online())
        await show.open()
        await all_answer(phones[:HALF], "A")

        powered.disk.fail.touch()
        for phone in phones[HALF:]:
            await phone.answer("A")
        await until(show, [CONCERN])
        await host_is_told(show)
        for phone in phones[HALF:]:
            await phone.answer("A")
        await until_tried_again(show)
        assert len(history.receipts) == HALF, "a receipt from a disk that failed"

        powered.disk.fail.unlink()
        well_ns = time.monotonic_ns()
        await until(show, [])
        seconds = (time.monotonic_ns() - well_ns) / 1e9
        figures("Failing fsync", {"well to writing again, s": seconds})
        assert seconds <= 2
        # Nobody restarts anything: phones send again, as phones do.
        await all_answer(phones, "B")
        stored = await show.answers()
    assert not judge(history, stored)
    assert len(stored) == PHONES
    assert "Traceback" not in server.said()


async def all_answer(phones: list[Handset], option: str) -> None:
    """Answer and wait for the receipts."""
    for phone in phones:
        await phone.answer(option)
        await phone.receipt()


async def host_is_told(show: Show) -> None:
    """What a panel, a script and an operator see while nothing can be stored."""
    with pytest.raises(Refused, match="ledger_down") as refused:
        await show.command("notice", text="Có ai nghe không?")
    sentence = text("vi", "live.rejected.ledger_down")
    assert refused.value.body["error"]["message"] == sentence
    async with Caller(show.server.address) as caller:
        with pytest.raises(Refused) as unready:
            await caller.get("/readyz")
    assert unready.value.status == 503
    assert "disk reports errors" in unready.value.body["problems"][0]
    assert "quizserver_ledger_ok 0.0" in await show.metrics()


async def until(show: Show, concerns: list[dict[str, Any]]) -> None:
    """Wait until the host is told of exactly these about the ledger."""
    async with asyncio.timeout(20):
        while True:
            told = (await show.state())["live"].get("concerns", [])
            if [one for one in told if one["gauge"] == "ledger_ok"] == concerns:
                return
            await asyncio.sleep(0.05)


async def until_tried_again(show: Show) -> None:
    """Wait until two more batches have failed."""
    before = await failures(show)
    async with asyncio.timeout(20):
        while True:
            if await failures(show) >= before + 2:
                return
            await asyncio.sleep(0.05)


async def failures(show: Show) -> float:
    """Return how many batches were lost."""
    health = (await show.state())["live"]["health"]
    return float(health["ledger_failures_total"])
