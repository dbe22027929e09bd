"""The rows of the bench: what is compared with what, its goal, and how it is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from rich.table import Table

from tests.load.bench.show import Played
from tests.load.bench.visit import Visit

Rounds = Mapping[str, Sequence[Visit]]
"""The visits of each server, a round at each place."""

PEERS_SHOWN: Final = ("node ws", "websockets", "Starlette", "uvicorn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of our server and of the peers, as a ratio or as it is.

    `of` takes a visit and the one it is held against; `against` names that server,
    "" for none. `goal` and `stretch` are at most, or at least when `is_least`.
    """

    name: str
    of: Callable[[Visit, Visit], float]
    goal: float
    stretch: float
    against: str = "floor"
    unit: str = ""
    is_least: bool = False
    is_of_peers: bool = True


ROWS: Final = (
    Row(
        name="CPU of a cue to one phone / floor",
        of=lambda one, floor: one.frame_us / floor.frame_us,
        goal=1.5,
        stretch=1.3,
    ),
    Row(
        name="cue asked for → last phone / floor",
        of=lambda one, floor: one.fan_out_ms / floor.fan_out_ms,
        goal=1.7,
        stretch=1.4,
    ),
    Row(
        name="CPU of an answer with its durable receipt / floor's echo",
        of=lambda one, floor: one.answer_us / floor.answer_us,
        goal=4.5,
        stretch=3.0,
    ),
    Row(
        name="receipt p99 beside cues / one fan-out of the floor",
        of=lambda one, floor: one.beside.p99_ms / floor.fan_out_ms,
        goal=0.3,
        stretch=0.1,
    ),
    Row(
        name="the same, answered within 10 s and not 2",
        of=lambda one, floor: one.slowly.p99_ms / floor.fan_out_ms,
        goal=0.3,
        stretch=0.1,
        is_of_peers=False,
    ),
    Row(
        name="memory of an idle participant, all included",
        of=lambda one, _: one.memory_kib,
        goal=6,
        stretch=4,
        against="",
        unit="KiB",
    ),
    Row(
        name="handshakes a second with token check / plain uvicorn's",
        of=lambda one, plain: one.handshakes_per_s / plain.handshakes_per_s,
        goal=2,
        stretch=3,
        against="uvicorn",
        is_least=True,
    ),
    Row(
        name="reveal → every phone has its own rank",
        of=lambda one, _: (one.own_rank_ms or 0) / 1_000,
        goal=1,
        stretch=0.5,
        against="",
        unit="s",
        is_of_peers=False,
    ),
    Row(
        name="all phones back after kill -9 in mid-question",
        of=lambda one, _: (one.back_ms or 0) / 1_000,
        goal=5,
        stretch=3,
        against="",
        unit="s",
        is_of_peers=False,
    ),
)


def figure(row: Row, rounds: Rounds, name: str) -> float | None:
    """Return the median over the rounds, each ratio taken within one round."""
    ones, others = rounds.get(name, ()), rounds.get(row.against or name, ())
    values = [row.of(one, other) for one, other in zip(ones, others, strict=False)]
    return median(values) if values else None


def table(rounds: Rounds, played: Played | None, title: str) -> Table:
    """Return all rows, ours first."""
    peers = [name for name in PEERS_SHOWN if rounds.get(name)]
    shown = Table("", "ours", "goal", "stretch", *peers, title=title)
    for row in ROWS:
        ours = figure(row, rounds, "ours")
        if ours is None:
            continue
        bound = "≥" if row.is_least else "≤"
        others = [_peer(row, rounds, name) for name in peers]
        shown.add_row(
            row.name,
            f"{_number(ours)} {row.unit}".strip(),
            f"{bound} {row.goal:g}",
            f"{row.stretch:g}",
            *others,
        )
    if played is not None:
        shown.add_row(
            f"ten questions, {played.phones:,} phones in one process, all answering "
            f"within 2 s: receipts lost, phones dropped",
            f"{played.lost}, {played.dropped}",
            "0, 0",
            "",
        )
    return shown


def _peer(row: Row, rounds: Rounds, name: str) -> str:
    if not row.is_of_peers or (name == "uvicorn" and row.against != "uvicorn"):
        return ""
    value = figure(row, rounds, name)
    return _number(value) if value is not None else ""


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def raw(rounds: Rounds) -> Table:
    """Return what the ratios were made of: medians over the rounds."""
    columns: dict[str, Callable[[Visit], float]] = {
        "cue µs": lambda v: v.frame_us,
        "fan-out ms": lambda v: v.fan_out_ms,
        "answer µs": lambda v: v.answer_us,
        "receipt p50 / ms": lambda v: v.receipt.p50_ms,
        "p99": lambda v: v.receipt.p99_ms,
        "p99 beside cues": lambda v: v.beside.p99_ms,
        "slowly": lambda v: v.slowly.p99_ms,
        "KiB": lambda v: v.memory_kib,
        "handshakes/s": lambda v: v.handshakes_per_s,
        "lost": lambda v: v.lost + v.gone,
    }
    shown = Table("server", *columns, title="Medians of each server")
    for name, visits in rounds.items():
        if visits:
            values = [median([of(one) for one in visits]) for of in columns.values()]
            shown.add_row(name, *(f"{value:,.1f}" for value in values))
    return shown


def by_size(found: Sequence[Visit], title: str) -> Table:
    """Return what one phone, answer and cue cost as the audience grows."""
    columns: dict[str, Callable[[Visit], float]] = {
        "phones": lambda v: v.phones,
        "joins/s": lambda v: v.joins_per_s or 0,
        "handshakes/s": lambda v: v.handshakes_per_s,
        "KiB a phone": lambda v: v.memory_kib,
        "idle µs/s": lambda v: v.idle_us,
        "cue µs": lambda v: v.frame_us,
        "fan-out ms": lambda v: v.fan_out_ms,
        "question ms": lambda v: v.open_ms or 0,
        "answer µs": lambda v: v.answer_us,
        "receipt p99 ms": lambda v: v.receipt.p99_ms,
        "beside cues": lambda v: v.beside.p99_ms,
        "own rank ms": lambda v: v.own_rank_ms or 0,
        "lost": lambda v: v.lost + v.gone,
    }
    shown = Table(*columns, title=title)
    for visit in found:
        shown.add_row(*(_figure(of(visit)) for of in columns.values()))
    return shown


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000 or value == int(value) else f"{value:.1f}"
