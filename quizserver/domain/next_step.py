"""The one step that usually comes next: what the host's big button does.

Pure advice: `decide` still has the last word.
"""

from enum import StrEnum

from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.show import Show


class NextStep(StrEnum):
    """Commands the big button may stand for; the values are the wire's."""

    OPEN_LOBBY = "open_lobby"
    ASK = "ask"
    OPEN = "open"
    LOCK = "lock"
    REVEAL = "reveal"
    STANDINGS = "standings"
    NEXT = "next"
    END = "end"
    RESUME = "resume"
    CONFIRM = "confirm"
    PUBLISH = "publish"


_FIXED = {
    Phase.DRAFT: NextStep.OPEN_LOBBY,
    Phase.OPEN: NextStep.LOCK,
    Phase.PAUSED: NextStep.RESUME,
    Phase.ENDED: NextStep.CONFIRM,
    Phase.CONFIRMED: NextStep.PUBLISH,
}


def next_step(show: Show) -> NextStep | None:
    """Return the next step; None while a question rolls, and at the very end."""
    if show.phase in _FIXED:
        return _FIXED[show.phase]
    if show.phase is Phase.ASKED:
        return None if show.play.opens_at is not None else NextStep.OPEN
    if show.phase is Phase.LOBBY:
        return NextStep.ASK if show.rules.ask_first else NextStep.OPEN
    if show.phase is Phase.PUBLISHED:
        return None
    return _after_question(show)


def _after_question(show: Show) -> NextStep:
    if show.phase is Phase.LOCKED and show.play.state is QuestionState.LOCKED:
        return NextStep.REVEAL
    if show.phase is Phase.REVEALED and show.play.state is QuestionState.REVEALED:
        return NextStep.STANDINGS
    return NextStep.NEXT if show.next_question is not None else NextStep.END
