"""What hosts and timers ask of a show, in the imperative.

A command carries everything `decide` needs: the moment, the board that the
ledger computed. `decide` itself looks nothing up (Source: R1.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from quizserver.domain.board import Board, Leaderboard, PrizeLine
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.domain.outputs import OutputSettings, Position
from quizserver.domain.phases import Look, Picture
from quizserver.domain.stamps import Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all. `step` is the last step the sender saw; None for timers."""

    step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLobby(Command):
    """Let people in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion(Command):
    """Show the next question's text without its options (Source: R1.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion(Command):
    """Show the options and start the clock, after the roll (Source: R4.10)."""

    at: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginQuestion(Command):
    """The roll is over: the question opens at `at` (a timer's command)."""

    question: QuestionId
    at: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class LockQuestion(Command):
    """Close the question early, at `at` (Source: R1.5)."""

    at: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseQuestion(Command):
    """The deadline of `question` has come (a timer's command; Source: R1.5)."""

    question: QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInterruption(Command):
    """The server is back: it was away for `lost_ms` of the question's time."""

    question: QuestionId
    lost_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealQuestion(Command):
    """No answer to `question` can come any more (a timer's command; R6.1).

    `link` and `sha256` are the head of the hash chain.
    """

    question: QuestionId
    link: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendQuestion(Command):
    """Give the open question `ms` more, before its deadline (Source: R1.6)."""

    ms: int
    at: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealAnswer(Command):
    """Show the key; `board` is the ledger's ranking of the question."""

    board: Board


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStandings(Command):
    """Show the standings after the reveal."""

    leaderboard: Leaderboard


@dataclass(frozen=True, slots=True, kw_only=True)
class EndShow(Command):
    """End the show; `leaderboard` is the final order, `lines` those for prizes."""

    leaderboard: Leaderboard
    lines: tuple[PrizeLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseShow(Command):
    """Draw the curtain: a technical pause with a sentence for the screens."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeShow(Command):
    """Open the curtain again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidQuestion(Command):
    """The question shall not count, also after the show (Source: R1.6).

    What ranks it leads to is computed with its event.
    """

    question: QuestionId | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectKey(Command):
    """`key` shall be the right option of a revealed question (Source: R1.6)."""

    question: QuestionId | None
    key: OptionId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReserve(Command):
    """Put a reserve question in the place of a void one (Source: R1.6)."""

    question: QuestionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderQuestions(Command):
    """Play the questions that were not asked yet in this order (Source: R1.7)."""

    order: tuple[QuestionId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQuestion(Command):
    """Draw a question that is not open yet at `position`; None: as each output says."""

    question: QuestionId | None
    position: Position | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrizeRules(Command):
    """Choose who may win prizes, before the lobby opens; None stays (R5.8)."""

    prize_min_right: int | None
    max_prizes_per_person: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseStep(Command):
    """Take back an asked question, or the standings (Source: R1.8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPicture(Command):
    """Give overlays a picture once more; phones stay where they are (R1.9).

    Without a `question` it is the current one's.
    """

    picture: Picture
    question: QuestionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HideName(Command):
    """Hide or rename a participant on every screen (Source: R2.5)."""

    participant: ParticipantId
    hidden: bool = True
    alias: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEligible(Command):
    """Let a participant win no prize, or let them again (Source: R2.5)."""

    participant: ParticipantId
    eligible: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNotice(Command):
    """Put a sentence on every screen; the empty one takes it away."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldNames(Command):
    """Let screens show a name only once a host has passed it (Source: R2.5)."""

    hold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCheering(Command):
    """Let people cheer between questions, or no longer (Source: R1.11)."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLook(Command):
    """Clear the overlays, hold their picture, or let them follow the show."""

    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLook(Command):
    """Give the held overlays the show's present picture; they stay held (TAKE)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOutput(Command):
    """Set how one output draws the show, whole: what was set before goes."""

    output: str
    settings: OutputSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDriver(Command):
    """Let one host alone run the show; the empty name lets every host."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStream(Command):
    """Say how late the picture is, and what to make of it; None leaves as it is.

    `sync` begins or ends the count that viewers are asked about, at `at`.
    """

    at: Stamp
    aligned: bool | None = None
    delays: Mapping[str, int] | None = None
    sync: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmWinner(Command):
    """Confirm a provisional winner of `prize` (Source: R5.4)."""

    prize: str
    participant: ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipWinner(Command):
    """Pass a winner over, with a reason; the next right answer moves up."""

    prize: str
    participant: ParticipantId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmResults(Command):
    """The organisers stand behind the result (Source: R1.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResults(Command):
    """The confirmed result is public (Source: R1.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePeople(Command):
    """Note who corrected what is kept of them, or withdrew a consent (R2.6)."""

    participants: tuple[ParticipantId, ...]
    renamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePeople(Command):
    """Note whose data is kept no more (Source: R2.6)."""

    participants: tuple[ParticipantId, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpirePeople(Command):
    """Note that nobody's data is kept any more: its time is over (Source: R2.7)."""

    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteExport(Command):
    """Note that the names of so many people leave the server (Source: R6.3)."""

    form: str
    people: int
