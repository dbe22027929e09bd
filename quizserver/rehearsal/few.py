"""The fallback where the phones in C cannot be made: those in Python, as `Swarm`.

One process holds them all beside the host, so there can only be few; and they
measure less: no outages, and of the cues only those that open a question.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from quizserver.failures import Failure
from quizserver.rehearsal.calls import Refused
from quizserver.rehearsal.crowd import Crowd
from quizserver.rehearsal.figures import (
    Answers,
    Cue,
    PhoneFigures,
    Progress,
    Spread,
    spread,
)
from quizserver.rehearsal.phone import Hints
from quizserver.rehearsal.swarm import Plan, allow_files, nobody_may_join

MOST: Final = 500
"""Above it their own work shows in the times that they measure."""

_LOOK_S: Final = 0.05
_STUCK_S: Final = 30.0


class Few:
    """Phones in Python; the same methods as `Swarm`."""

    def __init__(self, plan: Plan) -> None:
        self.progress = Progress("joining")
        self.on_progress: Callable[[Progress], None] = lambda progress: None
        self._plan = plan
        within_s = plan.within_ms / 1000 if plan.within_ms else None
        self._crowd = Crowd(
            plan.address,
            plan.show,
            count=plan.phones,
            seed=plan.seed,
            hints=Hints(within_s=within_s),
        )
        self._join_s = self._connect_s = 0.0
        self._cpu_s = time.process_time()

    async def join(self) -> None:
        """Register everybody. Raises Failure."""
        begun = time.monotonic()
        try:
            await self._crowd.join()
        except Refused as refused:
            raise nobody_may_join(self._plan, f"HTTP {refused.status}") from None
        self._join_s = time.monotonic() - begun

    async def run(self) -> None:
        """Connect everybody and stay until the show ends."""
        await self._crowd.run()

    async def here(self) -> None:
        """Wait until every phone is in the show. Raises Failure."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(_STUCK_S):
                await self._until(lambda p: p.here == self._plan.phones)
        except TimeoutError:
            raise Failure(
                "failure.phones_missing",
                here=self.progress.here,
                phones=self._plan.phones,
            ) from None
        self._connect_s = time.monotonic() - begun

    async def settled(self, seconds: float) -> None:
        """Wait until every answer has its receipt, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._until(lambda p: p.receipts >= p.taps)
        except TimeoutError:
            return

    async def ended(self) -> None:
        """Wait until everybody has heard that the show is over."""
        await self._until(lambda p: 0 < p.here <= p.ended)

    async def finish(self) -> PhoneFigures:
        """Return everything they measured."""
        told, progress = self._crowd.figures(), self._look()
        logs = [phone.log for phone in self._crowd.phones]
        closes = Counter(str(code) for log in logs for code in log.closes)
        return PhoneFigures(
            phones=self._plan.phones,
            joined=progress.joined,
            here=progress.here,
            gone=0,
            ended=progress.ended,
            lost_links=told.reconnects,
            dials_failed=0,
            join_s=self._join_s,
            join=Spread(),
            connect_s=self._connect_s,
            connect=spread(ns / 1e6 for log in logs for ns in log.connect_ns[:1]),
            answers=self._answers(),
            cues=tuple(self._cues()),
            closes=dict(closes),
            cpu_s=time.process_time() - self._cpu_s,
        )

    async def _until(self, holds: Callable[[Progress], bool]) -> None:
        while True:
            self.progress = self._look()
            self.on_progress(self.progress)
            if holds(self.progress):
                return
            await asyncio.sleep(_LOOK_S)

    def _look(self) -> Progress:
        phones = self._crowd.phones
        taps = [tap for phone in phones for tap in phone.log.taps.values()]
        here = sum(bool(phone.log.phase) for phone in phones)
        return Progress(
            stage="playing" if here == len(phones) else "connecting",
            joined=sum(phone.joined is not None for phone in phones),
            here=here,
            taps=len(taps),
            receipts=sum(tap.receipt is not None for tap in taps),
            ended=sum(phone.log.ended is not None for phone in phones),
        )

    def _answers(self) -> Answers:
        taps = [tap for p in self._crowd.phones for tap in p.log.taps.values()]
        status = Counter(tap.receipt.status for tap in taps if tap.receipt)
        waits = [(t.receipt_ns - t.sent_ns) / 1e6 for t in taps if t.receipt]
        return Answers(
            taps=len(taps),
            sent=sum(tap.sent_ns > 0 for tap in taps),
            copies=2 * len(taps),
            receipts=len(waits),
            lost=len(taps) - len(waits),
            accepted=status["accepted"],
            late=status["late"],
            refused=len(waits) - status["accepted"] - status["late"],
            receipt=spread(waits),
        )

    def _cues(self) -> list[Cue]:
        seen: dict[str, list[int]] = {}
        for phone in self._crowd.phones:
            for question, at_ns in phone.log.opens.items():
                seen.setdefault(question, []).append(at_ns)
        return [
            Cue("open", question, 0, len(at), min(at), max(at))
            for question, at in seen.items()
        ]


@asynccontextmanager
async def few(plan: Plan) -> AsyncIterator[Few]:
    """Register and connect the phones; they leave when this is left.

    Raises:
        Failure: too few open files, or nobody may join.
    """
    allow_files(plan.phones)
    phones = Few(plan)
    await phones.join()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(phones.run())
        try:
            yield phones
        finally:
            running.cancel()
