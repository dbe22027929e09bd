"""What a reveal and a standings page show: ranks as data.

A board holds participant ids, never names: names are looked up when a screen
is drawn, so that hiding one takes effect everywhere (Source: R2.5).
"""

from dataclasses import dataclass

from quizserver.domain.ids import OptionId, ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A right answer's place in its question (Source: R5.1).

    `time_ms` is whole milliseconds; the rank compares hundredths of a second.
    """

    participant: ParticipantId
    rank: int
    tied: bool
    time_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """How everybody did in one question.

    `counts` holds accepted answers by option; `fastest` the first placings.
    """

    counts: tuple[tuple[OptionId, int], ...]
    fastest: tuple[Placing, ...]

    @property
    def answered(self) -> int:
        """Number of accepted answers."""
        return sum(n for _, n in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A participant's place in the show (Source: R5.2)."""

    participant: ParticipantId
    rank: int
    tied: bool
    right: int
    total_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """The top of the standings and the number of participants."""

    top: tuple[Standing, ...]
    participants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody in the line for a prize (Source: R5.4).

    `time_ms` is T of a question's prize and the total of the show's; `right`
    counts the right answers in the whole show.
    """

    participant: ParticipantId
    rank: int
    tied: bool
    time_ms: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeLine:
    """Who may win `prize`, in order: the first of the ledger's ranking.

    `prize` is a question's id or "show". Deep enough for every skip that a
    host could ever need, so that no line has to be read again.
    """

    prize: str
    candidates: tuple[Candidate, ...]


EMPTY_LEADERBOARD = Leaderboard(top=(), participants=0)
