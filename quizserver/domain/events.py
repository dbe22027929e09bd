"""What has happened in a show, in the past tense; journaled, then told.

The events of one show, in order of `step`, are the show: `show.replay` makes
the state from them and from nothing else. They hold participant ids, never
names or other personal data, so that erasing a person breaks no hash.
"""

from dataclasses import dataclass

from quizserver.domain.board import Board, Leaderboard
from quizserver.domain.ids import ParticipantId, QuestionId, ShowCode
from quizserver.domain.rundown import Rundown
from quizserver.domain.stamps import Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCreated(Event):
    """Step 1: the run-down, frozen, keys and reserves included."""

    code: ShowCode
    epoch: str
    rundown: Rundown


@dataclass(frozen=True, slots=True, kw_only=True)
class LobbyOpened(Event):
    """People may join."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """The text is shown."""

    question: QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRolled(Event):
    """The question opens at `opens_at`."""

    question: QuestionId
    opens_at: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOpened(Event):
    """T0 of the question is `opened_at` (Source: R4)."""

    question: QuestionId
    opened_at: Stamp
    duration_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionExtended(Event):
    """The question now lasts `duration_ms` from its T0."""

    question: QuestionId
    duration_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLocked(Event):
    """No more answers count (Source: R4.7).

    `duration_ms` is what the clock allowed: the full time, or less when a host
    locked early.
    """

    question: QuestionId
    duration_ms: int
    early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRevealed(Event):
    """The key is out; ranks and scores stand in the ledger."""

    question: QuestionId
    board: Board


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsShown(Event):
    """The standings are on the screens."""

    leaderboard: Leaderboard


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPaused(Event):
    """A technical pause."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowResumed(Event):
    """The pause is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionVoided(Event):
    """The question does not count; `leaderboard` is the order without it."""

    question: QuestionId
    reason: str
    leaderboard: Leaderboard | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveTaken(Event):
    """`question` takes the place of the void question `replaces`."""

    question: QuestionId
    replaces: QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHidden(Event):
    """A name is hidden, renamed (`alias`) or shown again."""

    participant: ParticipantId
    hidden: bool
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePosted(Event):
    """A sentence is on the screens."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowEnded(Event):
    """The show is over; winners are provisional (Source: R5.4)."""

    leaderboard: Leaderboard


@dataclass(frozen=True, slots=True, kw_only=True)
class WinnerConfirmed(Event):
    """A winner stands."""

    prize: str
    participant: ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class WinnerSkipped(Event):
    """A winner was passed over, for a reason."""

    prize: str
    participant: ParticipantId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsConfirmed(Event):
    """The organisers confirmed the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPublished(Event):
    """The result is public."""


KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        ShowCreated,
        LobbyOpened,
        QuestionAsked,
        QuestionRolled,
        QuestionOpened,
        QuestionExtended,
        QuestionLocked,
        AnswerRevealed,
        StandingsShown,
        ShowPaused,
        ShowResumed,
        QuestionVoided,
        ReserveTaken,
        NameHidden,
        NoticePosted,
        ShowEnded,
        WinnerConfirmed,
        WinnerSkipped,
        ResultsConfirmed,
        ResultsPublished,
    )
}
"""Every kind of event by the name the journal keeps."""
