"""One server measured once: phones come, stay, are told, answer, and come back.

    connect      registration (ours), handshakes, hello, token, first state
    idle         nobody says anything; long enough for the keep-alive to begin
    fan-outs     six texts of 400 bytes, one after another
    answers      everybody answers within two seconds, three questions
    beside cues  the same while a text of 200 bytes goes to all three times a second
    slowly       ours only, another run: a tenth of them a second, the same texts beside
    crash        ours only: kill -9 in the middle of one more question

Everything is told by the phones or by /proc; moments are of this machine's monotonic
clock on both sides.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from quizserver.rehearsal.figures import PhoneFigures, Spread, reveal_to_own
from quizserver.rehearsal.swarm import Swarm, swarm
from tests.load.bench.stands import WITHIN_MS, Ours, Stand
from tests.load.bench.taken import Taken, taken

FAN_OUTS: Final = 6
QUIET: Final = 3
"""Questions with nothing beside them. What an answer costs differs by a quarter from
one to the next, the floor's echo too, so it is the median of these."""

LONG: Final = 400
SHORT: Final = 200
"""Bytes of a cue, and of what goes out while people answer."""

NOTHING: Final = Spread()

_IDLE_S: Final = 3.0
_KEEP_ALIVE_S: Final = 11.0
"""Our phones are pinged from the tenth second on, and cost a little more then."""

_SETTLED_S: Final = 15.0
_BEFORE_TAPS_S: Final = 0.4
SLOWLY_MS: Final = 10_000
_BESIDE: Final = 3
"""Texts a second while people answer. (Of its own ours says nothing to all then.)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was measured; spans in milliseconds, `us` in microseconds.

    Each of `us` and `kib` is for one phone; `kernel_kib` is both ends of its socket.
    `receipt` is of the last quiet question, `beside` of the one with cues going out,
    `slowly` of one that is answered within ten seconds and not two, with the same cues.
    """

    phones: int
    handshakes_per_s: float
    memory_kib: float = 0
    kernel_kib: float = 0
    idle_us: float = 0
    frame_us: float = 0
    fan_out_ms: float = 0
    answer_us: float = 0
    receipt: Spread = NOTHING
    beside: Spread = NOTHING
    slowly: Spread = NOTHING
    lost: int = 0
    gone: int = 0
    own_rank_ms: float | None = None
    back_ms: float | None = None
    back_p95_ms: float | None = None
    open_ms: float | None = None
    joins_per_s: float | None = None
    errors: str = ""


@dataclass(slots=True)
class _Costs:
    """What the server's processor did in each part."""

    memory_kib: float = 0
    kernel_kib: float = 0
    idle_s: float = 0
    """Processor seconds in a second of nothing."""
    frame_us: float = 0
    answer_us: float = 0


class Round:
    """A visit that is under way."""

    def __init__(self, stand: Stand, phones: int, crowd: Swarm) -> None:
        self._stand = stand
        self._phones = phones
        self._crowd = crowd
        self._costs = _Costs()
        self._told: dict[int, int] = {}

    async def measure(self, empty: Taken, parts: str) -> None:
        """Go through the parts; `connect` alone is only the handshakes."""
        await self._crowd.here()
        if parts == "connect":
            return
        await self._idle(empty)
        await self._fan_outs()
        await self._answers(self._stand)

    async def _idle(self, empty: Taken) -> None:
        await asyncio.sleep(1 if self._stand.is_bare else _KEEP_ALIVE_S)
        before = self._taken()
        await asyncio.sleep(1 if self._stand.is_bare else _IDLE_S)
        after = self._taken()
        self._costs.memory_kib = (after.memory_kib - empty.memory_kib) / self._phones
        self._costs.kernel_kib = (after.kernel_kib - empty.kernel_kib) / self._phones
        seconds = (after.at_ns - before.at_ns) / 1e9
        self._costs.idle_s = (after.cpu_s - before.cpu_s) / seconds

    async def _fan_outs(self) -> None:
        gap_s = max(0.3, self._phones / 20_000)
        before = self._taken()
        for _ in range(FAN_OUTS):
            await self._tell(LONG)
            await asyncio.sleep(gap_s)
        after = self._taken()
        spent_s = after.cpu_s - before.cpu_s
        spent_s -= self._costs.idle_s * (after.at_ns - before.at_ns) / 1e9
        self._costs.frame_us = spent_s * 1e6 / (FAN_OUTS * self._phones)

    async def _answers(self, stand: Stand) -> None:
        """The quiet questions, and one with cues beside it."""
        spent_us: list[float] = []
        for number in range(1, QUIET + 1):
            spent_us.append(await self._answered(number))
            if isinstance(stand, Ours):
                await stand.reveal()
                await asyncio.sleep(1)
        self._costs.answer_us = median(spent_us) / self._phones
        await self.beside(QUIET + 1, WITHIN_MS)

    async def _answered(self, number: int) -> float:
        """Open a quiet question; return the processor's µs until all are answered."""
        await self._stand.open()
        await asyncio.sleep(_BEFORE_TAPS_S)
        before, heard = self._taken(), self._crowd.progress.presences
        await self._settled(number)
        after = self._taken()
        # What was told to all meanwhile has its own row.
        frames = self._crowd.progress.presences - heard
        return (after.cpu_s - before.cpu_s) * 1e6 - frames * self._costs.frame_us

    async def beside(self, questions: int, within_ms: int) -> None:
        """Open a question and tell everybody texts while they answer it."""
        await self._stand.open()
        await asyncio.sleep(_BEFORE_TAPS_S)
        for _ in range(within_ms * _BESIDE // 1_000):
            await self._tell(SHORT)
            await asyncio.sleep(1 / _BESIDE)
        await self._settled(questions)

    async def _settled(self, questions: int) -> None:
        """Wait until everybody has tapped and has the receipt."""
        wanted, waited = questions * self._phones, 0.0
        while waited < _SETTLED_S:
            progress = self._crowd.progress
            if progress.taps >= wanted and progress.receipts >= wanted:
                return
            await asyncio.sleep(0.1)
            waited += 0.1

    async def crash(self, ours: Ours) -> None:
        """Kill it while people answer; wait until everybody is back."""
        await ours.reveal()
        await ours.open()
        await asyncio.sleep(1.5)
        await ours.crash()
        async with asyncio.timeout(30):
            await self._crowd.back()
        await self._settled(QUIET + 2)

    async def _tell(self, size: int) -> None:
        step, at_ns = await self._stand.tell(size)
        self._told[step] = at_ns

    def _taken(self) -> Taken:
        return taken(self._stand.pid)

    def visit(self, figures: PhoneFigures) -> Visit:
        """Put what phones and /proc have told together."""
        costs, told = self._costs, self._told
        long = list(told)[:FAN_OUTS]
        spans = [
            (cue.last_ns - told[cue.step]) / 1e6
            for cue in figures.cues
            if cue.step in long and cue.cue == "notice"
        ]
        answered = {one.question: one.receipt for one in figures.questions}
        receipts = [*answered.values(), *[NOTHING] * (QUIET + 1)]
        opens = [
            (cue.last_ns - cue.first_ns) / 1e6
            for cue in figures.cues
            if cue.cue == "open" and cue.phones == self._phones
        ]
        own, outage = reveal_to_own(figures.cues), (*figures.outages, None)[0]
        return Visit(
            phones=self._phones,
            handshakes_per_s=figures.connect.count / figures.connect_s,
            memory_kib=costs.memory_kib,
            kernel_kib=costs.kernel_kib,
            idle_us=costs.idle_s * 1e6 / self._phones,
            frame_us=costs.frame_us,
            fan_out_ms=median(spans) if spans else 0,
            answer_us=costs.answer_us,
            receipt=receipts[QUIET - 1],
            beside=receipts[QUIET],
            lost=figures.answers.lost,
            gone=figures.gone + (0 if outage else figures.lost_links),
            own_rank_ms=own.max_ms if own.count else None,
            back_ms=outage.over_ms if outage else None,
            back_p95_ms=outage.back.p95_ms if outage else None,
            open_ms=median(opens) if opens else None,
            joins_per_s=figures.joined / figures.join_s if figures.join_s else None,
            errors=repr(figures.errors) if figures.errors else "",
        )


async def visit(stand: Stand, phones: int, program: Path, parts: str = "all") -> Visit:
    """Start the server, measure it, and end it. Raises Missing, Failure.

    `parts`: `connect` is no more than that, `calm` everything without the crash.
    """
    async with AsyncExitStack() as ends:
        ends.push_async_callback(stand.stop)
        await stand.start()
        await asyncio.sleep(0.5)
        empty = taken(stand.pid)
        crowd = await ends.enter_async_context(swarm(program, stand.plan(phones)))
        under_way = Round(stand, phones, crowd)
        await under_way.measure(empty, parts)
        if isinstance(stand, Ours) and parts == "all":
            await under_way.crash(stand)
        return under_way.visit(await crowd.finish())


async def slowly(ours: Ours, phones: int, program: Path) -> Spread:
    """Return how long receipts take when the core is not full, cues beside them.

    `ours` is one that is answered within `SLOWLY_MS`.
    """
    async with AsyncExitStack() as ends:
        ends.push_async_callback(ours.stop)
        await ours.start()
        crowd = await ends.enter_async_context(swarm(program, ours.plan(phones)))
        await crowd.here()
        await Round(ours, phones, crowd).beside(1, SLOWLY_MS)
        return (await crowd.finish()).answers.receipt
