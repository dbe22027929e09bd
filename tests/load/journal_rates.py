"""What a durable answer costs on SQLite and on PostgreSQL.

    python -m tests.load.journal_rates [SECONDS]

Rows a second, added latency, and this process's own time for each row.

The loop offers answers at a rate, spinning 35 µs for each in place of the work
of a socket, and takes the time until the journal calls back; `saturated` offers
as many as are taken, at most 20,000 on their way. Then a show of 20,000
participants: the reveal's transaction, everybody's results, a recount. PostgreSQL
is the tests' own, on the same disk, over a socket of this machine.
"""

import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import uvloop
from rich.console import Console
from rich.table import Table

from quizserver.domain.ids import ParticipantId
from quizserver.live.rows import AnswerRow, Stored
from quizserver.store.ledger import open_ledger
from quizserver.store.sql_ledger import SqlLedger
from tests.postgres import cluster
from tests.unit.store.rows import (
    EPOCH,
    Q1,
    SHOW,
    A,
    Judged,
    answer,
    put,
    rescore,
    reveal,
)

EVIDENCE = '{"T0_ns":123456789012345,"R_ns":123456789012345,"c_ms":2345}'
AUDIENCE = 20_000
OUTSTANDING = 20_000
WORK_NS = 35_000
OFFERS = (
    ("saturated", 0, 2),
    ("2,000/s", 2_000, 2),
    ("10,000/s", 10_000, 0),
    ("10,000/s", 10_000, 2),
)
"""Name, answers a second (0: as many as are taken), linger in milliseconds."""


@dataclass
class Run:
    """One measurement: the offer, and the latencies in nanoseconds."""

    ledger: str
    name: str
    rate: int
    linger_ms: float
    latency: list[int] = field(default_factory=list)
    seconds: float = 0
    processor: float = 0
    commits: int = 0


async def measure(run: Run, url: str, seconds: float) -> Run:
    """Offer answers for so long; fill in what was seen."""
    ledger = open_ledger(url, secret=b"0" * 32, linger_ms=run.linger_ms)
    began, processor = time.monotonic(), time.process_time()
    await offer(ledger, run, seconds)
    run.seconds = time.monotonic() - began
    run.processor = time.process_time() - processor
    run.commits = ledger.health().commits
    ledger.close()
    return run


async def offer(ledger: SqlLedger, run: Run, seconds: float) -> None:
    """Offer at the run's rate, then wait until all are settled."""
    names = [secrets.token_hex(8) for _ in range(AUDIENCE)]
    began = time.monotonic()
    made = 0

    def done(row: AnswerRow, stored: Stored) -> None:
        assert stored is Stored.NEW
        run.latency.append(time.monotonic_ns() - row.received_ns)

    while (elapsed := time.monotonic() - began) < seconds:
        due = int(elapsed * run.rate) - made if run.rate else 500
        room = OUTSTANDING - made + len(run.latency)
        for _ in range(min(due, 500, room)):
            row = answer(names[made % AUDIENCE], question=f"q{made // AUDIENCE}")
            row.evidence = EVIDENCE
            row.received_ns = time.monotonic_ns()
            if run.rate:
                spin(WORK_NS)
            ledger.put_answer(Judged(row), done)
            made += 1
        await asyncio.sleep(0 if not run.rate or due > 500 else 0.0005)
    while len(run.latency) < made:  # noqa: ASYNC110 - a count, nobody signals it
        await asyncio.sleep(0.001)


def spin(ns: int) -> None:
    """Use the processor for so long."""
    end = time.monotonic_ns() + ns
    while time.monotonic_ns() < end:
        pass


async def show_times(url: str) -> dict[str, tuple[float, float]]:
    """Play a question with the whole audience; return milliseconds by name."""
    ledger = open_ledger(url, secret=b"0" * 32)
    names = [secrets.token_hex(8) for _ in range(AUDIENCE)]
    await put(ledger, [answer(n, question="q0") for n in names])
    await reveal(ledger, 1, A, question="q0")
    await put(
        ledger, [answer(n, "ABCD"[i % 4], i % 15_000) for i, n in enumerate(names)]
    )
    one = [ParticipantId(names[7])]
    keys = {"q0": "A", "q1": "B"}
    times = {
        "reveal": await timed(reveal(ledger, 2, A)),
        "provisional": await timed(ledger.provisional(SHOW, EPOCH, Q1, A, 10)),
        "everybody's results": await timed(ledger.own_results(SHOW, EPOCH, Q1, None)),
        "one's result": await timed(ledger.own_results(SHOW, EPOCH, Q1, one)),
        "all answers": await timed(ledger.answers_to(SHOW, EPOCH, Q1)),
        "recount of two": await timed(rescore(ledger, 3, keys)),
    }
    ledger.close()
    return times


async def timed(awaited: Awaitable[object]) -> tuple[float, float]:
    """Return the milliseconds that pass, and those of processor time."""
    began, processor = time.monotonic(), time.process_time()
    await awaited
    return (
        (time.monotonic() - began) * 1_000,
        (time.process_time() - processor) * 1_000,
    )


def rates_table(runs: list[Run]) -> Table:
    """Return the measurements as people read them."""
    table = Table(
        "ledger",
        "offer",
        "linger ms",
        "rows/s",
        "p50 ms",
        "p99 ms",
        "max ms",
        "rows a commit",
        "CPU µs a row",
    )
    for run in runs:
        times = sorted(run.latency)
        made = len(times)
        shown = [times[made // 2], times[made * 99 // 100], times[-1]]
        table.add_row(
            run.ledger,
            run.name,
            f"{run.linger_ms:g}",
            f"{made / run.seconds:,.0f}",
            *(f"{ns / 1e6:.2f}" for ns in shown),
            f"{made / max(1, run.commits):.0f}",
            f"{run.processor / made * 1e6 - (WORK_NS / 1e3 if run.rate else 0):.1f}",
        )
    return table


@contextmanager
def ledgers() -> Iterator[dict[str, Callable[[], str]]]:
    """Lend what makes the URL of an empty database, for each kind."""
    numbers = count()
    with cluster() as postgres, tempfile.TemporaryDirectory() as folder:
        yield {
            "SQLite": lambda: f"sqlite:///{folder}/{next(numbers)}.db",
            "PostgreSQL": lambda: postgres.make(f"rates{next(numbers)}"),
        }


async def main(seconds: float) -> None:
    """Measure and print."""
    runs, times = [], Table(f"{AUDIENCE:,} participants", "ledger", "ms", "CPU ms")
    with ledgers() as fresh:
        for name, rate, linger in OFFERS:
            for ledger, url in fresh.items():
                run = Run(ledger, name, rate, linger)
                runs.append(await measure(run, url(), seconds))
        found = {ledger: await show_times(url()) for ledger, url in fresh.items()}
    for name in found["SQLite"]:
        for ledger, measured in found.items():
            passed, processor = measured[name]
            times.add_row(name, ledger, f"{passed:.0f}", f"{processor:.0f}")
    console = Console()
    console.print(rates_table(runs))
    console.print(times)


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3))
