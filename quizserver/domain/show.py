"""The show as a value: all that is known of one live run.

It answers what follows from itself and changes nothing. Events make it and change
it (`evolve`), commands are judged by it (`decide`), screens are told of it (`views`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from quizserver.domain.board import EMPTY_LEADERBOARD, Board, Leaderboard, PrizeLine
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.domain.outputs import OutputSettings, Position
from quizserver.domain.phases import Look, Phase, Picture, QuestionState
from quizserver.domain.rundown import Question, Rules
from quizserver.domain.stamps import Stamp
from quizserver.domain.stream import AS_IT_COMES, Stream

OVER: Final = (Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED)

BETWEEN: Final = (Phase.LOBBY, Phase.REVEALED, Phase.STANDINGS, *OVER)
"""When nobody is to answer and nobody waits for the key: people may cheer (R1.11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What has become of one question of the run-down.

    `opens_at` is set while the roll runs, `opened_at` is T0; `duration_ms` is
    the time in force. `void_reason` goes with the state VOID. `seal` is the
    chain's link when no answer could come any more (R6.1); `key_was` the first
    key of a question whose key was corrected; `lost_ms` what of its time the
    server was away; `lead_ms` how far overlays run ahead of it.
    """

    state: QuestionState = QuestionState.WAITING
    opens_at: Stamp | None = None
    opened_at: Stamp | None = None
    duration_ms: int = 0
    board: Board | None = None
    void_reason: str = ""
    seal: str = ""
    lost_ms: int = 0
    key_was: OptionId | None = None
    lead_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMark:
    """What a moderator did to a name."""

    hidden: bool
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A picture that overlays show once more, of a question or the standings."""

    picture: Picture
    question: QuestionId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A host's word on a winner of `prize`; an empty reason confirms."""

    prize: str
    participant: ParticipantId
    confirmed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One live run, whole.

    `order` is the run-down as it is played now: a reserve stands in the place
    of the question it replaces. `behind` is the phase behind a pause.
    `leaderboard` is the last that was made public, `lines` are those for the
    prizes once the show is over. `not_eligible` holds who may win no prize, and
    why, `withdrawn` whose data was erased. `heard_step` is the last step that was no
    quiet one.
    `look` is what overlays do with it, `driver` the host who alone runs it, empty
    when every host may; `stream` how late its picture is.
    While `names_held`, screens name only who has a mark; while `cheering`, people may
    cheer between questions.
    `came_from` is the phase before the question was asked, with its question;
    `again` what overlays show in place of the present, `held` the show as it was
    when they were told to stand still. `outputs` is what was set for single ones,
    `positions` where single questions are drawn.
    """

    code: ShowCode
    epoch: str
    title: str
    lang: str
    rules: Rules
    questions: Mapping[QuestionId, Question]
    order: tuple[QuestionId, ...]
    plays: Mapping[QuestionId, Play]
    step: int = 1
    phase: Phase = Phase.DRAFT
    behind: Phase | None = None
    current: QuestionId | None = None
    leaderboard: Leaderboard = EMPTY_LEADERBOARD
    notice: str = ""
    pause_reason: str = ""
    look: Look = Look.LIVE
    driver: str = ""
    stream: Stream = AS_IT_COMES
    names: Mapping[ParticipantId, NameMark]
    names_held: bool = False
    cheering: bool = False
    decisions: tuple[Decision, ...] = ()
    lines: tuple[PrizeLine, ...] = ()
    not_eligible: Mapping[ParticipantId, str]
    withdrawn: frozenset[ParticipantId] = frozenset()
    salt: str = ""
    heard_step: int = 1
    came_from: tuple[Phase, QuestionId | None] = (Phase.LOBBY, None)
    again: Again | None = None
    held: "Show | None" = None
    outputs: Mapping[str, OutputSettings] = field(
        default_factory=dict[str, OutputSettings]
    )
    positions: Mapping[QuestionId, Position] = field(
        default_factory=dict[QuestionId, Position]
    )

    @property
    def play(self) -> Play:
        """The current question's play; a fresh one before the first."""
        return Play() if self.current is None else self.plays[self.current]

    @property
    def awaits_seal(self) -> bool:
        """Whether the current question is locked and its answers not sealed."""
        return self.play.state is QuestionState.LOCKED and not self.play.seal

    @property
    def over(self) -> bool:
        """Whether the last question has been played: only prizes are left."""
        return self.phase in OVER

    @property
    def stage_phase(self) -> Phase:
        """The phase, looking behind a pause."""
        return self.phase if self.behind is None else self.behind

    @property
    def hears_cheers(self) -> bool:
        """Whether people may cheer now, also in a pause (Source: R1.11)."""
        return self.cheering and self.stage_phase in BETWEEN

    @property
    def waiting(self) -> tuple[QuestionId, ...]:
        """The questions of the order that have not been played."""
        return tuple(
            q for q in self.order if self.plays[q].state is QuestionState.WAITING
        )

    @property
    def next_question(self) -> QuestionId | None:
        """The first of those."""
        return next(iter(self.waiting), None)

    def number(self, question: QuestionId) -> int | None:
        """Return the question's number on air, from 1; None outside the order."""
        return self.order.index(question) + 1 if question in self.order else None

    def duration_ms(self, question: QuestionId) -> int:
        """Return how long the question is planned to stay open."""
        return self.questions[question].duration_ms or self.rules.duration_ms
