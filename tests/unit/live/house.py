"""A process without sockets: real shows, ledger and bus, and a clock to drive.

Only what is beyond the sockets is stood in for: `Crowd` is every phone,
`Watchers` every panel or every overlay; both write down what they are told.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from quizserver.bus.memory import MemoryBus
from quizserver.domain.ids import ParticipantId, QuestionId, ShowCode
from quizserver.domain.rundown import Pack, Rules
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.domain.timing import NO_TRIP, Trip, arrived_ms, window_ms
from quizserver.live.access import Actor, Role
from quizserver.live.admission import Admission
from quizserver.live.audiences import FrameFor, OnSent
from quizserver.live.cheers import Cheers
from quizserver.live.disk import Disk
from quizserver.live.ports import LedgerDown
from quizserver.live.secrets import Signer
from quizserver.live.shows import LiveShow, Shows
from quizserver.live.surroundings import Surroundings
from quizserver.live.tasks import Tasks
from quizserver.live.vitals import Vitals
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.writer import Transaction
from quizserver.wire.host import CommandMessage, Reply
from quizserver.wire.phone import Answer, ConsentBody, JoinBody, Joined
from tests.manual_clock import ManualClock
from tests.shows import pack as small_pack

CODE = ShowCode("CCHC1")

RUDE = "Kẻ Tục Tĩu"
"""A name that waits for a host."""
SECRET = b"a secret of thirty-two bytes ..."
RECEIVED = Rules(timing="received")
"""What most tests play by: T is when the answer came, so they can say it."""

HOA = Actor(name="Hoa", role=Role.HOST)

_REFS = count(1)

Message = dict[str, Any]
"""A message as its reader sees it."""


@dataclass
class StageClock(ManualClock):
    """A manual clock that tells when somebody goes to sleep, or sets an alarm."""

    _asleep: list[int] = field(default_factory=list)
    _slept: asyncio.Event = field(default_factory=asyncio.Event)
    _set_for: list[int] = field(default_factory=list)

    def at(self, mono_ns: int, call: Callable[[], None]) -> Callable[[], None]:
        """Ring at `mono_ns`, when `forward` gets there."""
        self._set_for.append(mono_ns)
        self._slept.set()
        return super().at(mono_ns, call)

    async def alarm(self, mono_ns: int) -> None:
        """Return when an alarm is set for `mono_ns`."""
        while mono_ns not in self._set_for:
            self._slept.clear()
            await self._slept.wait()

    async def sleep_until(self, mono_ns: int) -> None:
        """Wait until `forward` gets there."""
        if mono_ns > self.mono_ns:
            self._asleep.append(mono_ns)
            self._slept.set()
        await super().sleep_until(mono_ns)

    async def sleeper(self, mono_ns: int, many: int = 1) -> None:
        """Return when somebody, or so many, sleep until `mono_ns`."""
        while self._asleep.count(mono_ns) < many:
            self._slept.clear()
            await self._slept.wait()


class Crowd:
    """All phones (`live.audiences.Phones`); each keeps the frames it was told."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.seeds: list[bytes] = []
        self.warmed: list[bytes] = []
        self.sent: dict[ParticipantId, int] = {}
        self.write_ms = 1
        self.frames: dict[ParticipantId, list[bytes]] = {}
        self.dismissed: list[tuple[ShowCode, int]] = []
        self.has_cue = False
        self.on_passing: Callable[[], None] = lambda: None

    def come(self, participant: str) -> ParticipantId:
        """Connect a phone."""
        who = ParticipantId(participant)
        self.frames.setdefault(who, [])
        return who

    def heard(self, participant: str, kind: str | None = None) -> list[Message]:
        """Return what a phone was told, all of it or one type."""
        told = [said(unframed(f)) for f in self.frames[ParticipantId(participant)]]
        return [one for one in told if kind in (None, one["type"])]

    async def tell(self, show: ShowCode, frame: bytes) -> None:
        """Tell everybody."""
        for frames in self.frames.values():
            frames.append(frame)

    async def tell_in_passing(self, show: ShowCode, frame: bytes) -> bool:
        """Tell everybody unless there is a cue; a test says what happens meanwhile."""
        if not self.has_cue:
            await self.tell(show, frame)
        self.on_passing()
        return not self.has_cue

    async def tell_each(self, show: ShowCode, frame_for: FrameFor) -> None:
        """Tell everybody something of their own."""
        for participant, frames in self.frames.items():
            frame = frame_for(participant)
            if frame is not None:
                frames.append(frame)

    def sent_ns(self, participant: str) -> int:
        """Return S of the last question."""
        return self.sent[ParticipantId(participant)]

    async def tell_timed(
        self, show: ShowCode, frame_for: FrameFor, seed: bytes, on_sent: OnSent
    ) -> None:
        """Send everybody a question; each write takes `write_ms`."""
        self.seeds.append(seed)
        for at, participant in enumerate(self.frames, 1):
            self.sent[participant] = self._now() + at * self.write_ms * NS_PER_MS
            on_sent(participant, self.sent[participant])
        await self.tell_each(show, frame_for)

    async def tell_warm(self, show: ShowCode, frame: bytes, seed: bytes) -> None:
        """Tell everybody, with a ping."""
        self.warmed.append(seed)
        await self.tell(show, frame)

    def tell_one(
        self, show: ShowCode, participant: ParticipantId, frame: bytes
    ) -> None:
        """Tell one phone."""
        self.frames[participant].append(frame)

    def dismiss(
        self,
        show: ShowCode,
        code: int,
        participants: Iterable[ParticipantId] | None = None,
    ) -> None:
        """Note who was sent away, with which close code; those named leave."""
        self.dismissed.append((show, code))
        for one in participants or ():
            self.frames.pop(one, None)

    def online(self, show: ShowCode) -> int:
        """Return how many phones there are."""
        return len(self.frames)

    def participants(self, show: ShowCode) -> list[ParticipantId]:
        """Return whose phones they are."""
        return list(self.frames)


class Watchers:
    """All panels, or all overlays (`live.audiences.Screens`)."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self.is_there = True
        self._told = asyncio.Event()

    def tell(self, show: ShowCode, payload: bytes) -> None:
        """Take a message."""
        self.payloads.append(payload)
        self._told.set()

    def watched(self, show: ShowCode) -> bool:
        """Tell whether anybody looks."""
        return self.is_there

    def heard(self, kind: str | None = None) -> list[Message]:
        """Return what was told, all of it or one type."""
        told = [said(payload) for payload in self.payloads]
        return [one for one in told if kind in (None, one["type"])]

    async def reached(self, step: int) -> Message:
        """Wait for the state of `step`; it is the last that an event tells."""
        while True:
            for one in reversed(self.heard("state")):
                if one["step"] >= step:
                    return one
            self._told.clear()
            await self._told.wait()

    async def came(self, kind: str) -> Message:
        """Wait for a message of this type."""
        while not self.heard(kind):
            self._told.clear()
            await self._told.wait()
        return self.heard(kind)[-1]


class Sign:
    """The sign of life of a process, and of the one before."""

    def __init__(self, left: Stamp | None = None) -> None:
        self.left = left

    def last(self) -> Stamp | None:
        """Return the sign that is there."""
        return self.left

    def leave(self, now: Stamp) -> None:
        """Take this one instead."""
        self.left = now


class House:
    """One process: every part of `live`, wired as `app` does it."""

    def __init__(
        self,
        ledger: SqlLedger,
        clock: StageClock,
        tasks: Tasks,
        sign: Sign,
        bus: MemoryBus | None,
    ) -> None:
        self.ledger, self.clock, self.tasks, self.sign = ledger, clock, tasks, sign
        self.signer = Signer(SECRET)
        self.bus = bus or MemoryBus()
        self.crowd = Crowd(clock.monotonic_ns)
        self.overlays, self.hosts = Watchers(), Watchers()
        self.free_bytes = 10**12
        self.vitals = Vitals(numbers={"loop_lag_ms": 0.5})
        self.around = Surroundings(
            ledger=ledger,
            bus=self.bus,
            clock=clock,
            signer=self.signer,
            phones=self.crowd,
            overlays=self.overlays,
            hosts=self.hosts,
            start=tasks.start,
            public_url="https://thi.example",
            vitals=lambda: self.vitals,
            life=sign,
            disk=Disk(Path("/srv/quiz"), lambda _: self.free_bytes),
            cheers=Cheers(self.bus, self.overlays),
            is_shared=bus is not None,
            is_held=RUDE.__eq__,
        )
        self.shows = Shows(self.around)
        self.admission = Admission(
            ledger=ledger, signer=self.signer, clock=clock, room=self.shows.room
        )

    @property
    def live(self) -> LiveShow:
        """The running show."""
        live = self.shows.get(CODE)
        assert live is not None
        return live

    @property
    def show(self) -> Show:
        """The show as its writer has it."""
        return self.live.conductor.show

    @property
    def opened_ns(self) -> int:
        """T0 of the current question."""
        assert self.show.play.opened_at is not None
        return self.clock.resolve_ns(self.show.play.opened_at)

    async def create(
        self, rules: Rules | None = None, pack: Pack | None = None
    ) -> None:
        """Make the show."""
        await self.shows.create(
            CODE,
            pack or small_pack(),
            title="Số 1",
            lang="vi",
            rules=rules or RECEIVED,
            actor="Hoa",
        )

    async def join(
        self, name: str, *, show_name: bool = True, via: str = "", connect: bool = True
    ) -> Joined:
        """Register a participant and connect a phone."""
        consent = ConsentBody(version="1", play=True, show_name=show_name)
        form = JoinBody(name=name, unit="UBND xã", consent=consent, via=via)
        joined = await self.admission.join(CODE, form)
        assert isinstance(joined, Joined), joined
        if connect:
            self.crowd.come(joined.participant)
        return joined

    def message(self, command: str, **fields: Any) -> CommandMessage:
        """Return a command with a fresh ref and the present step."""
        fields = {"ref": f"ref-{next(_REFS)}", "step": self.show.step, **fields}
        return CommandMessage(command=command, **fields)

    async def ask(self, command: str, *, actor: Actor = HOA, **fields: Any) -> Reply:
        """Send a command and return the reply, whatever it says."""
        return await self.live.conductor.command(actor, self.message(command, **fields))

    async def do(self, *commands: str, **fields: Any) -> Message:
        """Carry commands out; return the host's state after the last."""
        state: Message = {}
        for command in commands:
            reply = await self.ask(command, **fields)
            assert reply.error is None, (command, reply)
            state = await self.hosts.reached(reply.step)
        return state

    async def pass_by(self, ms: int) -> Message:
        """Let time pass until a timer makes the next event."""
        step = self.show.step
        self.clock.forward(ms)
        return await self.hosts.reached(step + 1)

    async def open_next(self) -> None:
        """Ask the next question and open it; the roll is over."""
        await self.do("ask", "open")
        await self.pass_by(self.show.rules.roll_ms)

    async def close(self) -> None:
        """Let the deadline come: the question is locked and sealed.

        Where time has passed before, the seal follows the lock at once.
        """
        rule, duration_ms = self.show.rules.timing, self.show.play.duration_ms
        window, locked = window_ms(rule, duration_ms), self.show.step + 1
        await self.pass_by(window)
        self.clock.forward(arrived_ms(rule, duration_ms) - window)
        await self.hosts.reached(locked + 1)

    async def play(self, **taps: tuple[str, int]) -> None:
        """Play one question from asking to its reveal; taps by participant."""
        await self.open_next()
        for participant, (option, ms) in taps.items():
            await self.tap(participant, option, ms)
        await self.close()
        await self.do("reveal")

    def send(
        self,
        participant: str,
        option: str,
        ms: float,
        *,
        question: str | None = None,
        nonce: str | None = None,
        elapsed_ms: int | None = None,
        trip: Trip = NO_TRIP,
        visible: bool = True,
        payloads: list[bytes] | None = None,
    ) -> "asyncio.Future[Message]":
        """Send an answer whose first byte came `ms` after T0."""
        who = ParticipantId(participant)
        if question is None:
            assert self.show.current is not None
            question = self.show.current
        if nonce is None:
            nonce = self.live.intake.nonce(who, QuestionId(question))
        answer = Answer(
            question=question,
            option=option,
            nonce=nonce,
            elapsed_ms=elapsed_ms,
            visible=visible,
        )
        got: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

        def reply(payload: bytes) -> None:
            got.set_result(said(payload))
            if payloads is not None:
                payloads.append(payload)

        received_ns = self.opened_ns + int(ms * NS_PER_MS)
        self.live.intake.answer(who, answer, received_ns, reply, trip)
        return got

    async def tap(
        self, participant: str, option: str, ms: float, **more: Any
    ) -> Message:
        """Send an answer and return what comes back."""
        return await self.send(participant, option, ms, **more)

    async def seen(self, participant: str) -> Message:
        """Return what a phone that connects now is shown."""
        return said(await self.live.stage.snapshot(ParticipantId(participant)))


@asynccontextmanager
async def open_house(
    ledger: SqlLedger,
    clock: StageClock | None = None,
    sign: Sign | None = None,
    bus: MemoryBus | None = None,
) -> AsyncIterator[House]:
    """Start a process on a ledger; leaving it is the process's end.

    With a `bus` it is one of several.
    """
    async with asyncio.TaskGroup() as group:
        tasks = Tasks(group)
        house = House(ledger, clock or StageClock(), tasks, sign or Sign(), bus)
        await house.shows.start()
        try:
            yield house
        finally:
            tasks.cancel()


@asynccontextmanager
async def on_air(
    ledger: SqlLedger, rules: Rules | None = None, pack: Pack | None = None
) -> AsyncIterator[House]:
    """Start a process whose show has opened its lobby."""
    async with open_house(ledger) as house:
        await house.create(rules, pack)
        await house.do("open_lobby")
        yield house


def unframed(frame: bytes) -> bytes:
    """Return the payload of a text frame of the server."""
    assert frame[0] == 0x81
    return frame[{126: 4, 127: 10}.get(frame[1], 2) :]


def said(payload: bytes) -> Message:
    """Return a message's fields."""
    message: Message = msgspec.json.decode(payload)
    return message


class Gate:
    """Holds the journal's thread inside a write until it is opened."""

    def __init__(self, ledger: SqlLedger) -> None:
        self._open = threading.Event()
        self._passed: Awaitable[None] = ledger.journal.submit(self._hold)

    def _hold(self, _turn: Transaction) -> None:
        # A test that has failed opens no gate, and its ledger must close.
        self._open.wait(30)

    async def open(self) -> None:
        """Let the thread go on."""
        self._open.set()
        await self._passed


@contextmanager
def full_queue(ledger: SqlLedger) -> Iterator[None]:
    """Have the journal refuse whatever comes, as when its queue is full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.journal, "_bound", 0)
        yield


@contextmanager
def unreadable(ledger: SqlLedger) -> Iterator[None]:
    """Have every read fail, as on a disk that gives no answer."""

    def fail(*_: object) -> Callable[[], None]:
        raise LedgerDown("read_failed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.readers, "_read", fail)
        yield


async def three(house: House) -> list[str]:
    """Have An, Bình and Chi join; return who they are."""
    return [(await house.join(name)).participant for name in ("An", "Bình", "Chi")]
