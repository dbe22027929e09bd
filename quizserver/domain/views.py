"""What each audience may see: the only redaction there is.

A screen is drawn from these values and from nothing else, and each field is
here because somebody listed it: a new field of a question is invisible until
it gets a line below. Phones and overlays see the same; a host sees the key
(Source: R3.6: nothing that leaves before the reveal depends on the key).
"""

from dataclasses import dataclass, replace

from quizserver.domain.board import Leaderboard, Placing
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.outputs import Position
from quizserver.domain.phases import Phase, Picture, QuestionState
from quizserver.domain.rundown import Option, Question
from quizserver.domain.show import Show
from quizserver.domain.stamps import Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """The current question as phones and overlays may see it now.

    `text` is None until it is asked, `options` empty until it is open,
    `void_reason` empty unless it is void, `seal` until it is sealed. `position` is
    where overlays draw it, None: as each of them would.
    """

    id: QuestionId
    number: int
    total: int
    state: QuestionState
    text: str | None
    options: tuple[Option, ...]
    image: str | None
    duration_ms: int
    opens_at: Stamp | None
    opened_at: Stamp | None
    void_reason: str
    seal: str
    position: Position | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealView:
    """The revealed question as everybody may see it."""

    question: QuestionId
    correct: OptionId
    counts: dict[OptionId, int]
    fastest: tuple[Placing, ...]
    explanation: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostQuestionView:
    """The current question as a host may see it, the key included."""

    public: QuestionView
    question: Question
    void_reason: str


def public_question(show: Show) -> QuestionView | None:
    """Return the current question without its key; None between questions."""
    if show.current is None or show.stage_phase is Phase.LOBBY:
        return None
    question = show.questions[show.current]
    play = show.play
    waiting = play.state is QuestionState.WAITING
    shown = play.opened_at is not None
    return QuestionView(
        id=question.id,
        number=show.number(question.id) or 0,
        total=len(show.order),
        state=play.state,
        text=None if waiting else question.text,
        options=question.options if shown else (),
        image=None if waiting else question.image,
        duration_ms=play.duration_ms or show.duration_ms(question.id),
        opens_at=play.opens_at,
        opened_at=play.opened_at,
        void_reason=play.void_reason,
        seal=play.seal,
        position=show.positions.get(question.id),
    )


def public_reveal(show: Show) -> RevealView | None:
    """Return the key and the board, once the current question is revealed."""
    play = show.play
    if show.current is None or play.board is None:
        return None
    if play.state is not QuestionState.REVEALED:
        return None
    question = show.questions[show.current]
    counts = dict.fromkeys((o.id for o in question.options), 0)
    counts.update(play.board.counts)
    return RevealView(
        question=question.id,
        correct=question.key,
        counts=counts,
        fastest=play.board.fastest,
        explanation=question.explanation,
        source=question.source,
    )


def public_leaderboard(show: Show) -> Leaderboard | None:
    """Return the standings while they are on the screens (Source: R5.6)."""
    shown = (Phase.STANDINGS, Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED)
    return show.leaderboard if show.stage_phase in shown else None


def on_overlays(show: Show) -> Show:
    """Return the show as overlays draw it: as it is, or a picture of before (R1.9).

    A question that is shown again without its answer is one that is locked.
    """
    again = show.again
    if again is None:
        return show
    if again.question is None:
        return replace(show, phase=Phase.STANDINGS)
    if again.picture is Picture.REVEAL:
        return replace(show, phase=Phase.REVEALED, current=again.question)
    locked = replace(show.plays[again.question], state=QuestionState.LOCKED)
    return replace(
        show,
        phase=Phase.LOCKED,
        current=again.question,
        plays={**show.plays, again.question: locked},
    )


def host_question(show: Show) -> HostQuestionView | None:
    """Return the question a host looks at: the current or the coming one."""
    view = public_question(show)
    if view is None or show.current is None:
        return None
    return HostQuestionView(
        public=view,
        question=show.questions[show.current],
        void_reason=show.play.void_reason,
    )
