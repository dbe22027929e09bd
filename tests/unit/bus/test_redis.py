"""The bus through a real Redis, which is killed, frozen and emptied."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from redis import Redis

from quizserver.bus.redis import STREAM, RedisBus
from quizserver.live.clock import SystemClock
from quizserver.live.ports import Note
from quizserver.live.rows import EventRow
from tests.redis import RedisServer, redis_server
from tests.unit.bus.test_memory import event

SOON_S = 20


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis_server() as made:
        yield made


class Ear:
    """A process that listens."""

    def __init__(self, bus: RedisBus) -> None:
        self.bus = bus
        self.heard: list[EventRow] = []
        self._came = asyncio.Event()
        bus.subscribe(self._hear)

    def _hear(self, row: EventRow) -> None:
        self.heard.append(row)
        self._came.set()

    async def hears(self, *rows: EventRow) -> None:
        """Wait until just these were heard, in this order."""
        async with asyncio.timeout(SOON_S):
            while len(self.heard) < len(rows):
                self._came.clear()
                await self._came.wait()
        assert self.heard == list(rows)

    async def ready(self) -> None:
        """Wait until it hears others."""
        async with asyncio.timeout(SOON_S):
            await self.bus.ready.wait()


@asynccontextmanager
async def ears(server: RedisServer, number: int = 2) -> AsyncIterator[list[Ear]]:
    """Let some processes listen."""
    made = [Ear(RedisBus(server.url, SystemClock())) for _ in range(number)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ear.bus.run()) for ear in made]
        for ear in made:
            await ear.ready()
        yield made
        for task in tasks:
            task.cancel()


async def until_told(caplog: pytest.LogCaptureFixture, words: str) -> None:
    """Wait until the log says so."""
    clock = SystemClock()
    async with asyncio.timeout(SOON_S):
        while words not in caplog.text:
            await clock.sleep_until(clock.monotonic_ns() + 10**7)


async def test_every_process_hears_every_event_once_and_in_order(
    server: RedisServer,
) -> None:
    async with ears(server, 3) as (one, two, three):
        rows = [event(step) for step in range(50)]
        for row in rows:
            await one.bus.publish(row)
        for ear in (one, two, three):
            await ear.hears(*rows)


async def test_every_process_hears_every_note_in_one_order(
    server: RedisServer,
) -> None:
    async with ears(server) as (one, two):
        heard: list[list[tuple[str, bool]]] = [[], []]
        one.bus.overhear(lambda note, own: heard[0].append((note.kind, own)))
        two.bus.overhear(lambda note, own: heard[1].append((note.kind, own)))
        for number in range(20):
            bus = (one, two)[number % 2].bus
            bus.whisper(Note(kind=f"n{number}", show=event(1).show, texts=("x",)))
        clock = SystemClock()
        async with asyncio.timeout(SOON_S):
            while min(map(len, heard)) < 20:
                await clock.sleep_until(clock.monotonic_ns() + 10**7)
        assert [kind for kind, _ in heard[0]] == [kind for kind, _ in heard[1]]
        assert {kind: own for kind, own in heard[0]} == {
            f"n{number}": number % 2 == 0 for number in range(20)
        }


async def test_what_was_before_a_process_came_is_not_told_to_it(
    server: RedisServer,
) -> None:
    async with ears(server, 2) as (one, two):
        await one.bus.publish(event(1))
        await two.hears(event(1))
        async with ears(server, 1) as (late,):
            await one.bus.publish(event(2))
            await late.hears(event(2))


async def test_without_redis_a_process_hears_itself(server: RedisServer) -> None:
    server.kill()
    bus = RedisBus(server.url, SystemClock())
    ear = Ear(bus)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(bus.run())
        await bus.publish(event(1))
        await ear.hears(event(1))
        task.cancel()


async def test_publishing_to_a_redis_that_is_away_waits_for_nothing(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has waited longest is dropped: the ledger has it."""
    monkeypatch.setattr("quizserver.bus.redis._WAITING", 2)
    async with ears(server) as (one, two):
        server.signal(signal.SIGSTOP)
        rows = [event(step) for step in range(10)]
        for row in rows:
            await one.bus.publish(row)
        await one.hears(*rows)
        server.signal(signal.SIGCONT)
        async with asyncio.timeout(SOON_S):
            while rows[-1] not in two.heard:
                two._came.clear()  # noqa: SLF001 - our own
                await two._came.wait()  # noqa: SLF001 - our own
        assert len(two.heard) <= 3


@pytest.mark.parametrize("harm", ["kill", "freeze", "flush"])
async def test_what_is_published_after_redis_came_back_is_heard(
    server: RedisServer, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    caplog.set_level(logging.WARNING)
    async with ears(server) as (one, two):
        await one.bus.publish(event(1))
        await two.hears(event(1))
        if harm == "kill":
            server.kill()
            await until_told(caplog, "Redis is away")
            server.start()
            await until_told(caplog, "Redis is back")
        elif harm == "freeze":
            server.signal(signal.SIGSTOP)
            await until_told(caplog, "Redis is away")
            server.signal(signal.SIGCONT)
            await until_told(caplog, "Redis is back")
        else:
            server.flush()
        for ear in (one, two):
            await ear.ready()
        await one.bus.publish(event(2))
        await two.hears(event(1), event(2))


async def test_what_redis_was_told_before_it_froze_is_not_told_late(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A note of who came where would send away who has gone there since."""
    caplog.set_level(logging.WARNING)
    heard: list[str] = []
    async with ears(server) as (one, two):
        two.bus.overhear(lambda note, _own: heard.append(note.kind))
        server.signal(signal.SIGSTOP)
        for number in range(20):
            kind = f"old{number}"
            one.bus.whisper(Note(kind=kind, show=event(1).show, texts=("an",)))
        await until_told(caplog, "Redis is away")
        server.signal(signal.SIGCONT)
        await until_told(caplog, "Redis is back")
        for ear in (one, two):
            await ear.ready()
        one.bus.whisper(Note(kind="new", show=event(1).show, texts=("an",)))
        clock = SystemClock()
        async with asyncio.timeout(SOON_S):
            while "new" not in heard:
                await clock.sleep_until(clock.monotonic_ns() + 10**7)
    assert heard == ["new"]


async def test_what_is_no_event_is_passed_over(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with ears(server) as (one, two):
        with Redis.from_url(server.url) as redis:
            redis.xadd(STREAM, {"event": "{}"})
            redis.xadd(STREAM, {"other": "x"})
            redis.xadd(STREAM, {"note": "x"})
        await one.bus.publish(event(1))
        await two.hears(event(1))
        assert "something else writes" in caplog.text
