"""What previews are told: the next picture, and by which step it comes.

For overlays with a key nothing in it was not told before; a host also reads the next
question. No key and no winner is in either (`domain.upcoming`).
"""

from dataclasses import replace

import msgspec

from quizserver.domain.board import Leaderboard
from quizserver.domain.ids import QuestionId
from quizserver.domain.next_step import NextStep, next_step
from quizserver.domain.phases import Look, QuestionState
from quizserver.domain.show import Show
from quizserver.domain.upcoming import upcoming
from quizserver.domain.views import on_overlays
from quizserver.live.appending import TOP
from quizserver.live.backstage import next_part
from quizserver.live.cues import Scene
from quizserver.live.elsewhere import Elsewhere
from quizserver.live.ports import LedgerDown
from quizserver.live.roster import Roster
from quizserver.live.surroundings import Surroundings
from quizserver.texts.catalogue import text
from quizserver.wire.phone import Coming, State


class Preview:
    """Makes what one show's previews show."""

    def __init__(
        self, around: Surroundings, *, roster: Roster, elsewhere: Elsewhere
    ) -> None:
        self._ledger = around.ledger
        self._clock = around.clock
        self._roster = roster
        self._elsewhere = elsewhere

    async def coming(self, show: Show, *, is_host: bool) -> Coming:
        """Return the next picture, `is_host` with a question that nobody has read."""
        command, label = _said(show)
        state = await self._state(show, is_host=is_host)
        return Coming(command=command, label=label, state=state)

    async def _state(self, show: Show, *, is_host: bool) -> State | None:
        at, standings = self._clock.stamp(), await self._standings(show)
        drawn = upcoming(show, at=at, leaderboard=standings, is_host=is_host)
        if drawn is None:
            return None
        state = Scene(on_overlays(drawn), self._roster, self._clock).state()
        return _standing_still(show, msgspec.structs.replace(state, step=show.step))

    async def _standings(self, show: Show) -> Leaderboard | None:
        """Return the standings as they would be shown now; None when unneeded."""
        if next_step(show) is not NextStep.STANDINGS or show.look is not Look.LIVE:
            return None
        try:
            found = await self._ledger.leaderboard(show.code, show.epoch, TOP)
            await self._elsewhere.names(replace(show, leaderboard=found))
        except LedgerDown:
            return None  # then a card stands for them
        return found


def _said(show: Show) -> tuple[str, str]:
    """Return the command that brings the next picture, and its words."""
    if show.look is Look.HOLD:
        return "take", text(show.lang, "live.coming.take")
    if show.look is Look.CLEAR:
        return "look", text(show.lang, "live.coming.look")
    step = next_part(show)
    return ("", "") if step is None else (step.command, step.label)


def _standing_still(show: Show, state: State) -> State:
    """Return a picture that comes without a clock that would run here already.

    The image of a question that nobody has read is not given out yet either.
    """
    question = state.question
    runs = show.look is not Look.LIVE or next_step(show) is None
    if question is None or runs:
        return state
    if show.plays[QuestionId(question.id)].state is QuestionState.WAITING:
        question = msgspec.structs.replace(question, image=None)
    return msgspec.structs.replace(state, question=question, closes_in_ms=None)
