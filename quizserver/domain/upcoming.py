"""What overlays will draw next: the picture of a preview.

It is the show after the step that comes next (`next_step`), made by the same `evolve`
as the show itself; while graphics are held or cleared it is the present, which TAKE
or the way back brings. Nothing here holds a key before its reveal, for nobody, and
the winners wait for their moment: such a picture is None, and a card says so.
"""

from dataclasses import replace

from quizserver.domain import events as e
from quizserver.domain.board import Leaderboard
from quizserver.domain.evolve import evolve
from quizserver.domain.next_step import NextStep, next_step
from quizserver.domain.phases import Look, Phase
from quizserver.domain.show import Show
from quizserver.domain.stamps import Stamp


def upcoming(
    show: Show, *, at: Stamp, leaderboard: Leaderboard | None, is_host: bool
) -> Show | None:
    """Return the show as overlays will draw it next; None for the untold.

    Only a host reads a question before it is asked, and its options before they are
    open: an overlay's key may be seen on air. `leaderboard` is the standings as they
    would be shown now, None where the ledger cannot be asked; `at` is the moment.
    """
    if show.look is not Look.LIVE:
        return replace(show, look=Look.LIVE, held=None)
    step = next_step(show)
    if step in (NextStep.ASK, NextStep.OPEN, NextStep.NEXT):
        return _with_question(show, at, is_host=is_host)
    if step is NextStep.STANDINGS and leaderboard is not None:
        return evolve(show, e.StandingsShown(leaderboard=leaderboard))
    if step in (NextStep.REVEAL, NextStep.STANDINGS, NextStep.END):
        return None
    event = _event(show, step)
    return evolve(show, event) if event is not None else show


def _event(show: Show, step: NextStep | None) -> e.Event | None:
    """Return what a step leads to; None when it changes no picture."""
    match step:
        case NextStep.OPEN_LOBBY:
            return e.LobbyOpened()
        case NextStep.RESUME:
            return e.ShowResumed()
        case NextStep.LOCK:
            assert show.current is not None
            return e.QuestionLocked(
                question=show.current, duration_ms=show.play.duration_ms
            )
        case _:
            return None


def _with_question(show: Show, at: Stamp, *, is_host: bool) -> Show:
    """Return the show with the question that is asked or opened next."""
    opens = show.phase is Phase.ASKED or not show.rules.ask_first
    question = show.current if show.phase is Phase.ASKED else show.next_question
    # None where a rundown has reserves alone: the step will be refused.
    if question is None or (show.phase is Phase.ASKED and not is_host):
        return show
    asked = evolve(show, e.QuestionAsked(question=question))
    if not is_host:
        return replace(asked, plays=show.plays)
    if not opens:
        return asked
    return evolve(
        asked,
        e.QuestionOpened(
            question=question, opened_at=at, duration_ms=show.duration_ms(question)
        ),
    )
