"""One simulated phone: joins, thinks, taps, and remembers what it was told.

It speaks only the wire (docs/reference/wire.md §3), as a stranger's client
would; what it logs is the other side's truth for tests.
"""

import asyncio
import ssl
import time
from dataclasses import dataclass, field
from random import Random
from typing import Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from quizserver.rehearsal.calls import Caller, Refused
from quizserver.rehearsal.people import Person, form
from quizserver.wire.common import Close
from quizserver.wire.phone import (
    Answer,
    Ended,
    Hello,
    Joined,
    Open,
    PhoneOut,
    Receipt,
    Revealed,
    State,
    Welcome,
    You,
)

_IN: Final = msgspec.json.Decoder(PhoneOut)
_OUT: Final = msgspec.json.Encoder()
_QUICKEST_S: Final = 0.8
_BACKOFF_S: Final = (0.3, 0.6, 1.2, 2.4, 4.8, 8.0)
_FINAL: Final = frozenset(
    {Close.NORMAL, Close.TOKEN, Close.FORBIDDEN, Close.NO_SHOW, Close.REPLACED}
)


@dataclass(slots=True)
class Tap:
    """An answer as its phone knows it; `receipt` is the first that came."""

    question: str
    option: str
    nonce: str
    elapsed_ms: int
    sent_ns: int = 0
    receipt: Receipt | None = None
    receipt_ns: int = 0


@dataclass(slots=True)
class Log:
    """What one phone saw; times are this machine's monotonic nanoseconds."""

    connect_ns: list[int] = field(default_factory=list)
    opens: dict[str, int] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    results: dict[str, You] = field(default_factory=dict)
    reveals: dict[str, Revealed] = field(default_factory=dict)
    closes: list[int] = field(default_factory=list)
    phase: str = ""
    ended: Ended | None = None


@dataclass(slots=True)
class Hints:
    """What the crowd may know: the key of a question, from whoever directs.

    With `within_s` everybody answers, at random within so many seconds; without,
    they think as people do.
    """

    keys: dict[str, str] = field(default_factory=dict)
    speed: float = 1.0
    within_s: float | None = None


class SimulatedPhone:
    """One participant with one phone. `join` first, then `run`."""

    def __init__(
        self, address: str, show: str, person: Person, hints: Hints, seed: int
    ) -> None:
        self._socket_url = address.replace("http", "ws", 1) + "/ws/phone"
        self.show = show
        self.person = person
        self.joined: Joined | None = None
        self.trust: ssl.SSLContext | None = None
        self.log = Log()
        self._hints = hints
        self._chance = Random(seed)
        self._tasks: asyncio.TaskGroup | None = None
        self._socket: ClientConnection | None = None

    async def join(self, caller: Caller) -> None:
        """Register over HTTP. Raises Refused, OSError."""
        path = f"/api/shows/{self.show}/participants"
        answer = await caller.post(path, form(self.person))
        self.joined = msgspec.convert(answer, Joined)

    async def run(self) -> None:
        """Stay connected until the show is over or somebody cancels."""
        tries = 0
        while self.log.ended is None:
            before = len(self.log.connect_ns)
            ends: list[BaseException] = []
            try:
                await self._connect()
            except* (OSError, TimeoutError, ConnectionClosed) as group:
                ends.append(_innermost(group))
            if ends and self._over(ends[0]):
                return
            tries = 0 if len(self.log.connect_ns) > before else tries + 1
            if self.log.ended is None:
                await asyncio.sleep(self._backoff(tries))

    async def _connect(self) -> None:
        """Hold one connection to its end."""
        started = time.monotonic_ns()
        async with connect(
            self._socket_url,
            compression=None,
            max_size=2**20,
            ping_interval=None,
            proxy=None,
            ssl=self.trust,
        ) as socket:
            self.log.connect_ns.append(time.monotonic_ns() - started)
            await self._talk(socket)

    def _over(self, error: BaseException) -> bool:
        """Note how a connection ended; tell whether that was for good."""
        code = (
            error.rcvd.code
            if isinstance(error, ConnectionClosed) and error.rcvd
            else 1006
        )
        self.log.closes.append(code)
        return code in _FINAL

    def _backoff(self, tries: int) -> float:
        return self._chance.uniform(0, _BACKOFF_S[min(tries, len(_BACKOFF_S) - 1)])

    async def _talk(self, socket: ClientConnection) -> None:
        assert self.joined is not None
        self._socket = socket
        hello = Hello(v=1, show=self.show, token=self.joined.token)
        await socket.send(_OUT.encode(hello).decode())
        async with asyncio.TaskGroup() as self._tasks:
            thinking = [self._tasks.create_task(self._resend())]
            try:
                async for text in socket:
                    self._heard(_IN.decode(text), time.monotonic_ns(), thinking)
                    if self.log.ended is not None:
                        break
            finally:
                for task in thinking:
                    task.cancel()
        if self.log.ended is None:
            raise ConnectionClosed(socket.protocol.close_rcvd, None)

    def _heard(
        self, message: PhoneOut, now_ns: int, thinking: list[asyncio.Task[None]]
    ) -> None:
        match message:
            case Open(question=question):
                self.log.phase = "open"
                self.log.opens[question.id] = now_ns
                thinking.append(self._think(message))
            case Receipt():
                self._got_receipt(message, now_ns)
            case You():
                self.log.results[message.question] = message
            case Revealed():
                self.log.reveals[message.question] = message
            case Ended():
                self.log.ended = message
            case Welcome(state=state):
                self._restore(state, thinking)
            case State():
                self._restore(message, thinking)
            case _:
                pass

    def _restore(self, state: State, thinking: list[asyncio.Task[None]]) -> None:
        """Go on from a snapshot: an open question may still be answered."""
        self.log.phase = state.phase
        question = state.question
        if state.phase in ("ended", "confirmed", "published"):
            self.log.ended = Ended(
                epoch=state.epoch, step=state.step, winner=state.winner, you=state.you
            )
        elif (
            state.phase == "open"
            and question is not None
            and question.id not in self.log.taps
            and state.your_answer is None
        ):
            late = Open(
                epoch=state.epoch,
                step=state.step,
                question=question,
                duration_ms=state.closes_in_ms or 0,
            )
            thinking.append(self._think(late))

    def _think(self, message: Open) -> "asyncio.Task[None]":
        assert self._tasks is not None
        return self._tasks.create_task(self._tap(message))

    async def _tap(self, message: Open) -> None:
        """Think as long as this person does, then answer, twice (R4.10)."""
        question = message.question
        think_s = self._thinking_s(message.duration_ms / 1000 - 0.3)
        if think_s is None:
            return
        await asyncio.sleep(think_s)
        tap = Tap(
            question.id,
            self._choose(question.id, [o.id for o in question.options]),
            question.nonce or "",
            int(think_s * 1000),
        )
        self.log.taps[question.id] = tap
        await self._send(tap, copy=0)
        await asyncio.sleep(0.015)
        await self._send(tap, copy=1)

    def _thinking_s(self, most_s: float) -> float | None:
        """Return how long this answer takes, or None: there is none."""
        within_s, chance = self._hints.within_s, self._chance
        if within_s is not None:
            return chance.uniform(0, min(within_s, most_s)) if most_s > 0 else None
        think_s = _QUICKEST_S + chance.lognormvariate(1.0, 0.45)
        think_s = min(think_s * self.person.pace / self._hints.speed, most_s)
        return None if think_s <= 0 or chance.random() > 0.97 else think_s

    def _choose(self, question: str, options: list[str]) -> str:
        key = self._hints.keys.get(question)
        if key is not None and self._chance.random() < self.person.knows:
            return key
        return self._chance.choice(options)

    async def _send(self, tap: Tap, *, copy: int) -> None:
        assert self._socket is not None
        answer = Answer(
            question=tap.question,
            option=tap.option,
            nonce=tap.nonce,
            elapsed_ms=tap.elapsed_ms,
            copy=copy,
        )
        tap.sent_ns = tap.sent_ns or time.monotonic_ns()
        await self._socket.send(_OUT.encode(answer).decode())

    async def _resend(self) -> None:
        """Send again what has no receipt, after a connection was lost."""
        await asyncio.sleep(0.2)
        for tap in tuple(self.log.taps.values()):
            if tap.receipt is None:
                await self._send(tap, copy=0)

    def _got_receipt(self, receipt: Receipt, now_ns: int) -> None:
        tap = self.log.taps.get(receipt.question)
        if tap is not None and tap.receipt is None:
            tap.receipt = receipt
            tap.receipt_ns = now_ns


def _innermost(error: BaseException) -> BaseException:
    """Return the first error of a group of groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def join_all(
    address: str,
    phones: list[SimulatedPhone],
    *,
    at_once: int = 32,
    trust: ssl.SSLContext | None = None,
) -> None:
    """Register every phone, `at_once` connections side by side.

    Raises:
        Refused: the server refused one of them.
        OSError: it was not reached.
    """
    waiting = iter(phones)

    async def register() -> None:
        async with Caller(address, trust=trust) as caller:
            for phone in waiting:
                await phone.join(caller)

    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(at_once, len(phones))):
                tasks.create_task(register())
    except* (Refused, OSError) as group:
        raise _innermost(group) from None
