"""Another order, a step back, a picture once more: what is decided and what follows."""

from dataclasses import replace

import pytest

from quizserver.domain import commands as c
from quizserver.domain.board import EMPTY_LEADERBOARD
from quizserver.domain.decide import decide
from quizserver.domain.ids import QuestionId
from quizserver.domain.outputs import Position
from quizserver.domain.phases import Phase, Picture, QuestionState
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Again, Show
from quizserver.domain.views import on_overlays, public_question, public_reveal
from tests.shows import (
    AN,
    Q1,
    Q2,
    Q3,
    R1,
    at,
    carried,
    leaderboard,
    new_show,
    opening,
    revealing,
)

LOBBY = (c.OpenLobby(),)
REVEALED = (*LOBBY, *opening(Q1), *revealing(Q1))
STANDINGS = (*REVEALED, c.ShowStandings(leaderboard=leaderboard((AN, 1, 2_000))))
ENDED = (*STANDINGS, c.EndShow(leaderboard=leaderboard((AN, 1, 2_000))))
BACK = c.ReverseStep()


def show_after(*commands: c.Command, rules: Rules | None = None) -> Show:
    return carried(new_show(rules), *commands)


def refused(show: Show, command: c.Command) -> Reason:
    outcome = decide(show, command)
    assert isinstance(outcome, Rejected)
    return outcome.reason


def order(*questions: QuestionId) -> c.ReorderQuestions:
    return c.ReorderQuestions(order=questions)


# --- the order (R1.7) -------------------------------------------------------------


def test_what_waits_is_played_in_the_new_order_and_played_ones_keep_their_number() -> (
    None
):
    show = show_after(*REVEALED, order(Q3, Q2))
    assert show.order == (Q1, Q3, Q2)
    assert (show.number(Q1), show.next_question) == (1, Q3)
    assert carried(show, c.AskQuestion()).current == Q3


def test_a_reserve_that_was_taken_may_move_too() -> None:
    void = c.VoidQuestion(question=Q1, reason="Sai đáp án")
    show = show_after(*REVEALED, void, c.TakeReserve(), order(Q3, R1, Q2))
    assert show.order == (Q3, R1, Q2)


@pytest.mark.parametrize(
    "wrong", [(Q2,), (Q2, Q2), (Q1, Q2, Q3), (Q3, R1), (QuestionId("x"), Q2), (Q2, Q3)]
)
def test_only_what_waits_is_put_in_another_order(wrong: tuple[QuestionId, ...]) -> None:
    assert refused(show_after(*REVEALED), order(*wrong)) is Reason.BAD_ORDER


@pytest.mark.parametrize("commands", [(), LOBBY, (*LOBBY, *opening(Q1)), STANDINGS])
def test_the_order_can_change_until_the_end(commands: tuple[c.Command, ...]) -> None:
    show = show_after(*commands)
    changed = carried(show, order(*reversed(show.waiting)))
    assert changed.phase is show.phase
    assert changed.waiting == tuple(reversed(show.waiting))
    assert refused(show_after(*ENDED), order(Q3, Q2)) is Reason.NOT_NOW


# --- a step back (R1.8) -----------------------------------------------------------


@pytest.mark.parametrize("commands", [LOBBY, REVEALED, STANDINGS])
def test_a_question_that_was_asked_waits_again(commands: tuple[c.Command, ...]) -> None:
    before = show_after(*commands)
    after = carried(before, c.AskQuestion(), BACK)
    assert (after.phase, after.current) == (before.phase, before.current)
    assert after.waiting == before.waiting
    assert carried(after, c.AskQuestion()).current == before.next_question


def test_a_question_about_to_open_is_not_taken_back() -> None:
    rolling = show_after(*LOBBY, c.AskQuestion(), c.OpenQuestion(at=at(0)))
    assert refused(rolling, BACK) is Reason.ROLLING
    # A pause ends the roll; the origin is what was there before the question.
    calm = carried(rolling, c.PauseShow(), c.ResumeShow(), BACK)
    assert (calm.phase, calm.current) == (Phase.LOBBY, None)


def test_a_question_that_was_never_read_out_goes_back_as_well() -> None:
    rules = Rules(ask_first=False)
    show = show_after(*LOBBY, c.OpenQuestion(at=at(0)), rules=rules)
    back = carried(show, c.PauseShow(), c.ResumeShow(), BACK)
    assert (back.phase, back.waiting) == (Phase.LOBBY, (Q1, Q2, Q3))


def test_the_standings_give_way_to_the_reveal() -> None:
    show = show_after(*STANDINGS, BACK)
    assert (show.phase, show.current) == (Phase.REVEALED, Q1)
    assert show.plays[Q1].state is QuestionState.REVEALED
    assert public_reveal(show) is not None
    assert carried(show, STANDINGS[-1]).phase is Phase.STANDINGS


def test_both_are_taken_back_one_after_the_other() -> None:
    show = show_after(*STANDINGS, c.AskQuestion(), BACK, BACK)
    assert (show.phase, show.waiting) == (Phase.REVEALED, (Q2, Q3))


def test_standings_after_a_void_question_give_way_to_what_was_there() -> None:
    void = c.VoidQuestion(question=Q1, reason="Sai đáp án")
    standings = c.ShowStandings(leaderboard=EMPTY_LEADERBOARD)
    show = show_after(*LOBBY, *opening(Q1), void, standings, BACK)
    assert (show.phase, show.play.state) == (Phase.LOCKED, QuestionState.VOID)


@pytest.mark.parametrize("commands", [LOBBY, (*LOBBY, *opening(Q1)), REVEALED, ENDED])
def test_nothing_that_counts_is_taken_back(commands: tuple[c.Command, ...]) -> None:
    assert refused(show_after(*commands), BACK) is Reason.NOT_NOW


# --- a picture once more (R1.9) ---------------------------------------------------


def picture(word: str, question: QuestionId | None = None) -> c.ShowPicture:
    return c.ShowPicture(picture=Picture(word), question=question)


def test_overlays_show_a_reveal_again_and_the_show_stays_where_it_is() -> None:
    show = show_after(*ENDED, picture("reveal", Q1))
    assert show.phase is Phase.ENDED
    seen = on_overlays(show)
    assert (seen.stage_phase, seen.current) == (Phase.REVEALED, Q1)
    assert public_reveal(seen) == public_reveal(show_after(*REVEALED))
    assert on_overlays(carried(show, picture("live"))).phase is Phase.ENDED


def test_a_question_is_shown_again_without_its_answer() -> None:
    seen = on_overlays(show_after(*STANDINGS, picture("question")))
    view = public_question(seen)
    assert view is not None
    assert (view.id, view.state, len(view.options)) == (Q1, QuestionState.LOCKED, 4)
    assert (seen.phase, public_reveal(seen)) == (Phase.LOCKED, None)


def test_the_standings_are_shown_again_as_they_were() -> None:
    played = (*STANDINGS, *opening(Q2, 60_000), *revealing(Q2))
    seen = on_overlays(show_after(*played, picture("standings")))
    assert (seen.phase, seen.leaderboard.participants) == (Phase.STANDINGS, 1)


def test_only_what_was_public_is_shown_again() -> None:
    """R3.6."""
    show = show_after(*REVEALED)
    assert show.leaderboard == EMPTY_LEADERBOARD
    assert refused(show, picture("standings")) is Reason.NOT_REVEALED
    assert refused(show, picture("reveal", Q2)) is Reason.NOT_REVEALED
    assert refused(show, picture("question", Q2)) is Reason.NOT_REVEALED
    unknown = picture("reveal", QuestionId("x"))
    assert refused(show, unknown) is Reason.UNKNOWN_QUESTION
    nowhere = replace(show, current=None)
    assert refused(nowhere, picture("reveal")) is Reason.UNKNOWN_QUESTION
    assert refused(show, picture("live")) is Reason.NOT_NOW
    waiting = show_after(*LOBBY, *opening(Q1))
    assert refused(waiting, picture("reveal", Q1)) is Reason.NOT_NOW


def test_the_next_step_ends_it_and_so_does_the_void() -> None:
    again = show_after(*STANDINGS, picture("reveal", Q1))
    assert again.again == Again(picture=Picture.REVEAL, question=Q1)
    assert carried(again, c.PostNotice(text="Xin chờ")).again == again.again
    for step in (
        c.AskQuestion(),
        c.PauseShow(),
        c.VoidQuestion(question=Q1, reason="Sai đáp án"),
        BACK,
    ):
        assert carried(again, step).again is None
    other = show_after(*STANDINGS, picture("standings"))
    void = c.VoidQuestion(question=Q1, reason="Sai đáp án")
    assert carried(other, void).again == other.again


# --- where a question is drawn (R1.10) --------------------------------------------


def placing(
    question: QuestionId | None, position: Position | None = Position.SIDE
) -> c.PlaceQuestion:
    return c.PlaceQuestion(question=question, position=position)


@pytest.mark.parametrize("question", [Q2, Q3, R1])
def test_a_question_is_drawn_where_it_was_placed_last(question: QuestionId) -> None:
    show = show_after(*REVEALED, placing(question), placing(question, Position.FULL))
    assert show.positions == {question: Position.FULL}
    assert carried(show, placing(question, None)).positions == {}


def test_an_asked_question_is_placed_until_its_clock_is_about_to_start() -> None:
    show = show_after(*LOBBY, placing(Q2), c.AskQuestion(), placing(Q1))
    view = public_question(show)
    assert view is not None
    assert view.position is Position.SIDE
    assert show.positions == {Q1: Position.SIDE, Q2: Position.SIDE}
    opening_now = carried(show, c.OpenQuestion(at=at(2_000)))
    assert refused(opening_now, placing(Q1, None)) is Reason.ROLLING
    open_now = carried(opening_now, c.BeginQuestion(question=Q1, at=at(5_000)))
    assert refused(open_now, placing(Q1, None)) is Reason.NOT_NOW
    assert carried(open_now, placing(Q3)).positions[Q3] is Position.SIDE


@pytest.mark.parametrize("question", [None, QuestionId("x")])
def test_only_a_question_of_the_show_is_placed(question: QuestionId | None) -> None:
    assert refused(show_after(*LOBBY), placing(question)) is Reason.UNKNOWN_QUESTION


def test_after_the_end_nothing_is_placed() -> None:
    assert refused(show_after(*ENDED), placing(Q2)) is Reason.NOT_NOW


class TestPrizeRules:
    """R5.8: who may win prizes can be chosen until people are let in."""

    def set_to(self, least: int | None, most: int | None) -> c.SetPrizeRules:
        return c.SetPrizeRules(prize_min_right=least, max_prizes_per_person=most)

    def test_what_is_not_named_stays(self) -> None:
        show = carried(new_show(), self.set_to(2, None), self.set_to(None, 1))
        assert show.rules == Rules(prize_min_right=2, max_prizes_per_person=1)
        assert show.phase is Phase.DRAFT

    def test_both_are_turned_off_again(self) -> None:
        show = carried(new_show(), self.set_to(2, 1), self.set_to(0, 0))
        assert show.rules == Rules()

    @pytest.mark.parametrize(("least", "most"), [(-1, 0), (4, 0), (0, -1), (0, 5)])
    def test_what_nobody_could_reach_is_refused(self, least: int, most: int) -> None:
        show = new_show()
        assert len(show.order) == 3
        assert decide(show, self.set_to(least, most)) == Rejected(Reason.BAD_COUNT)

    def test_the_lobby_settles_them(self) -> None:
        """Whoever joins plays by what they could read then."""
        show = carried(new_show(), c.OpenLobby())
        assert decide(show, self.set_to(1, 1)) == Rejected(Reason.NOT_NOW)
