"""Snapshots for phones that wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from quizserver.gateway.desk import Desk
from quizserver.live.ports import LedgerDown
from tests.protocol.phones import NotingPhone


@asynccontextmanager
async def at_work(desk: Desk) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        desk.open(tasks)
        yield
        for _ in range(100):
            await asyncio.sleep(0)
        desk.close()


async def made() -> bytes:
    return b"state"


async def test_phones_get_their_snapshots_first_come_first_served() -> None:
    desk, order = Desk(clerks=1), list[int]()
    phones = [NotingPhone() for _ in range(5)]

    def make(number: int) -> "asyncio.Future[bytes]":
        order.append(number)
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        future.set_result(b"%d" % number)
        return future

    async with at_work(desk):
        for number, phone in enumerate(phones):
            desk.queue(phone, lambda number=number: make(number))  # type: ignore[misc]
    assert order == [0, 1, 2, 3, 4]
    assert [phone.told for phone in phones] == [[b"%d" % number] for number in order]


async def test_no_more_snapshots_are_made_at_once_than_there_are_clerks() -> None:
    desk, gate, under_way = Desk(clerks=3), asyncio.Event(), list[int]()

    async def slow() -> bytes:
        under_way.append(1)
        await gate.wait()
        return b"state"

    async with at_work(desk):
        for _ in range(10):
            desk.queue(NotingPhone(), slow)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(under_way) == 3
        gate.set()
    assert len(under_way) == 10


async def test_phone_that_left_meanwhile_costs_nothing() -> None:
    desk, asked = Desk(), list[int]()
    phone = NotingPhone(closed=[1001])

    async def make() -> bytes:
        asked.append(1)
        return b""

    async with at_work(desk):
        desk.queue(phone, make)
    assert not asked


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(KeyError("nobody"), 4401), (LedgerDown(), 1012), (ValueError("bug"), 1012)],
)
async def test_trouble_closes_that_phone_and_the_clerk_goes_on(
    trouble: Exception, code: int
) -> None:
    desk = Desk(clerks=1)
    unlucky, next_one = NotingPhone(), NotingPhone()

    async def fails() -> bytes:
        raise trouble

    async with at_work(desk):
        desk.queue(unlucky, fails)
        desk.queue(next_one, made)
    assert unlucky.closed == [code]
    assert next_one.told == [b"state"]


async def test_more_than_may_wait_are_closed_with_4429() -> None:
    desk = Desk(clerks=1, waiting=2)
    phones = [NotingPhone() for _ in range(3)]
    for phone in phones:
        desk.queue(phone, made)
    assert [phone.closed for phone in phones] == [[], [], [4429]]
