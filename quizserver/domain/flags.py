"""What somebody should look at before a prize is handed over (Source: R4.11).

A flag is a remark, never a judgement: it takes no rank away and passes nobody
over (one rule of its own does, `prizes.IMPOSSIBLE_MS`). Each is a fact that an
honest phone hardly ever shows, with a threshold that says how hardly; the table
in docs/reference/rules.md names the rates. Numbers only, all of them in the export.

Of one answer, known when it comes (`answer_flags`):

- `impossible`, `fast`: T below 300 ms, below 700 ms. Choosing among four takes
  about 380 ms when nothing has to be read.
- `pong_held`: the pong took 60 ms longer than the kernel's acknowledgement of the
  same segment, which no page and no ordinary client can delay. Someone pretends to
  be far away. Without retransmission 99 % of honest ones differ by less than 25 ms.
- `no_pong`: the answer overtook the pong of the question. On one connection a
  phone that answers pings as it must cannot do that.
- `rtt_dip`: the kernel has seen a round trip 100 ms lower than anything the pongs
  ever showed. Whoever delays everything through a box of their own betrays
  themselves when one packet slips by. A radio that sleeps before each ping looks
  alike, but for the first question of a connection only.
- `claim_over`: c is 100 ms larger than E, which cannot be; the phone's clock or page
  is odd. It gains nothing by that.
- `resent`, `absent`: another socket than the first (or a reload), or none at T0.
- `hidden_page`: the phone said that nobody could see its page.

Later, when the same person taps another option (`Flag.CHANGED`, the intake's).

Of a person's whole show (`show_findings`):

- `below_window`: c below E − A again and again. One answer in twenty is held up on
  its way where nobody can prove it; six in ten are not, except on bad networks.
- `overhead`: the median of E − c − P* is above 75 ms. That rest is painting and
  the way of the tap; honest phones stay below that in 999 shows of 1,000.
- `metronome`: T always the same, with a standard deviation below 80 ms.

Of the audience: `twins` and `coverage`, for which see `domain.likeness`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isqrt
from statistics import median_low
from typing import Final

from quizserver.domain.ids import ParticipantId
from quizserver.domain.likeness import Likeness, Tap, likenesses
from quizserver.domain.timing import (
    CREDIT_MOST_US,
    US_PER_MS,
    Measured,
    Taken,
    Trip,
)

IMPOSSIBLE_US: Final = 300_000
FAST_US: Final = 700_000
PONG_HELD_US: Final = 60_000
RTT_DIP_US: Final = 100_000
DIP_SAMPLES: Final = 3
"""Pongs a connection must have shown before its lowest says anything."""

SLACK_US: Final = 5_000
"""What rounding and a phone's coarse clock may do to c."""

CLAIM_OVER_US: Final = 100_000
"""A browser stamps frames ahead and taps behind by less than this together."""

BELOW_LEAST: Final = 4
BELOW_ENOUGH: Final = 6
OVERHEAD_US: Final = 75_000
METRONOME_MS: Final = 80
SERIES: Final = 5
"""Answers from which a median or a deviation is taken."""


class Flag(StrEnum):
    """The codes of all flags, as they are stored and exported."""

    IMPOSSIBLE = "impossible"
    FAST = "fast"
    PONG_HELD = "pong_held"
    NO_PONG = "no_pong"
    RTT_DIP = "rtt_dip"
    CLAIM_OVER = "claim_over"
    RESENT = "resent"
    ABSENT = "absent"
    HIDDEN_PAGE = "hidden_page"
    CHANGED = "changed"
    BELOW_WINDOW = "below_window"
    OVERHEAD = "overhead"
    METRONOME = "metronome"
    TWINS = "twins"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Tap):
    """An answer that counts, as a review of the whole show sees it.

    `claimed_us` is c where it is believed (R4.3), else None; the other spans are
    E, A and M, zero under `received`.
    """

    e_us: int = 0
    a_us: int = 0
    m_us: int = 0
    claimed_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A flag of a whole show with the numbers behind it.

    In `hits` of `of` questions; `ms` is the deviation or the median; `people`
    counts those of one origin, this one included.
    """

    flag: Flag
    hits: int = 0
    of: int = 0
    ms: int = 0
    people: int = 1


def answer_flags(rule: str, measured: Measured, taken: Taken) -> tuple[Flag, ...]:
    """Return what is remarkable about one answer when it comes."""
    flags: list[Flag] = []
    if taken.t_us < IMPOSSIBLE_US:
        flags.append(Flag.IMPOSSIBLE)
    elif taken.t_us < FAST_US:
        flags.append(Flag.FAST)
    if rule != "received":
        if measured.trip.tier != "http":
            _look_at_trip(measured.trip, flags)
        _look_at_phone(measured, taken, flags)
    return tuple(flags)


def _look_at_trip(trip: Trip, flags: list[Flag]) -> None:
    """Add what the socket noticed."""
    if trip.pong_us is None:
        if trip.sent_rule in {"live", "capped"}:
            flags.append(Flag.NO_PONG)
    elif _held_us(trip, trip.pong_us) > PONG_HELD_US:
        flags.append(Flag.PONG_HELD)
    ring_us, least_us = trip.ring_us, trip.rtt_min_us
    if least_us is None or len(ring_us) < DIP_SAMPLES:
        return
    if min(ring_us) - least_us > RTT_DIP_US:
        flags.append(Flag.RTT_DIP)


def _held_us(trip: Trip, pong_us: int) -> int:
    """Return P − K, 0 where the kernel has no sample of this round trip (R4.4)."""
    before_us, after_us = trip.rtt_before_us, trip.rtt_after_us
    if before_us is None or after_us is None or trip.retrans > 0:
        return 0
    return pong_us - (8 * after_us - 7 * before_us)


def _look_at_phone(measured: Measured, taken: Taken, flags: list[Flag]) -> None:
    """Add what the phone said of itself, and how the question reached it."""
    claimed_ms, sent_rule = measured.claimed_ms, measured.trip.sent_rule
    if claimed_ms is not None and claimed_ms * US_PER_MS > taken.e_us + CLAIM_OVER_US:
        flags.append(Flag.CLAIM_OVER)
    if sent_rule == "resent":
        flags.append(Flag.RESENT)
    elif sent_rule == "absent":
        flags.append(Flag.ABSENT)
    if not measured.visible:
        flags.append(Flag.HIDDEN_PAGE)


def show_findings(answers: Sequence[Given]) -> tuple[Finding, ...]:
    """Return what is remarkable about one person's answers of a show."""
    found = [_below_window(answers) or _overhead(answers), _metronome(answers)]
    return tuple(one for one in found if one is not None)


def findings(answers: Iterable[Given]) -> dict[ParticipantId, tuple[Finding, ...]]:
    """Return what is remarkable about everybody's show, also side by side.

    Who is not in the result gave no reason to look. Several sets
    of `twins` or `coverage` with the same person are one finding.
    """
    by_person: defaultdict[ParticipantId, list[Given]] = defaultdict(list)
    for one in answers:
        by_person[one.participant].append(one)
    found = {who: list(show_findings(own)) for who, own in by_person.items()}
    alike = likenesses(one for own in by_person.values() for one in own)
    for finding, people in _clusters(alike):
        for who in people:
            found[who].append(finding)
    return {who: tuple(rows) for who, rows in found.items() if rows}


def _clusters(
    alike: Iterable[Likeness],
) -> Iterator[tuple[Finding, set[ParticipantId]]]:
    """Yield who belongs together: sets of one kind that share somebody."""
    clusters: list[tuple[Likeness, set[ParticipantId]]] = []
    for likeness in alike:
        best, people = likeness, set(likeness.participants)
        apart: list[tuple[Likeness, set[ParticipantId]]] = []
        for other, others in clusters:
            if other.kind == best.kind and not people.isdisjoint(others):
                people |= others
                best = max(best, other, key=lambda one: one.hits)
            else:
                apart.append((other, others))
        clusters = [*apart, (best, people)]
    for best, people in clusters:
        flag = Flag(best.kind)
        yield Finding(flag=flag, hits=best.hits, of=best.of, people=len(people)), people


def _below_window(answers: Sequence[Given]) -> Finding | None:
    """Say that c lay below E − A in six of ten, or in all of a short show."""
    claims = [(one, one.claimed_us) for one in answers]
    below = [c < one.e_us - one.a_us - SLACK_US for one, c in claims if c is not None]
    hits, of = sum(below), len(below)
    if of < BELOW_LEAST or hits < max(min(of, BELOW_ENOUGH), -(-6 * of // 10)):
        return None
    return Finding(flag=Flag.BELOW_WINDOW, hits=hits, of=of)


def _overhead(answers: Sequence[Given]) -> Finding | None:
    """Say that more than the network and a screen lies between c and E.

    P* is A − M, unless A was cut off at half a second.
    """
    rests = [
        one.e_us - one.claimed_us - (one.a_us - one.m_us)
        for one in answers
        if one.claimed_us is not None and one.a_us < CREDIT_MOST_US
    ]
    if len(rests) < SERIES or median_low(rests) <= OVERHEAD_US:
        return None
    ms = median_low(rests) // US_PER_MS
    return Finding(flag=Flag.OVERHEAD, hits=len(rests), of=len(rests), ms=ms)


def _metronome(answers: Sequence[Given]) -> Finding | None:
    """Say that T hardly varied; n²·SD² stays a whole number."""
    times = [one.time_ms for one in answers]
    n = len(times)
    square = n * sum(t * t for t in times) - sum(times) ** 2
    if n < SERIES or square >= (METRONOME_MS * n) ** 2:
        return None
    return Finding(flag=Flag.METRONOME, hits=n, of=n, ms=isqrt(square) // n)
