"""What phones measured and how it is told: the lines of `phones/`, and the report.

Moments are nanoseconds of this machine's monotonic clock, spans milliseconds. Pure
values: nothing here measures.
"""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Final

import msgspec

ALMOST_ALL: Final = 0.9
"""A cue that reached fewer of the phones says nothing about a fan-out."""


class Spread(msgspec.Struct, frozen=True):
    """How long something took, over all times it happened."""

    count: int = 0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    max_ms: float = 0.0


def spread(times_ms: Iterable[float]) -> Spread:
    """Return the spread of some times."""
    ordered = sorted(times_ms)
    if not ordered:
        return Spread()

    def nth(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return Spread(len(ordered), nth(0.5), nth(0.95), nth(0.99), ordered[-1])


class Cue(msgspec.Struct, frozen=True):
    """One cue on its way to all; `step` 0 for everybody's own `you`."""

    cue: str
    question: str
    step: int
    phones: int
    first_ns: int
    last_ns: int


class Outage(msgspec.Struct, frozen=True):
    """From the first lost link until everybody is back, all since that moment.

    `listening_ms`: the server took a connection again; `back`: the last return of
    each phone that was lost.
    """

    lost: int
    listening_ms: float
    first_back_ms: float
    over_ms: float
    back: Spread


class Answers(msgspec.Struct, frozen=True):
    """Answers by what became of them.

    `lost` were tapped and have no receipt; `receipt` runs from the first of the two
    copies to the first receipt. `resent` counts repeats after that. `missed` phones saw
    the question and did not come to tap before it was locked: they share too small a
    machine (counted by the compiled ones only).
    """

    taps: int = 0
    missed: int = 0
    sent: int = 0
    copies: int = 0
    resent: int = 0
    receipts: int = 0
    lost: int = 0
    accepted: int = 0
    late: int = 0
    refused: int = 0
    duplicates: int = 0
    receipt: Spread = Spread()


class Receipts(msgspec.Struct, frozen=True):
    """How long the receipts of one question took.

    `took_s`: from the first tap to the last receipt.
    """

    question: str
    receipt: Spread
    took_s: float = 0.0

    @property
    def per_s(self) -> float:
        """How many answers a second were given and stored."""
        return self.receipt.count / self.took_s if self.took_s else 0.0


class Progress(msgspec.Struct, frozen=True, tag="progress", tag_field="line"):
    """How far the phones are; `stage` is joining, connecting or playing.

    `presences`: how many presence messages they have heard, all together.
    """

    stage: str
    joined: int = 0
    here: int = 0
    gone: int = 0
    taps: int = 0
    receipts: int = 0
    ended: int = 0
    presences: int = 0


class OutageOver(msgspec.Struct, frozen=True, tag="outage", tag_field="line"):
    """Everybody is back."""

    outage: Outage


class Failed(msgspec.Struct, frozen=True, tag="failed", tag_field="line"):
    """The phones gave up; `said` is what they were told."""

    why: str
    status: int
    said: str


class PhoneFigures(
    msgspec.Struct, frozen=True, tag="figures", tag_field="line", kw_only=True
):
    """Everything the phones have to tell at their end.

    `gone` may not come back (by their close code), `lateness` is how late they
    themselves tapped: a busy load generator shows here.
    """

    phones: int
    joined: int
    here: int
    gone: int
    ended: int
    lost_links: int
    dials_failed: int
    join_s: float
    join: Spread
    connect_s: float
    connect: Spread
    answers: Answers
    cues: tuple[Cue, ...]
    questions: tuple[Receipts, ...] = ()
    outages: tuple[Outage, ...] = ()
    errors: dict[str, int] = {}
    closes: dict[str, int] = {}
    lateness: Spread = Spread()
    cpu_s: float = 0.0


Line = Progress | OutageOver | Failed | PhoneFigures


class FanOut(msgspec.Struct, frozen=True):
    """A kind of cue, from its first phone to its last; medians over the cues.

    `stamp_…` count from the server's own stamp, where it is known.
    """

    cue: str
    cues: int
    phones: int
    first_to_last_ms: float
    worst_ms: float
    stamp_to_first_ms: float | None = None
    stamp_to_last_ms: float | None = None


def fan_outs(
    cues: Iterable[Cue], phones: int, stamps_ns: Mapping[str, int]
) -> tuple[FanOut, ...]:
    """Return the fan-outs that reached almost all, by kind in order of first sight.

    `stamps_ns`: when each question was opened, by its id; empty when unknown.
    """
    kinds: dict[str, list[Cue]] = {}
    for cue in cues:
        if cue.phones >= ALMOST_ALL * phones:
            kinds.setdefault(cue.cue, []).append(cue)
    return tuple(_fan_out(kind, found, stamps_ns) for kind, found in kinds.items())


def _fan_out(kind: str, cues: list[Cue], stamps_ns: Mapping[str, int]) -> FanOut:
    spans = [_ms(cue.last_ns - cue.first_ns) for cue in cues]
    known = [cue for cue in cues if kind == "open" and cue.question in stamps_ns]
    first = [_ms(cue.first_ns - stamps_ns[cue.question]) for cue in known]
    last = [_ms(cue.last_ns - stamps_ns[cue.question]) for cue in known]
    return FanOut(
        cue=kind,
        cues=len(cues),
        phones=max(cue.phones for cue in cues),
        first_to_last_ms=round(median(spans), 3),
        worst_ms=round(max(spans), 3),
        stamp_to_first_ms=round(median(first), 3) if first else None,
        stamp_to_last_ms=round(median(last), 3) if last else None,
    )


def reveal_to_own(cues: Iterable[Cue]) -> Spread:
    """Return how long after a reveal's first phone the last one had its own rank."""
    revealed: dict[str, int] = {}
    own: dict[str, int] = {}
    for cue in cues:
        if cue.cue == "revealed":
            revealed.setdefault(cue.question, cue.first_ns)
        elif cue.cue == "you":
            own[cue.question] = cue.last_ns
    return spread(_ms(own[q] - at) for q, at in revealed.items() if q in own)


def _ms(ns: int) -> float:
    return ns / 1e6


class Machine(msgspec.Struct, frozen=True):
    """What the server's processes took, when they run on this machine.

    CPU seconds are from before the first registration to the end. `per_phone_kib`
    is what memory grew by until all phones were connected, for each of them.
    """

    processes: int
    cpu_s: float
    cpu_playing_s: float
    before_kib: int
    joined_kib: int
    peak_kib: int
    per_phone_kib: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a load test, as `--json` writes them.

    `made_by` is `compiled` or `python`; `receipts` are by question; `stored` is how
    many answers the server's export holds, None without the right to see it; `problems`
    are codes, empty when everything is as it must be.
    """

    server: str
    show: str
    made_by: str
    phones: int
    questions: int
    answer_within_s: float | None
    seconds: float
    joins_per_s: float
    join: Spread
    connects_per_s: float
    connect: Spread
    fan_outs: tuple[FanOut, ...]
    reveal_to_own: Spread
    answers: Answers
    receipts: tuple[Receipts, ...]
    stored: int | None
    outages: tuple[Outage, ...]
    reconnects: int
    gone: int
    errors: dict[str, int]
    closes: dict[str, int]
    machine: Machine | None
    phones_cpu_s: float
    phones_lateness: Spread
    problems: tuple[str, ...]
