"""How many processes, how much memory and network an audience takes: `make scale`.

    python -m tests.load.scale [VIEWERS …] [--within SECONDS]

Arithmetic over costs that `make bench` has measured (`MEASURED`), nothing else: what a
million viewers need cannot be tried out on one machine. Each need is computed by
itself; the largest decides, and its name tells what would break first.
docs/explanation/scale.md shows the table and says what is not in it.
"""

import argparse
from dataclasses import dataclass
from math import ceil
from typing import Final

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was measured; µs of one core, KiB, each for one phone.

    Attributes:
        cue_us: one frame, the same for everybody.
        question_us: the timed question, with its own nonce, a ping and its pong.
        answer_us: an answer with its receipt, the journal included.
        own_us: the personal result after the reveal.
        return_us: handshake, hello, token and snapshot of a phone that comes back.
        idle_us: keep-alive, in each second.
        memory_kib: in the process; `kernel_kib` its socket in the kernel.
        tls_us: a full TLS 1.3 handshake with an ECDSA certificate.
        tls_kib: TLS in the process, beside `memory_kib`.
        row_us: one answer in PostgreSQL, of one of its cores.
        commit_ms: a commit of PostgreSQL, from begin to flushed.
    """

    cue_us: float
    question_us: float
    answer_us: float
    own_us: float
    return_us: float
    idle_us: float
    memory_kib: float
    kernel_kib: float
    tls_us: float
    tls_kib: float
    row_us: float
    commit_ms: float


MEASURED: Final = Costs(
    cue_us=24,
    question_us=45,
    answer_us=165,
    own_us=80,
    return_us=440,
    idle_us=7,
    memory_kib=3.6,
    kernel_kib=5,
    tls_us=1_270,
    tls_kib=46,
    row_us=12,
    commit_ms=3,
)
"""On two cores of an AMD EPYC at 2.4 GHz, 22/11/2026."""

LATEST_S: Final = 0.3
"""A question's stamp counts at most 300 ms after its opening (R4.1): by then the last
phone of each process must have been sent it."""

BUSY: Final = 0.7
"""Of a core, so that receipts do not queue."""

BACK_S: Final = 5.0
"""Everybody is back so soon after all processes were lost at once."""

FILES: Final = 60_000
"""Phones of one process: its limit of open files, and one address' ports behind it."""

QUESTION_BYTES: Final = 700
"""A question's frame in TLS, TCP and IP; a ping rides along."""

STORED_BYTES: Final = 1_000
"""An answer with its evidence in PostgreSQL, index and log included."""

CUES_PER_QUESTION: Final = 8
LEDGER_CORES: Final = 0.5
"""Of PostgreSQL's cores for answers; the rest is for the ranks and everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What an audience needs. `processes` is the largest of `by`."""

    viewers: int
    by: dict[str, int]
    processes: int
    memory_gib: float
    tls_cores: int
    question_gbit: float
    rows_per_s: float
    ledger_cores: int
    receipt_wait_ms: float
    question_gb: float
    bus_per_s: float

    @property
    def first(self) -> str:
        """What asks for the most processes."""
        return max(self.by, key=lambda name: self.by[name])


def needs(viewers: int, within_s: float, costs: Costs = MEASURED) -> Needs:
    """Return what so many viewers need who all answer within `within_s`."""
    question_s = viewers * costs.question_us / 1e6
    by = {
        "sending the question": ceil(question_s / LATEST_S),
        "answers": ceil(viewers * costs.answer_us / 1e6 / within_s / BUSY),
        "everybody back": ceil(viewers * costs.return_us / 1e6 / BACK_S),
        "open files": ceil(viewers / FILES),
    }
    processes = max(by.values())
    rows_per_s = viewers / within_s
    return Needs(
        viewers=viewers,
        by=by,
        processes=processes,
        memory_gib=viewers * (costs.memory_kib + costs.kernel_kib) / 2**20,
        tls_cores=ceil(viewers * costs.tls_us / 1e6 / BACK_S),
        question_gbit=viewers * QUESTION_BYTES * 8 / LATEST_S / 1e9,
        rows_per_s=rows_per_s,
        ledger_cores=ceil(rows_per_s * costs.row_us / 1e6 / LEDGER_CORES),
        # One chain a run: commits of all processes follow each other.
        receipt_wait_ms=processes * costs.commit_ms,
        question_gb=viewers * STORED_BYTES / 1e9,
        # Cues of all kinds, and each process's own counts once a second.
        bus_per_s=CUES_PER_QUESTION / within_s + processes,
    )


def table(sizes: list[int], within_s: float) -> Table:
    """Return the needs of each size as people read them."""
    found = [needs(viewers, within_s) for viewers in sizes]
    shown = Table("", *(f"{one.viewers:,} viewers" for one in found))
    for name in found[0].by:
        shown.add_row(f"processes for {name}", *(f"{one.by[name]:,}" for one in found))
    rows: dict[str, list[str]] = {
        "decides": [one.first for one in found],
        "memory of all, GiB": [f"{one.memory_gib:.1f}" for one in found],
        "cores for TLS, everybody back": [f"{one.tls_cores:,}" for one in found],
        "network while a question goes out, Gbit/s": [
            f"{one.question_gbit:.1f}" for one in found
        ],
        "answers/s into PostgreSQL": [f"{one.rows_per_s:,.0f}" for one in found],
        "cores of PostgreSQL": [f"{one.ledger_cores}" for one in found],
        "a receipt waits for the chain, ms": [
            f"{one.receipt_wait_ms:,.0f}" for one in found
        ],
        "stored a question, GB": [f"{one.question_gb:.2f}" for one in found],
        "messages/s into Redis": [f"{one.bus_per_s:,.0f}" for one in found],
    }
    for name, values in rows.items():
        shown.add_row(name, *values)
    return shown


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="make scale", description=__doc__)
    sizes = [10_000, 100_000, 1_000_000]
    parser.add_argument("viewers", nargs="*", type=int, default=sizes)
    parser.add_argument("--within", type=float, default=10.0, metavar="SECONDS")
    asked = parser.parse_args()
    Console(width=120).print(table(asked.viewers, asked.within))


if __name__ == "__main__":
    main()
