"""What has happened in a show, in the past tense; journaled, then told.

The events of one show, in order of `step`, are the show: `show.replay` makes
the state from them and from nothing else. They hold participant ids, never
names or other personal data, so that erasing a person breaks no hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from quizserver.domain.board import Board, Leaderboard, PrizeLine
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.domain.outputs import OutputSettings, Position
from quizserver.domain.phases import Look, Phase, Picture
from quizserver.domain.rundown import Rundown
from quizserver.domain.stamps import Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCreated(Event):
    """Step 1: the run-down, frozen, keys and reserves included.

    `salt` (hex) is what the published hash of the pack is salted with; it is
    as secret as the keys (Source: R6.2).
    """

    code: ShowCode
    epoch: str
    rundown: Rundown
    salt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LobbyOpened(Event):
    """People may join."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """The text is shown."""

    question: QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRolled(Event):
    """The question opens at `opens_at`; overlays show it `lead_ms` before."""

    question: QuestionId
    opens_at: Stamp
    lead_ms: int = 0


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
class QuestionInterrupted(Event):
    """The server was away for `lost_ms` of the question's time (Source: R1.6).

    The deadline stands; a host decides whether that spoilt the question.
    """

    question: QuestionId
    lost_ms: int


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
class QuestionSealed(Event):
    """No answer to the question can count any more (Source: R6.1).

    `link` and `sha256` name the link of the hash chain that holds everything
    up to here: what is shown of it on air cannot be made to fit later.
    """

    question: QuestionId
    link: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRevealed(Event):
    """The key is out; ranks and scores stand in the ledger.

    The key stands here too: from now on the hash chain holds it (R6.1).
    """

    question: QuestionId
    board: Board
    key: OptionId


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
    """The question does not count.

    `leaderboard` is the order without it, if it had counted, and `lines` the
    lines for the prizes, if the show is over.
    """

    question: QuestionId
    reason: str
    leaderboard: Leaderboard | None
    lines: tuple[PrizeLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCorrected(Event):
    """`key` was the right option all along; ranks are made anew (Source: R1.6)."""

    question: QuestionId
    key: OptionId
    reason: str
    board: Board
    leaderboard: Leaderboard
    lines: tuple[PrizeLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveTaken(Event):
    """`question` takes the place of the void question `replaces`."""

    question: QuestionId
    replaces: QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsReordered(Event):
    """The questions that were not asked yet are played in this order."""

    order: tuple[QuestionId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPlaced(Event):
    """Where overlays draw the question; None: as each output says."""

    question: QuestionId
    position: Position | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeRulesSet(Event):
    """From now on the show has these rules of prizes (Source: R5.8)."""

    prize_min_right: int
    max_prizes_per_person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReversed(Event):
    """The show is in `phase` with the question `current` again.

    `unasked` is the question that waits again, if it was one that was taken back.
    """

    phase: Phase
    current: QuestionId | None
    unasked: QuestionId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureShown(Event):
    """What overlays show until the show goes on, or `live` again."""

    picture: Picture
    question: QuestionId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHidden(Event):
    """A name is hidden, renamed (`alias`) or shown again."""

    participant: ParticipantId
    hidden: bool
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilitySet(Event):
    """Somebody may win no prize, or may again; the ranks stay (Source: R2.5)."""

    participant: ParticipantId
    eligible: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePosted(Event):
    """A sentence is on the screens."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHoldSet(Event):
    """From now on names wait to be passed, or do no longer (Source: R2.5)."""

    hold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheeringSet(Event):
    """From now on people may cheer between questions, or no longer (Source: R1.11)."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSet(Event):
    """What the overlays do with the show from now on.

    `take`: those that are held get the present picture (TAKE).
    """

    look: Look
    take: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSet(Event):
    """How one output draws the show from now on."""

    output: str
    settings: OutputSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSet(Event):
    """Who alone runs the show; the empty name: every host."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSet(Event):
    """How late the picture is by page, and whether phones wait for it."""

    aligned: bool
    delays: Mapping[str, int]
    sync_at: Stamp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowEnded(Event):
    """The show is over; winners are provisional (Source: R5.4)."""

    leaderboard: Leaderboard
    lines: tuple[PrizeLine, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleChanged(Event):
    """Some corrected what is kept of them, or withdrew a consent: who, never what.

    A name in `renamed` is a new one, which has to be passed again where names wait.
    """

    participants: tuple[ParticipantId, ...]
    renamed: tuple[ParticipantId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleErased(Event):
    """Nothing is kept any more of who these were; answers and ranks stay (R2.6).

    `reason` is that of whoever did it for them, empty when they did it themselves.
    """

    participants: tuple[ParticipantId, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleExpired(Event):
    """The time is over for which names were to be kept: of so many people (R2.7)."""

    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleExported(Event):
    """Somebody took the names of so many people out of the server (R6.3)."""

    form: str
    people: int


KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        ShowCreated,
        LobbyOpened,
        QuestionAsked,
        QuestionRolled,
        QuestionOpened,
        QuestionExtended,
        QuestionInterrupted,
        QuestionLocked,
        QuestionSealed,
        AnswerRevealed,
        StandingsShown,
        ShowPaused,
        ShowResumed,
        QuestionVoided,
        KeyCorrected,
        ReserveTaken,
        QuestionsReordered,
        QuestionPlaced,
        PrizeRulesSet,
        StepReversed,
        PictureShown,
        NameHidden,
        EligibilitySet,
        NoticePosted,
        NameHoldSet,
        CheeringSet,
        LookSet,
        OutputSet,
        DriverSet,
        StreamSet,
        ShowEnded,
        WinnerConfirmed,
        WinnerSkipped,
        ResultsConfirmed,
        ResultsPublished,
        PeopleChanged,
        PeopleErased,
        PeopleExpired,
        PeopleExported,
    )
}
"""Every kind of event by the name the journal keeps."""

QUIET: Final = (
    QuestionSealed,
    CheeringSet,
    PeopleChanged,
    PeopleErased,
    PeopleExpired,
    PeopleExported,
)
"""Steps that nobody in the audience waits for and that change nothing a host decides
on: who clicks while one comes has seen enough of the show (Source: R1.4)."""
