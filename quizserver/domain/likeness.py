"""Who answers like one person, among people of one network (Source: R4.11).

Two things look the same from outside: strangers who happen to agree, and one
person with several phones. Thousands of phones share one carrier's network, so
among two million pairs of strangers some agree for a whole show, and a rule such
as "five times the same" would accuse half of an honest audience. So chance itself
is what an agreement is measured against.

Each time two people of one origin tap the same option within a second (`twins`),
or different options within a second (`coverage`: whoever covers the options is
right once each time), it is counted how many of the whole audience did the same.
If one in eight did, chance explains it one time in eight: 3 bits. Bits add up
over the questions, a question answered costs one bit whether they agree or not,
and rare moments count 6 bits at most. By this price two strangers come to s bits
in less than one of 2^s cases, whatever the questions were like (each question is
a fair bet, and Markov's inequality holds for their product). A flag is set where
chance would not explain one such pair among all pairs of the show: log2(pairs)
bits, and `MARGIN` more. Three and four people are tested in the same way against
all threes and fours; such a set counts only the questions in which all of it fits.

The margin is for what the bet does not know: quick people resemble quick people,
and good ones good ones. It is asked for each further person, since that likeness
too grows with each. Simulated, 2,000 phones behind one address, 10 questions,
times log-normal: none flagged when everybody answers for themselves or half of
what makes a time (its variance) is the person, 0.4 % when four fifths are.

Whole numbers throughout: bits in quarters. People are held as bits of integers
and all pairs of one origin are added up at once, digit by digit (`_Sum`), so that
20,000 people behind one address take seconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import comb
from typing import Final, Literal

from quizserver.domain.ids import OptionId, ParticipantId, QuestionId

Kind = Literal["twins", "coverage"]

WITHIN_MS: Final = 1_000
"""Taps of one hand are no further apart."""

LEAST: Final[Mapping[Kind, int]] = {"twins": 5, "coverage": 3}
"""In how many questions, at least."""

MARGIN: Final = 8
"""Bits beyond what all sets of the show together explain, per further person."""

_QUARTERS: Final = 4
_RAREST: Final = 6 * _QUARTERS
_MOST_PEOPLE: Final = 4
_MOST_LEAVES: Final = 12
_CELL_MS: Final = 250
_REACH: Final = WITHIN_MS // _CELL_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """An answer as far as it can be compared; `origin` stands for the network."""

    participant: ParticipantId
    question: QuestionId
    option: OptionId
    time_ms: int
    origin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """People of one origin who answered as one, or shared out the options.

    `hits` of the `of` questions that the first of them answered.
    """

    kind: Kind
    participants: tuple[ParticipantId, ...]
    hits: int
    of: int


def likenesses(taps: Iterable[Tap]) -> list[Likeness]:
    """Return the sets of people that chance does not explain."""
    crowds: defaultdict[QuestionId, _Crowd] = defaultdict(_Crowd)
    groups: defaultdict[str, dict[ParticipantId, _Own]] = defaultdict(dict)
    for tap in taps:
        crowds[tap.question].add(tap)
        if tap.origin is not None:
            own = groups[tap.origin].setdefault(tap.participant, {})
            own[tap.question] = tap
    prices = _prices([len(group) for group in groups.values()])
    return [
        found
        for _, group in sorted(groups.items())
        if len(group) > 1
        for kind in LEAST
        for found in _Group(group, crowds, kind, prices).found()
    ]


_Own = dict[QuestionId, Tap]
"""One person's answers."""


def _prices(sizes: Sequence[int]) -> list[int]:
    """Return how many quarter bits a set of 2, 3 … people has to reach."""
    return [
        _QUARTERS
        * (sum(comb(size, others + 1) for size in sizes).bit_length() + others * MARGIN)
        for others in range(1, _MOST_PEOPLE)
    ]


def _quarter_bits(all_: int, these: int) -> int:
    """Return log2(all / these) in quarters, rounded down."""
    return min((all_**_QUARTERS // these**_QUARTERS).bit_length() - 1, _RAREST)


def _cell(tap: Tap) -> int:
    return tap.time_ms // _CELL_MS


class _Crowd:
    """All answers to one question, counted by option and moment."""

    def __init__(self) -> None:
        self._all = 0
        self._counts: defaultdict[tuple[OptionId | None, int], int] = defaultdict(int)
        self._bits: dict[tuple[Kind, OptionId, int], int] = {}

    def add(self, tap: Tap) -> None:
        """Count an answer."""
        self._all += 1
        self._counts[tap.option, _cell(tap)] += 1
        self._counts[None, _cell(tap)] += 1

    def bits(self, kind: Kind, tap: Tap) -> int:
        """Return how rare it is to fit to `tap`, in quarter bits."""
        place = (kind, tap.option, _cell(tap))
        if place not in self._bits:
            these = self._near(tap.option, _cell(tap))
            if kind == "coverage":
                these = self._near(None, _cell(tap)) - these
            self._bits[place] = _quarter_bits(self._all, max(1, these))
        return self._bits[place]

    def _near(self, option: OptionId | None, cell: int) -> int:
        cells = range(cell - _REACH, cell + _REACH + 1)
        return sum(self._counts.get((option, near), 0) for near in cells)


@dataclass(slots=True)
class _Members:
    """Who of a group answered one question, as bits, by option and moment."""

    at: defaultdict[tuple[OptionId | None, int], int] = field(
        default_factory=lambda: defaultdict(int)
    )
    near: dict[tuple[OptionId | None, int], int] = field(default_factory=dict)

    def add(self, tap: Tap, bit: int) -> None:
        """Put a member in."""
        self.at[tap.option, _cell(tap)] |= bit
        self.at[None, _cell(tap)] |= bit

    def fitting(self, kind: Kind, tap: Tap) -> int:
        """Return who may fit to `tap`; some are up to a cell too far away."""
        same = self._around(tap.option, _cell(tap))
        if kind == "twins":
            return same
        everybody = self._around(None, _cell(tap))
        return everybody ^ same

    def _around(self, option: OptionId | None, cell: int) -> int:
        if (option, cell) not in self.near:
            found = 0
            for near in range(cell - _REACH, cell + _REACH + 1):
                found |= self.at.get((option, near), 0)
            self.near[option, cell] = found
        return self.near[option, cell]


class _Sum:
    """A number for each member of a group, all of them added to at once.

    Digit `n` of member `i` is bit `i` of `_digits[n]`.
    """

    def __init__(self, most: int) -> None:
        self._digits = [0] * most.bit_length()

    def add(self, members: int, value: int) -> None:
        """Add `value` to each of `members`."""
        digits, carry = self._digits, 0
        for at, digit in enumerate(digits):
            more = members if value >> at & 1 else 0
            if not more and not carry:
                continue
            half = digit ^ more
            digits[at] = half ^ carry
            carry = digit & more | carry & half

    def reaching(self, least: int, among: int) -> int:
        """Return those of `among` whose number is `least` or more."""
        above, equal = 0, among
        for at in reversed(range(len(self._digits))):
            digit = self._digits[at]
            if least >> at & 1:
                equal &= digit
            else:
                above |= equal & digit
                equal ^= equal & digit
        return above | equal


class _Group:
    """The people of one origin, and the search for sets of one kind."""

    def __init__(
        self,
        people: Mapping[ParticipantId, _Own],
        crowds: Mapping[QuestionId, _Crowd],
        kind: Kind,
        prices: Sequence[int],
    ) -> None:
        self._names = sorted(people)
        self._taps = [people[name] for name in self._names]
        self._crowds = crowds
        self._kind: Kind = kind
        self._prices = prices

    def found(self) -> Iterator[Likeness]:
        """Yield each set once."""
        seen: set[frozenset[int]] = set()
        for center, own in enumerate(self._taps):
            leaves = self._leaves(center)
            best = self._grown(center, leaves) if leaves else None
            if best is None or frozenset(best.people) in seen:
                continue
            seen.add(frozenset(best.people))
            yield Likeness(
                kind=self._kind,
                participants=tuple(self._names[i] for i in sorted(best.people)),
                hits=len(best.hits),
                of=len(own),
            )

    @cached_property
    def _members(self) -> Mapping[QuestionId, _Members]:
        members: defaultdict[QuestionId, _Members] = defaultdict(_Members)
        for at, own in enumerate(self._taps):
            for tap in own.values():
                members[tap.question].add(tap, 1 << at)
        return members

    def _leaves(self, center: int) -> list[int]:
        """Return who fits to a member so often that a set could come of it.

        A set of m people needs its price from m − 1 of them.
        """
        own = self._taps[center]
        bits = {q: self._crowds[q].bits(self._kind, tap) for q, tap in own.items()}
        stake = _QUARTERS * len(own)
        least = min(-(-(p + stake) // n) for n, p in enumerate(self._prices, 1))
        total = sum(bits.values())
        if len(own) < LEAST[self._kind] or total < least:
            return []
        sums, among = _Sum(total), 0
        for question, tap in own.items():
            fitting = self._members[question].fitting(self._kind, tap)
            sums.add(fitting, bits[question])
            among |= fitting
        return _places(sums.reaching(least, among & ~(1 << center)))

    def _grown(self, center: int, leaves: Sequence[int]) -> "_Set | None":
        """Return the largest set around a member that chance does not explain."""
        own = self._taps[center]
        stake = _QUARTERS * len(own)
        now = _Set([center], {q: 0 for q in own}, {q: {own[q].option} for q in own})
        fits = {leaf: self._fit(own, self._taps[leaf]) for leaf in leaves}
        ranked = sorted(fits, key=lambda leaf: (-sum(fits[leaf].values()), leaf))
        best = None
        for price in self._prices:
            tried = [
                self._joined(now, leaf, fits[leaf])
                for leaf in ranked[:_MOST_LEAVES]
                if leaf not in now.people
            ]
            tried = [one for one in tried if len(one.hits) >= LEAST[self._kind]]
            if not tried:
                break
            now = max(tried, key=lambda one: sum(one.hits.values()))
            if sum(now.hits.values()) - stake >= price:
                best = now
        return best

    def _fit(self, own: _Own, other: _Own) -> dict[QuestionId, int]:
        """Return in which questions two people fit, and the bits of each."""
        return {
            question: self._crowds[question].bits(self._kind, tap)
            for question, tap in own.items()
            if question in other
            and abs(other[question].time_ms - tap.time_ms) <= WITHIN_MS
            and (other[question].option == tap.option) == (self._kind == "twins")
        }

    def _joined(self, now: "_Set", leaf: int, fit: Mapping[QuestionId, int]) -> "_Set":
        """Return the set with one more; it keeps the questions in which all fit."""
        options = {q: self._taps[leaf][q].option for q in fit}
        hits = {
            question: now.hits[question] + bits
            for question, bits in fit.items()
            if question in now.hits
            and (
                self._kind == "twins" or options[question] not in now.options[question]
            )
        }
        return _Set(
            [*now.people, leaf], hits, {q: now.options[q] | {options[q]} for q in hits}
        )


@dataclass(slots=True)
class _Set:
    """People who fit, the questions in which they do, and the options taken."""

    people: list[int]
    hits: dict[QuestionId, int]
    options: dict[QuestionId, set[OptionId]]


def _places(members: int) -> list[int]:
    """Return the places of the bits that are set."""
    places: list[int] = []
    while members:
        lowest = members & -members
        places.append(lowest.bit_length() - 1)
        members ^= lowest
    return places
