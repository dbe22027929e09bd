"""The result of a show as everybody may see it.

Names go through the one redaction that screens use (`live.roster`): consent
and moderation hold here too. Units, ids and flags stay inside (Source: R2.1).
The result changes only with the show's step, so it is computed once a step,
however many people look.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.phases import Phase
from quizserver.web.seams import LiveShow
from quizserver.wire.parts import WinnerPart
from quizserver.wire.results import QuestionResult, Results

TOP: Final = 10
"""How many rows of the standings are public, as on the screens."""

_OVER: Final = frozenset({Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED})
_FINAL: Final = frozenset({Phase.CONFIRMED, Phase.PUBLISHED})


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
    """A played question; `correct` is empty until it is revealed."""

    number: int
    text: str
    correct: str
    correct_text: str
    void: bool
    void_reason: str
    winners: tuple[PublicRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the public result page shows.

    `stage` is `running`, `provisional` (ended, not confirmed) or `final`.
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


class Outcomes:
    """The newest outcome of each show, made when somebody asks after a step."""

    def __init__(self) -> None:
        self._made: dict[ShowCode, tuple[str, int, Outcome]] = {}
        self._turn = asyncio.Lock()

    async def of(
        self, live: LiveShow, results: Callable[[ShowCode], Awaitable[Results]]
    ) -> Outcome:
        """Return the outcome of a running show."""
        show = live.stage.show
        async with self._turn:
            made = self._made.get(show.code)
            if made is None or made[:2] != (show.epoch, show.step):
                outcome = outcome_of(live, await results(show.code))
                made = (show.epoch, show.step, outcome)
                self._made[show.code] = made
        return made[2]


def outcome_of(live: LiveShow, results: Results) -> Outcome:
    """Return what everybody may see of `results`."""
    show = live.stage.show

    def name_of(participant: str) -> str:
        return live.stage.roster.public_name(show, ParticipantId(participant))

    standings = tuple(
        PublicRow(
            name=name_of(row.participant),
            rank=row.rank,
            tied=row.tied,
            right=row.right,
            time_ms=row.total_ms,
        )
        for row in results.standings[:TOP]
    )
    over = show.stage_phase in _OVER
    return Outcome(
        code=show.code,
        title=show.title,
        lang=show.lang,
        aired_on=results.show.aired_on,
        participants=results.show.participants,
        stage=_stage(show.stage_phase),
        questions=tuple(
            _question(results, question, name_of) for question in results.questions
        ),
        # Running scores before the end belong to the screens' own moments.
        standings=standings if over else (),
        winners=_winners(results, "show", name_of) if over else (),
    )


def _stage(phase: Phase) -> str:
    if phase in _FINAL:
        return "final"
    return "provisional" if phase in _OVER else "running"


def _question(
    results: Results, question: QuestionResult, name_of: Callable[[str], str]
) -> PublicQuestion:
    return PublicQuestion(
        number=question.number,
        text=question.text,
        correct=question.correct or "",
        correct_text=question.correct_text or "",
        void=question.void,
        void_reason=question.void_reason or "",
        winners=_winners(results, question.question, name_of),
    )


def _winners(
    results: Results, prize: str, name_of: Callable[[str], str]
) -> tuple[PublicRow, ...]:
    shown = [w for w in results.winners if w.prize == prize and w.status != "skipped"]
    return tuple(_winner(winner, name_of) for winner in shown)


def _winner(winner: WinnerPart, name_of: Callable[[str], str]) -> PublicRow:
    return PublicRow(
        name=name_of(winner.participant or ""),
        rank=winner.rank,
        tied=winner.tied,
        time_ms=winner.time_ms or 0,
        right=winner.right or 0,
        status=winner.status,
    )
