"""Screens that do not read hold nobody up (Source: architecture.md, law 6).

Phones, a panel and an overlay whose owners stopped reading, or read a hundred
bytes a second, beside phones that behave. Everybody who reads hears every cue,
in order; what the others cost is bounded, and in the end they are sent away.
"""

import asyncio
import json
import time
from contextlib import AsyncExitStack

import pytest

from quizserver.rehearsal.calls import Caller
from tests.faults.handsets import Handset, History, crowd_names, join
from tests.faults.onair import (
    LONG,
    FaultyServer,
    Premises,
    Show,
    assert_calm,
    figures,
    on_air,
    spread,
)
from tests.protocol.raw import TEXT, RawSocket, dial, frame

HEALTHY = 30
SICK = 6
"""Phones that stopped reading; as many read a hundred bytes a second."""

LONGEST = "Thông báo rất dài: " + "ữ" * 170
GREETING_S = 1.0


@pytest.mark.parametrize(
    ("cues", "sent_away"),
    [
        (300, False),
        pytest.param(1_500, True, marks=[pytest.mark.long, pytest.mark.timeout(300)]),
    ],
)
async def test_screens_that_do_not_read_hold_nobody_up(
    server: FaultyServer, place: Premises, cues: int, sent_away: bool
) -> None:
    history = History()
    async with on_air(server, LONG, place) as show, AsyncExitStack() as online:
        names = crowd_names(HEALTHY + 2 * SICK)
        phones = await join(server.address, LONG, names, history)
        healthy = phones[:HEALTHY]
        for phone in healthy:
            await online.enter_async_context(phone.online())
        alone = await told_all(show, healthy, 50)
        before = server.rss_kib()
        tasks = await online.enter_async_context(asyncio.TaskGroup())
        for number, phone in enumerate(phones[HEALTHY:]):
            raw = await online.enter_async_context(sick_phone(server, phone))
            if number % 2:
                slowly = tasks.create_task(read_slowly(raw))
                online.callback(slowly.cancel)
        await online.enter_async_context(sick_screen(server, place, "host"))
        await online.enter_async_context(sick_screen(server, place, "overlay"))
        await asyncio.sleep(GREETING_S)
        beside = await told_all(show, healthy, cues)
        grown = server.rss_kib() - before
        if sent_away:
            await until_online(show, HEALTHY)
        for phone in healthy:
            check_steps(phone)
    figures(
        f"{cues} cues beside {2 * SICK} sick phones, a sick panel and overlay",
        {
            "command to everybody has it, alone, ms": spread(alone),
            "beside the sick, ms": spread(beside),
            "memory, KiB more": grown,
        },
    )
    assert grown < 30_000
    assert_calm(server)


async def told_all(show: Show, phones: list[Handset], cues: int) -> list[float]:
    """Post notices; return how long each took to reach every phone, in ms."""
    waits = []
    for number in range(cues):
        began_ns = time.monotonic_ns()
        step = (await show.command("notice", text=f"{number} {LONGEST}"))["step"]
        async with asyncio.timeout(20):
            for phone in phones:
                await hears_step(phone, step)
        waits.append((time.monotonic_ns() - began_ns) / 1e6)
    return waits


async def hears_step(phone: Handset, step: int) -> None:
    """Wait until the phone has this step; a presence, which has none, may follow it."""
    while next((m["step"] for m in reversed(phone.heard) if "step" in m), 0) < step:
        await phone.news()


def check_steps(phone: Handset) -> None:
    """Fail when a phone that read everything missed a step."""
    steps = [m["step"] for m in phone.heard if m["type"] == "notice"]
    assert steps == list(range(steps[0], steps[0] + len(steps)))
    assert phone.closes == []


def sick_phone(server: FaultyServer, phone: Handset) -> "Sick":
    """Return a phone that says hello and then reads nothing."""
    hello = {"type": "hello", "v": 1, "show": LONG, "token": phone.token}
    return Sick(server, "/ws/phone", hello)


def sick_screen(server: FaultyServer, place: Premises, kind: str) -> "Sick":
    """Return a panel or an overlay that reads nothing."""
    key = (
        {"token": place.hosts[0]}
        if kind == "host"
        else {"key": place.overlay, "view": "stage", "layout": "16x9"}
    )
    hello = {"type": "hello", "v": 1, "show": LONG} | key
    return Sick(server, f"/ws/{kind}", hello)


class Sick:
    """A socket that greets the server and lets everything else pile up."""

    def __init__(
        self, server: FaultyServer, path: str, hello: dict[str, object]
    ) -> None:
        self._dialled = dial(server.port, receive_buffer=2_048, limit=512)
        self._host = f"127.0.0.1:{server.port}"
        self._path = path
        self._hello = json.dumps(hello).encode()

    async def __aenter__(self) -> RawSocket:
        raw = await self._dialled.__aenter__()
        status, _ = await raw.upgrade(self._path, Host=self._host)
        assert status == 101, status
        raw.send(frame(TEXT, self._hello))
        return raw

    async def __aexit__(self, *error: object) -> None:
        await self._dialled.__aexit__(None, None, None)


async def read_slowly(raw: RawSocket) -> None:
    """Read a hundred bytes a second until the server has had enough."""
    try:
        while await raw.reader.read(100):  # noqa: ASYNC110 - reads, does not wait
            await asyncio.sleep(1)
    except ConnectionError:
        return


async def until_online(show: Show, count: int) -> None:
    """Wait until only so many phones are held to be here."""
    gauge = f"quizserver_phones_online {count}.0"
    async with asyncio.timeout(45), Caller(show.server.address) as caller:
        while gauge not in (await caller.call("GET", "/metrics", b"")).decode():  # noqa: ASYNC110 - a gauge
            await asyncio.sleep(0.5)
