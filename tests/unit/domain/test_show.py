"""What the show answers of itself."""

from quizserver.domain import commands as c
from quizserver.domain.board import EMPTY_LEADERBOARD
from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.rundown import Rules
from tests.shows import (
    Q1,
    Q2,
    Q3,
    R1,
    carried,
    ended_with_lines,
    new_show,
    opening,
    revealing,
)


def test_a_new_show_is_a_draft_whose_reserves_wait_outside_the_order() -> None:
    show = new_show()
    assert (show.phase, show.step, show.current) == (Phase.DRAFT, 1, None)
    assert show.order == (Q1, Q2, Q3)
    assert show.number(Q3) == 3
    assert show.number(R1) is None
    assert show.play.state is QuestionState.WAITING


def test_a_questions_own_duration_wins_over_the_shows() -> None:
    assert new_show(Rules(duration_ms=20_000)).duration_ms(Q1) == 20_000


def test_what_was_asked_does_not_wait_any_more() -> None:
    show = carried(new_show(), c.OpenLobby())
    assert (show.waiting, show.next_question) == ((Q1, Q2, Q3), Q1)
    show = carried(show, c.AskQuestion())
    assert (show.waiting, show.next_question) == ((Q2, Q3), Q2)


def test_a_locked_question_awaits_its_seal_and_an_open_one_does_not() -> None:
    """R6.1."""
    show = carried(new_show(), c.OpenLobby(), *opening(Q1))
    assert not show.awaits_seal
    show = carried(show, c.CloseQuestion(question=Q1))
    assert show.awaits_seal
    seal = c.SealQuestion(question=Q1, link=3, sha256="cd" * 32)
    assert not carried(show, seal).awaits_seal


def test_people_may_cheer_only_where_a_host_lets_them_and_between_questions() -> None:
    """R1.11."""
    lobby = carried(new_show(), c.OpenLobby())
    assert not lobby.hears_cheers
    lobby = carried(lobby, c.SetCheering(on=True))
    asked = carried(lobby, *opening(Q1)[:1])
    opened = carried(asked, *opening(Q1)[1:])
    locked = carried(opened, *revealing(Q1)[:1])
    show = carried(locked, *revealing(Q1)[1:])
    phases = (lobby, asked, opened, locked, show)
    heard = {one.phase: one.hears_cheers for one in phases}
    assert heard == {
        Phase.LOBBY: True,
        Phase.ASKED: False,
        Phase.OPEN: False,
        Phase.LOCKED: False,
        Phase.REVEALED: True,
    }
    assert carried(show, c.PauseShow()).hears_cheers
    assert carried(show, c.ShowStandings(leaderboard=EMPTY_LEADERBOARD)).hears_cheers
    over = carried(show, c.EndShow(leaderboard=EMPTY_LEADERBOARD))
    assert over.hears_cheers
    assert not carried(asked, c.PauseShow()).hears_cheers
    assert not carried(over, c.SetCheering(on=False)).hears_cheers


def test_a_show_is_over_when_only_prizes_are_left_and_a_pause_hides_its_phase() -> None:
    show = carried(new_show(), c.OpenLobby(), c.PauseShow())
    assert (show.over, show.phase, show.stage_phase) == (False, "paused", "lobby")
    over = ended_with_lines()
    assert (over.over, over.stage_phase) == (True, Phase.ENDED)
