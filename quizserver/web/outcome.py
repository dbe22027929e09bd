"""The result of a show as everybody may see it.

Made from the show's own state, which holds the boards that were made public,
so a page costs no query however many people look. Names go through the one
redaction that screens use (`live.roster`): consent and moderation hold here
too. Units, ids and flags stay inside (Source: R2.1).
"""

from dataclasses import dataclass
from typing import Final

from quizserver.domain.ids import QuestionId
from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.prizes import SHOW_PRIZE, Award, AwardStatus, awards
from quizserver.domain.show import Play, Show
from quizserver.live.commitment import (
    as_created,
    published_hash,
    question_commitment,
    question_salt,
    seal_code,
)
from quizserver.texts.formats import day_of
from quizserver.web.seams import LiveShow

_OVER: Final = frozenset({Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED})
_FINAL: Final = frozenset({Phase.CONFIRMED, Phase.PUBLISHED})
_OUT: Final = frozenset({AwardStatus.SKIPPED, AwardStatus.PASSED})
"""Claims to a prize that came to nothing; why is nobody else's business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRow:
    """A name with its figures; `time_ms` is T, or the sum of T in the show."""

    name: str
    rank: int
    tied: bool
    time_ms: int
    right: int = 0
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicQuestion:
    """A played question; `correct` is empty until it is revealed.

    `number` is None for a void question whose place a reserve took.
    """

    number: int | None
    text: str
    correct: str
    correct_text: str
    void: bool
    void_reason: str
    winners: tuple[PublicRow, ...]
    key_was: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What anybody can check a question by (Source: R6.1, R6.2).

    `seal` is the code that screens could show; `salt` opens the commitment, and is
    empty for a question that nobody has seen.
    """

    number: int | None
    seal: str
    commitment: str
    salt: str
    void: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the public result page shows.

    `stage` is `running`, `provisional` (ended, not confirmed) or `final`;
    `pack_hash` and `proofs` are there once the result is published.
    """

    code: str
    title: str
    lang: str
    aired_on: str
    participants: int
    stage: str
    questions: tuple[PublicQuestion, ...]
    standings: tuple[PublicRow, ...]
    winners: tuple[PublicRow, ...]
    pack_hash: str = ""
    proofs: tuple[Proof, ...] = ()


def outcome_of(live: LiveShow) -> Outcome:
    """Return what everybody may see of a running or finished show."""
    show = live.stage.show
    rows = [award for award in awards(show) if award.status not in _OUT]
    over = show.stage_phase in _OVER
    published = show.stage_phase is Phase.PUBLISHED
    return Outcome(
        code=show.code,
        title=show.title,
        lang=show.lang,
        aired_on=_aired_on(show),
        participants=len(live.stage.roster),
        stage=_stage(show.stage_phase),
        questions=tuple(_question(live, q, rows) for q in _played(show)),
        # Running scores before the end belong to the screens' own moments.
        standings=_standings(live) if over else (),
        winners=_winners(live, SHOW_PRIZE, rows) if over else (),
        pack_hash=published_hash(show) if published else "",
        proofs=_proofs(show) if published else (),
    )


def _proofs(show: Show) -> tuple[Proof, ...]:
    """Return every question's proof, reserves included, in the order of the pack.

    A question is opened only if its key was on air: what was kept can be used
    another time (Source: R6.2).
    """
    return tuple(
        Proof(
            number=show.number(question.id),
            seal=seal_code(play.seal) if play.seal else "",
            commitment=question_commitment(show.salt, question),
            salt=question_salt(show.salt, question.id) if play.board else "",
            void=play.state is QuestionState.VOID,
        )
        for question, play in zip(as_created(show), show.plays.values(), strict=True)
    )


def _stage(phase: Phase) -> str:
    if phase in _FINAL:
        return "final"
    return "provisional" if phase in _OVER else "running"


def _aired_on(show: Show) -> str:
    """Return the ISO date, in Vietnam, of the first open question; "" before."""
    moments = [p.opened_at.utc_ms for p in show.plays.values() if p.opened_at]
    return day_of(min(moments)) if moments else ""


def _played(show: Show) -> list[QuestionId]:
    """Return the questions that were asked, in the order they were opened."""
    asked = [
        question
        for question, play in show.plays.items()
        if play.state is not QuestionState.WAITING
    ]
    return sorted(asked, key=lambda question: _opened(show.plays[question]))


def _opened(play: Play) -> float:
    return play.opened_at.utc_ms if play.opened_at else float("inf")


def _question(live: LiveShow, id_: QuestionId, rows: list[Award]) -> PublicQuestion:
    show = live.stage.show
    question, play = show.questions[id_], show.plays[id_]
    out = play.board is not None
    key_text = next(o.text for o in question.options if o.id == question.key)
    return PublicQuestion(
        number=show.number(id_),
        text=question.text,
        correct=question.key if out else "",
        correct_text=key_text if out else "",
        void=play.state is QuestionState.VOID,
        void_reason=play.void_reason,
        key_was=play.key_was or "",
        winners=_winners(live, id_, rows),
    )


def _standings(live: LiveShow) -> tuple[PublicRow, ...]:
    show = live.stage.show
    return tuple(
        PublicRow(
            name=live.stage.roster.public_name(show, row.participant),
            rank=row.rank,
            tied=row.tied,
            right=row.right,
            time_ms=row.total_ms,
        )
        for row in show.leaderboard.top
    )


def _winners(live: LiveShow, prize: str, rows: list[Award]) -> tuple[PublicRow, ...]:
    return tuple(
        PublicRow(
            name=live.stage.roster.public_name(live.stage.show, row.participant),
            rank=row.rank,
            tied=row.tied,
            right=row.right or 0,
            time_ms=row.time_ms,
            status=row.status.value,
        )
        for row in rows
        if row.prize == prize
    )
