"""The bus of several processes: events go round through Redis.

One stream holds the newest events of all shows; each process reads it with one
task and one connection. Redis is never asked to keep anything: an event that it
loses, or brings too late, each process finds in the ledger by itself
(`live.shows`). So nothing here is tried twice, nothing waits for Redis but the two
tasks of `run`, and a Redis that is dead, frozen or emptied costs only time.

A process hears its own events at once, without Redis.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from quizserver.bus.memory import MemoryBus
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock, Note
from quizserver.live.rows import EventRow

_LOG: Final = logging.getLogger(__name__)

STREAM: Final = "quizserver:events"
_KEPT: Final = 1_000
_WAITING: Final = 1_000
"""Most events that wait for Redis; the oldest go, which the ledger has."""

_BLOCK_MS: Final = 1_000
_PATIENCE_S: Final = 2.0
"""A Redis that says nothing for so long is taken for dead."""

_AGAIN_NS: Final = 250 * NS_PER_MS
_ROW: Final = msgspec.json.Decoder(EventRow)
_NOTE: Final = msgspec.json.Decoder(Note)
_AWAY: Final = (RedisError, OSError, asyncio.TimeoutError)


class RedisBus:
    """Carries events between processes (`live.ports.Bus`); `run` must be running."""

    def __init__(self, url: str, clock: Clock) -> None:
        """Use the Redis at `url`, which need not be there."""
        self._url = url
        self._clock = clock
        self._here = MemoryBus()
        self._process = uuid4().hex
        self._leaving: asyncio.Queue[EventRow | Note] = asyncio.Queue()
        self._hearers: list[Callable[[Note, bool], None]] = []
        self._is_away = False
        self.ready = asyncio.Event()
        """Set once what others publish is heard."""

    async def publish(self, event: EventRow) -> None:
        """Hand `event` to everybody who subscribed before now, here and elsewhere."""
        await self._here.publish(event)
        self._leave(event)

    def subscribe(self, receive: Callable[[EventRow], None]) -> None:
        """Call `receive` with each event published from now on."""
        self._here.subscribe(receive)

    def whisper(self, note: Note) -> None:
        """Carry a note to every process; this one hears it in its turn, too."""
        self._leave(note)

    def overhear(self, hear: Callable[[Note, bool], None]) -> None:
        """Call `hear` with each note from now on, and whether it is our own."""
        self._hearers.append(hear)

    def _leave(self, what: EventRow | Note) -> None:
        if self._leaving.qsize() >= _WAITING:
            self._leaving.get_nowait()
        self._leaving.put_nowait(what)

    async def run(self) -> None:
        """Send and read, for ever."""
        sender, reader = self._connection(), self._connection()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._send(sender))
                group.create_task(self._read(reader))
        finally:
            await sender.aclose()
            await reader.aclose()

    def _connection(self) -> Redis:
        return Redis.from_url(
            self._url,
            decode_responses=True,
            socket_timeout=_PATIENCE_S,
            socket_connect_timeout=_PATIENCE_S,
        )

    async def _send(self, redis: Redis) -> None:
        while _goes_on():
            what = await self._leaving.get()
            kind = "event" if isinstance(what, EventRow) else "note"
            text = msgspec.json.encode(what).decode()
            try:
                await redis.xadd(
                    STREAM, {"from": self._process, kind: text}, maxlen=_KEPT
                )
            except _AWAY:  # the reader says so
                self._leaving = asyncio.Queue()

    async def _read(self, redis: Redis) -> None:
        last = ""
        while _goes_on():
            try:
                last = last or await _newest(redis)
                self._is_well()
                found: Any = await redis.xread({STREAM: last}, block=_BLOCK_MS)
            except _AWAY as error:
                # What it was told before is old when it is back: the ledger has the
                # events, and a note of who came where would be of who has gone.
                last = ""
                await self._wait(error)
                continue
            for _, entries in found or ():
                for number, fields in entries:
                    last = number
                    await self._hear(fields)

    async def _hear(self, fields: dict[str, str]) -> None:
        """Hand on what was published; what is neither event nor note is passed over."""
        is_own = fields.get("from") == self._process
        try:
            if "note" in fields:
                note = _NOTE.decode(fields["note"])
                for hear in self._hearers:
                    hear(note, is_own)
            elif not is_own:
                await self._here.publish(_ROW.decode(fields.get("event", "")))
        except msgspec.DecodeError:
            _LOG.warning("something else writes to the stream %s of Redis", STREAM)

    def _is_well(self) -> None:
        if self._is_away:
            _LOG.warning("Redis is back")
        self._is_away = False
        self.ready.set()

    async def _wait(self, error: Exception) -> None:
        if not self._is_away:
            _LOG.warning(
                "Redis is away (%s); the ledger is read instead", type(error).__name__
            )
        self._is_away = True
        self.ready.clear()
        await self._clock.sleep_until(self._clock.monotonic_ns() + _AGAIN_NS)


def _goes_on() -> bool:
    """Tell whether this task was not cancelled: the client may swallow that."""
    task = asyncio.current_task()
    return task is not None and not task.cancelling()


async def _newest(redis: Redis) -> str:
    """Return the id of the newest entry, after which is all that comes from now on."""
    newest: Any = await redis.xrevrange(STREAM, count=1)
    return str(newest[0][0]) if newest else "0-0"
