"""Who plays in the lab, over which network, and what their fingers will do.

Everything is drawn before the show, from one seed, and handed to the two C
programs as files: `networks.txt` for the path, `phones.txt` and `plan.bin` for the
phones. Times are milliseconds here and in the comments, nanoseconds in the plan.

Network mix and reaction times are assumptions, the same as in the design of rule
`fair-1`; docs/explanation/fairness.md names them.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from random import Random
from statistics import NormalDist
from typing import Final

NS_PER_MS: Final = 1_000_000
US_PER_MS: Final = 1_000

OPTIONS: Final = "ABCD"
KEY: Final = "A"
PLANNED: Final = struct.Struct("<4q2i")
"""As `struct planned` of phones.c."""


class Kind(IntEnum):
    """What a phone does; as `enum kind` of phones.c, where each is explained."""

    HONEST = 0
    EDITED = 1
    HOLDER = 2
    SILENT = 3
    BOXED = 4
    MOVER = 5
    SECOND = 6
    EARLY = 7
    BLIND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A kind of network; times in ms, `spikes`, `loss` and `hiccups` are shares.

    The round trip is log-normal around `median`, `down` of it on the way down.
    `wait_*` is the radio's uniform wait, `wake` what it takes after `idle`.
    """

    name: str
    share: float
    median: float
    sigma: float
    least: float
    most: float
    down: float
    down_sigma: float
    jitter: float
    spikes: float
    spike: float
    loss: float
    wait_down: float = 0
    wait_up: float = 0
    idle: float = 0
    wake: tuple[float, float] = (0, 0)
    hiccups: float = 0


NETWORKS: Final = (
    Network(
        name="Wi-Fi",
        share=0.45,
        median=28,
        sigma=0.55,
        least=8,
        most=200,
        down=0.50,
        down_sigma=0.08,
        jitter=3,
        spikes=0.03,
        spike=70,
        loss=0.006,
    ),
    Network(
        name="4G",
        share=0.40,
        median=62,
        sigma=0.40,
        least=28,
        most=350,
        down=0.42,
        down_sigma=0.10,
        jitter=9,
        spikes=0.04,
        spike=80,
        loss=0.008,
        wait_down=40,
        wait_up=15,
        idle=9_000,
        wake=(80, 200),
    ),
    Network(
        name="3G",
        share=0.10,
        median=190,
        sigma=0.45,
        least=90,
        most=600,
        down=0.42,
        down_sigma=0.12,
        jitter=28,
        spikes=0.07,
        spike=200,
        loss=0.015,
        wait_down=20,
        wait_up=25,
        idle=4_500,
        wake=(200, 600),
        hiccups=0.03,
    ),
    Network(
        name="far",
        share=0.05,
        median=230,
        sigma=0.25,
        least=150,
        most=450,
        down=0.50,
        down_sigma=0.06,
        jitter=5,
        spikes=0.02,
        spike=60,
        loss=0.008,
    ),
)

SLOW: Final = frozenset({2, 3})
"""The slow networks: 3G and far."""

BOX_MS: Final = 470
"""How long a network box holds back: with its path, just below the cap of 500."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One phone and its owner; `trait` is what its kind needs to know of itself.

    `skill` is how quick they are, in standard deviations; `render_ms` how long
    painting takes on average, `frame_ms` and `offset_ms` make its clock inexact.
    """

    number: int
    kind: Kind
    network: int
    rtt_ms: float
    down: float
    skill: float
    render_ms: float
    frame_ms: float
    offset_ms: float
    trait: int

    @property
    def address(self) -> str:
        """Where it sends from: a /24 of its own, as in path.c."""
        return f"10.{self.number >> 8}.{self.number & 255}.1"


def invent(counts: dict[Kind, int], seed: int) -> list[Phone]:
    """Return so many phones of each kind, mixed, the same for the same seed.

    Every kind has its exact share of every network, and of its quick and slow paths:
    drawn one by one, the slowest phones of a run could be twice as many as they
    should be, and the run would be about another audience.
    """
    chance = Random(seed)
    whom = [(kind, *path) for kind, count in counts.items() for path in _paths(count)]
    chance.shuffle(whom)
    return [
        _invented(number, kind, network, rtt_ms, chance)
        for number, (kind, network, rtt_ms) in enumerate(whom)
    ]


def _paths(count: int) -> Iterator[tuple[int, float]]:
    """Yield network and round trip in ms of so many phones."""
    begun = share = 0.0
    for number, net in enumerate(NETWORKS):
        share += net.share
        phones = round(count * share) - round(begun)
        begun = count * share
        for at in range(phones):
            away = NormalDist().inv_cdf((at + 0.5) / phones)
            rtt_ms = net.median * math.exp(net.sigma * away)
            yield number, min(max(rtt_ms, net.least), net.most)


def _invented(
    number: int, kind: Kind, network: int, rtt_ms: float, chance: Random
) -> Phone:
    net = NETWORKS[network]
    frame = 25.0 if chance.random() < 0.15 else 16.7
    coarse = int(chance.random() < 0.005)
    return Phone(
        number=number,
        kind=kind,
        network=network,
        rtt_ms=rtt_ms,
        down=min(max(chance.gauss(net.down, net.down_sigma), 0.15), 0.85),
        skill=chance.gauss(0, 1),
        render_ms=min(max(22 * math.exp(0.6 * chance.gauss(0, 1)), 5), 90),
        frame_ms=frame,
        offset_ms=frame * (1 + chance.random()) + 8 + 8 * chance.random(),
        trait=BOX_MS if kind is Kind.BOXED else coarse,
    )


def write_networks(phones: list[Phone], path: Path) -> None:
    """Write what path.c reads: the kinds of network, then each phone's way."""
    path.write_text("".join(f"{line}\n" for line in _network_lines(phones)))


def _network_lines(phones: list[Phone]) -> Iterator[str]:
    for net in NETWORKS:
        times = (net.wait_down, net.wait_up, net.idle, *net.wake)
        waits = " ".join(f"{ms * US_PER_MS:.0f}" for ms in times)
        yield (
            f"class {net.jitter * US_PER_MS:.0f} {net.spikes}"
            f" {net.spike * US_PER_MS:.0f} {net.loss} {waits} {net.hiccups}"
        )
    for one in phones:
        down = one.rtt_ms * one.down * US_PER_MS
        up = one.rtt_ms * (1 - one.down) * US_PER_MS
        box = BOX_MS * US_PER_MS if one.kind is Kind.BOXED else 0
        yield f"phone {one.number} {one.network} {down:.0f} {up:.0f} {box}"


def write_phones(phones: list[Phone], tokens: list[str], path: Path) -> None:
    """Write what phones.c reads of each phone; readable by nobody else."""
    path.touch(mode=0o600)
    path.write_text(
        "".join(
            f"{one.kind.value} {one.trait} {one.address} {token}\n"
            for one, token in zip(phones, tokens, strict=True)
        )
    )


def write_plan(phones: list[Phone], questions: int, seed: int, path: Path) -> None:
    """Write what every finger, screen and page will do at every question."""
    chance = Random(seed)
    with path.open("wb") as file:
        for _ in range(questions):
            hardness = chance.gauss(0, 1)
            for one in phones:
                file.write(PLANNED.pack(*_planned(one, hardness, chance)))


def _planned(one: Phone, hardness: float, chance: Random) -> tuple[int, ...]:
    """Return reaction, painting, script, error of the phone's clock, the option."""
    render = one.render_ms * math.exp(0.35 * chance.gauss(0, 1))
    script = min(max(4 * math.exp(0.6 * chance.gauss(0, 1)), 1), 40)
    slip = one.frame_ms if chance.random() < 0.05 else 0
    error = one.offset_ms + 8.3 * chance.random() + 1.5 * chance.gauss(0, 1) + slip
    reaction = _reaction(one, hardness, chance)
    times = (reaction, min(max(render, 4), 120), script, error)
    return (*(int(ms * NS_PER_MS) for ms in times), ord(_option(one, chance)), 0)


def _reaction(one: Phone, hardness: float, chance: Random) -> float:
    """Return painted to tap, ms: median 3.0 s, a third of it person and question."""
    if one.kind is Kind.BLIND:
        return chance.uniform(310, 700)
    parts = (0.2, one.skill), (0.1, hardness), (0.7, chance.gauss(0, 1))
    mood = sum(math.sqrt(weight) * drawn for weight, drawn in parts)
    return 450 + 2_550 * math.exp(0.5 * mood)


def _option(one: Phone, chance: Random) -> str:
    if one.kind is not Kind.BLIND and chance.random() < 0.5:
        return KEY
    wrong = OPTIONS if one.kind is Kind.BLIND else OPTIONS.replace(KEY, "")
    return chance.choice(wrong)
