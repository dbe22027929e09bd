"""What changes the plan or looks back: the decisions on five commands of a host.

The order of what was not asked yet, where a question is drawn, who may win prizes, a
step that nothing counts on, a picture that overlays show once more. `decide` has the
table that leads here.
"""

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.board import EMPTY_LEADERBOARD
from quizserver.domain.bounds import counts
from quizserver.domain.ids import QuestionId
from quizserver.domain.phases import Phase, Picture, QuestionState
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.show import Show

Outcome = e.Event | Rejected


def reorder(show: Show, command: c.ReorderQuestions) -> Outcome:
    """Return the new order of what waits, if it names that and nothing else.

    Source: R1.7.
    """
    if show.over:
        return Rejected(Reason.NOT_NOW)
    waiting = show.waiting
    if sorted(command.order) != sorted(waiting) or command.order == waiting:
        return Rejected(Reason.BAD_ORDER)
    return e.QuestionsReordered(order=command.order)


def place(show: Show, command: c.PlaceQuestion) -> Outcome:
    """Choose where a question is drawn, until its clock is about to start (R1.10)."""
    question = command.question
    if question is None or question not in show.plays:
        return Rejected(Reason.UNKNOWN_QUESTION)
    play = show.plays[question]
    if play.opens_at is not None:
        return Rejected(Reason.ROLLING)
    if show.over or play.state not in (QuestionState.WAITING, QuestionState.ASKED):
        return Rejected(Reason.NOT_NOW)
    return e.QuestionPlaced(question=question, position=command.position)


def set_prizes(show: Show, command: c.SetPrizeRules) -> Outcome:
    """Choose the rules of prizes; the table of phases says until when (R5.8)."""
    rules = show.rules
    least, most = command.prize_min_right, command.max_prizes_per_person
    told = e.PrizeRulesSet(
        prize_min_right=rules.prize_min_right if least is None else least,
        max_prizes_per_person=rules.max_prizes_per_person if most is None else most,
    )
    for name, bound in counts(len(show.order)).items():
        if not bound.least <= getattr(told, name) <= bound.most:
            return Rejected(Reason.BAD_COUNT)
    return told


def reverse(show: Show, command: c.ReverseStep) -> Outcome:
    """Return to the phase before, unless the clock is about to start (R1.8)."""
    if show.play.opens_at is not None:
        return Rejected(Reason.ROLLING)
    if show.phase is Phase.STANDINGS:
        # A question that was void before its reveal has none to go back to.
        phase = Phase.LOCKED if show.play.board is None else Phase.REVEALED
        return e.StepReversed(phase=phase, current=show.current, unasked=None)
    phase, current = show.came_from
    return e.StepReversed(phase=phase, current=current, unasked=show.current)


def show_picture(show: Show, command: c.ShowPicture) -> Outcome:
    """Return what overlays show again: what was public before (R1.9, R3.6)."""
    if command.picture is Picture.LIVE:
        return _shown(command, None) if show.again else Rejected(Reason.NOT_NOW)
    if command.picture is Picture.STANDINGS:
        if show.leaderboard == EMPTY_LEADERBOARD:
            return Rejected(Reason.NOT_REVEALED)
        return _shown(command, None)
    question = command.question or show.current
    if question is None or question not in show.plays:
        return Rejected(Reason.UNKNOWN_QUESTION)
    if show.plays[question].state is not QuestionState.REVEALED:
        return Rejected(Reason.NOT_REVEALED)
    return _shown(command, question)


def _shown(command: c.ShowPicture, question: QuestionId | None) -> e.PictureShown:
    return e.PictureShown(picture=command.picture, question=question)
