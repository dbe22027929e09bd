"""Several processes on one PostgreSQL and one Redis: a show, and answers a second.

    python -m tests.load.bench.formation [--phones 36000] [--stampede 8000]
    python -m tests.load.bench.formation --growth 2000,5000,10000,19000
    python -m tests.load.bench.formation --phones 0 --stampede 2000 --share 30

First the same stampede with one process and with two: everybody answers within a
fifth of a second, and from the first tap to the last receipt says how many answers a
second are stored.
Then ten questions in two processes, everybody answering within two seconds. `--growth`
plays three questions so, once with each of these sizes. All of it shares this machine:
servers, phones, PostgreSQL and Redis. With `--share` each server of a stampede has only
so many percent of a core: what is left is as good as a load from elsewhere.
"""

import argparse
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final

import uvloop
from rich.console import Console
from rich.table import Table

from quizserver.rehearsal.compiled import cache_folder, program
from quizserver.rehearsal.figures import PhoneFigures, Report
from quizserver.rehearsal.swarm import Plan, Swarm, swarm
from quizserver.rehearsal.trial import Trial
from tests.load.bench.shares import processes, shares
from tests.load.bench.show import PACE, QUESTIONS, WITHIN_MS
from tests.load.bench.stands import SHOW, Ours
from tests.postgres import Cluster, cluster
from tests.redis import RedisServer, redis_server

_AT_ONCE_MS: Final = 200
_OPEN_MS: Final = 15_000
"""As on air: on shared cores the last phone hears of a question seconds later."""

_ROUNDS: Final = 3
"""Questions of a stampede, and of a show that is played for its costs."""

_BESIDE: Final = 18_000
"""Phones of one program: it needs an open file for each."""

_OUT: Final = Console(width=130)


Part = tuple[int, Plan, int]
"""Processes, phones, questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of it, of all phones together; times of those that saw most."""

    workers: int
    phones: int
    taps: int
    missed: int
    """Phones that did not come to tap before the lock, over all questions."""
    lost: int
    dropped: int
    stored: int
    receipt_p99_ms: float
    receipt_max_ms: float
    own_rank_ms: float
    answers_per_s: float
    """Of the median question."""
    cpu_s: float
    phone_kib: float
    """What a phone takes of the servers' memory."""

    @property
    def answer_us(self) -> float:
        """Processor time of the servers for an answer, cues and all."""
        return self.cpu_s * 1e6 / max(1, self.taps)


class Formed(Ours):
    """The product with so many workers, on a database and a Redis of its own."""

    def __init__(self, folder: Path, workers: int, shared: dict[str, str]) -> None:
        super().__init__(folder, shared, duration_ms=_OPEN_MS)
        self._workers = workers

    def _started(self, command: list[str], log: Path) -> "subprocess.Popen[bytes]":
        workers = ("--workers", str(self._workers)) if self._workers > 1 else ()
        with log.open("ab") as said:
            return subprocess.Popen(
                [*command, *workers], stdout=said, stderr=said, env=self._environment
            )


async def play(
    formed: Formed, workers: int, plan: Plan, questions: int, share: int = 0
) -> Played:
    """Play a show with these phones, in as many programs as they need.

    `share` is the percentage of a core that each server has; 0: what it can get.
    """
    await formed.start()
    held = shares(processes(formed.pid), share) if share else nullcontext()
    plan = replace(plan, address=formed.address)
    crowds = _shares(plan.phones)
    first, *rest = [
        replace(plan, phones=crowd, seed=number + 1)
        for number, crowd in enumerate(crowds)
    ]
    trial = Trial(
        first,
        token=formed.caller.token,
        questions=questions,
        made_by="compiled",
        pace=PACE,
    )
    try:
        async with AsyncExitStack() as stack:
            stack.enter_context(held)
            others = [await stack.enter_async_context(_crowd(one)) for one in rest]
            for other in others:
                await other.here()
            crowd = await stack.enter_async_context(_crowd(first))
            report = await trial.run(crowd)
            figures = [await other.finish() for other in others]
    finally:
        await formed.stop()
    return _played(workers, plan.phones, report, figures)


def _shares(phones: int) -> list[int]:
    programs = -(-phones // _BESIDE)
    return [
        phones // programs + (number < phones % programs) for number in range(programs)
    ]


@asynccontextmanager
async def _crowd(plan: Plan) -> AsyncIterator[Swarm]:
    async with swarm(program(cache_folder()), plan) as crowd:
        yield crowd


def _played(
    workers: int, phones: int, report: Report, others: list[PhoneFigures]
) -> Played:
    answers = [report.answers, *(one.answers for one in others)]
    machine = report.machine
    return Played(
        workers=workers,
        phones=phones,
        taps=sum(one.taps for one in answers),
        missed=sum(one.missed for one in answers),
        lost=sum(one.lost for one in answers),
        dropped=report.reconnects
        + report.gone
        + sum(one.lost_links + one.gone for one in others),
        stored=report.stored or 0,
        receipt_p99_ms=max(one.receipt.p99_ms for one in answers),
        receipt_max_ms=max(one.receipt.max_ms for one in answers),
        own_rank_ms=report.reveal_to_own.max_ms,
        answers_per_s=median(one.per_s for one in report.receipts)
        * phones
        / report.phones,
        cpu_s=machine.cpu_playing_s if machine is not None else 0,
        phone_kib=machine.per_phone_kib if machine is not None else 0,
    )


@contextmanager
def on_shared(postgres: Cluster, redis: RedisServer, workers: int) -> Iterator[Formed]:
    """Make a server whose database is new and whose Redis is empty."""
    redis.flush()
    with tempfile.TemporaryDirectory(prefix="quizserver-bench-") as folder:
        database = postgres.make(Path(folder).name.replace("-", "_"))
        shared = {"QUIZ_DATABASE_URL": database, "QUIZ_REDIS_URL": redis.url}
        yield Formed(Path(folder), workers, shared)


def parts(phones: int, stampede: int, growth: list[int]) -> list[Part]:
    """Return the stampede in one process and two, the show in two; or the growth."""
    rush = Plan(address="", show=SHOW, phones=stampede, within_ms=_AT_ONCE_MS, copies=1)
    show = replace(rush, phones=phones, within_ms=WITHIN_MS, copies=2)
    if growth:
        return [(2, replace(show, phones=size), _ROUNDS) for size in growth]
    return [(1, rush, _ROUNDS), (2, rush, _ROUNDS), (2, show, QUESTIONS)]


async def measure(parts: list[Part], share: int) -> list[Played]:
    """Play one after the other, each on a database of its own."""
    found = []
    with cluster() as postgres, redis_server() as redis:
        for workers, one, questions in parts:
            if not one.phones:
                continue
            _OUT.print(f"{one.phones:,} phones, processes: {workers}")
            with on_shared(postgres, redis, workers) as formed:
                is_rush = one.within_ms == _AT_ONCE_MS
                held = share if is_rush else 0
                found.append(await play(formed, workers, one, questions, held))
    return found


def table(found: list[Played]) -> Table:
    """Return what was measured."""
    names = (
        "processes",
        "phones",
        "answers",
        "missed",
        "stored",
        "lost",
        "dropped",
        "receipt p99 ms",
        "max",
        "own rank ms",
        "answers/s",
        "server µs",
        "KiB",
    )
    shown = Table(*names, title="Several processes on one PostgreSQL and one Redis")
    for one in found:
        values = (
            one.workers,
            one.phones,
            one.taps,
            one.missed,
            one.stored,
            one.lost,
            one.dropped,
            one.receipt_p99_ms,
            one.receipt_max_ms,
            one.own_rank_ms,
            one.answers_per_s,
            one.answer_us,
            one.phone_kib,
        )
        shown.add_row(*(f"{value:,.0f}" for value in values))
    return shown


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.bench.formation", description=__doc__
    )
    parser.add_argument("--phones", type=int, default=36_000)
    parser.add_argument("--stampede", type=int, default=8_000)
    parser.add_argument("--growth", default="", metavar="SIZES")
    parser.add_argument("--share", type=int, default=0, metavar="PERCENT")
    asked = parser.parse_args()
    growth = [int(size) for size in asked.growth.split(",") if size]
    wanted = parts(asked.phones, asked.stampede, growth)
    _OUT.print(table(uvloop.run(measure(wanted, asked.share))))


if __name__ == "__main__":
    main()
