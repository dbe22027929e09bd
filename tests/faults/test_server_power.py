"""The power goes while the real server takes answers (T-PWR; Source: R3.4).

Killing a process leaves the disk to the kernel. Here the server starts again from
a folder that holds only what it had flushed, so a receipt that was sent before its
flush is a receipt that is lost.
"""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.crowd import Crowd
from tests.faults.handsets import (
    Handset,
    History,
    accounted,
    crowd_names,
    join,
    judge,
    statuses,
)
from tests.faults.onair import (
    LONG,
    Powered,
    Premises,
    assert_calm,
    figures,
    on_air,
)
from tests.faults.victims import chance

PHONES = 100
"""Phones that answer around each cut."""

PER_QUESTION = 10
"""Cuts in one question; its time is not over before."""

THINK_MS = 300


@pytest.mark.parametrize(
    "cuts",
    [2, pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(900)])],
)
async def test_no_receipt_of_the_server_is_lost_when_the_power_goes(
    powered: Powered, place: Premises, crowd_program: Path, cuts: int
) -> None:
    random, history = chance("server power"), History()
    async with on_air(powered.server, LONG, place) as show:
        for number in range(cuts):
            if number % PER_QUESTION == 0:
                if number:
                    await show.lock_and_reveal()
                await show.open()
            names = crowd_names(PHONES, f"Mất điện {number}.")
            phones = await join(powered.server.address, LONG, names, history)
            before = random.randint(1, PHONES - 1)
            if not await one_cut(powered, crowd_program, phones, before, history):
                break  # so much is gone that nobody can go on: the verdict says it
        stored = await show.answers()
    verdict = judge(history, stored)
    figures(
        f"{cuts} power cuts under the server",
        {
            **accounted(history, verdict),
        },
        goal="0 lost, 0 phantom, 0 double",
    )
    assert not verdict, verdict
    assert statuses(history) == {"accepted": len(history.receipts)}
    assert len(stored) == PHONES * cuts
    assert_calm(powered.server)


async def one_cut(
    powered: Powered,
    program: Path,
    phones: list[Handset],
    before: int,
    history: History,
) -> bool:
    """Cut the power once `before` have receipts; tell whether all have one in time."""
    crowd = Crowd(program, phones, think_ms=THINK_MS)
    async with crowd.run(powered.server.folder, powered.server.port):
        await crowd.until(answered=before)
        await powered.cut()
        with suppress(TimeoutError):
            await crowd.until(answered=len(phones))
    crowd.seen(history)
    return crowd.answered == len(phones)
