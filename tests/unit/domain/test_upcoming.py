"""What a preview shows: the next picture, and nothing before its time (R3.6)."""

from dataclasses import replace
from typing import Any

import pytest

from quizserver.domain import commands as c
from quizserver.domain.phases import Look, Phase
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Show
from quizserver.domain.upcoming import upcoming
from quizserver.domain.views import public_question, public_reveal
from tests.shows import (
    AN,
    Q1,
    Q2,
    Q3,
    at,
    carried,
    confirmed,
    leaderboard,
    new_show,
    opening,
    revealing,
)

ROWS = leaderboard((AN, 1, 2_000))
SHOWN = c.ShowStandings(leaderboard=ROWS)
LOBBY = (c.OpenLobby(),)
ASKED = (*LOBBY, c.AskQuestion())
OPEN = (*LOBBY, *opening(Q1))
LOCKED = (*OPEN, c.CloseQuestion(question=Q1))
REVEALED = (*OPEN, *revealing(Q1))
OVER = (*REVEALED, SHOWN, c.EndShow(leaderboard=ROWS))


def preview(
    *commands: c.Command, rules: Rules | None = None, is_host: bool = False, **more: Any
) -> Show | None:
    show = carried(new_show(rules), *commands)
    given: dict[str, Any] = {"leaderboard": ROWS} | more
    return upcoming(show, at=at(99_000), is_host=is_host, **given)


@pytest.mark.parametrize("is_host", [False, True])
@pytest.mark.parametrize(
    ("commands", "phase"),
    [
        pytest.param((), Phase.LOBBY, id="open_lobby"),
        pytest.param(LOBBY, Phase.ASKED, id="ask"),
        pytest.param(OPEN, Phase.LOCKED, id="lock"),
        pytest.param(REVEALED, Phase.STANDINGS, id="standings"),
        pytest.param((*REVEALED, SHOWN), Phase.ASKED, id="next"),
        pytest.param((*REVEALED, c.PauseShow()), Phase.REVEALED, id="resume"),
        pytest.param(OVER, Phase.ENDED, id="confirm"),
    ],
)
def test_it_is_the_show_after_the_next_step(
    commands: tuple[c.Command, ...], phase: Phase, is_host: bool
) -> None:
    shown = preview(*commands, is_host=is_host)
    assert shown is not None
    assert shown.phase is phase


def test_a_question_that_nobody_has_read_has_a_number_and_no_text() -> None:
    for commands, name in ((LOBBY, Q1), ((*REVEALED, SHOWN), Q2)):
        shown = preview(*commands)
        assert shown is not None
        view = public_question(shown)
        assert view is not None
        assert (view.id, view.text, view.options, view.image) == (name, None, (), None)


def test_a_host_reads_it_and_its_options() -> None:
    asked = preview(*LOBBY, is_host=True)
    opened = preview(*ASKED, is_host=True)
    at_once = preview(*LOBBY, rules=Rules(ask_first=False), is_host=True)
    for shown, options in ((asked, 0), (opened, 4), (at_once, 4)):
        assert shown is not None
        view = public_question(shown)
        assert view is not None
        assert (view.text, len(view.options)) == ("Câu hỏi q1?", options)
    assert at_once is not None
    assert at_once.phase is Phase.OPEN


def test_without_a_hosts_eyes_options_wait_until_they_are_open() -> None:
    show = carried(new_show(), *ASKED)
    assert preview(*ASKED) == show
    at_once = preview(*LOBBY, rules=Rules(ask_first=False))
    assert at_once is not None
    view = public_question(at_once)
    assert view is not None
    assert (at_once.phase, view.text, view.options) == (Phase.ASKED, None, ())


@pytest.mark.parametrize("is_host", [False, True])
def test_with_reserves_alone_it_is_what_there_is(is_host: bool) -> None:
    lobby = replace(carried(new_show(), *LOBBY), order=())
    assert upcoming(lobby, at=at(99_000), leaderboard=ROWS, is_host=is_host) == lobby


def test_while_a_question_rolls_it_is_what_there_is() -> None:
    rolling = (*ASKED, c.OpenQuestion(at=at(1_000)))
    assert preview(*rolling) == carried(new_show(), *rolling)


@pytest.mark.parametrize("is_host", [False, True])
def test_the_reveal_and_the_winners_are_nobodys_to_see(is_host: bool) -> None:
    assert preview(*LOCKED, is_host=is_host) is None
    rest = (*opening(Q2, 50_000), *revealing(Q2), *opening(Q3, 90_000), *revealing(Q3))
    assert preview(*REVEALED, *rest, SHOWN, is_host=is_host) is None


def test_the_lock_shows_the_question_without_its_key() -> None:
    shown = preview(*OPEN, is_host=True)
    assert shown is not None
    assert public_reveal(shown) is None


def test_no_standings_without_the_ledger() -> None:
    assert preview(*REVEALED, leaderboard=None) is None


@pytest.mark.parametrize("look", [Look.HOLD, Look.CLEAR])
def test_what_is_held_or_cleared_comes_back_to_the_present(look: Look) -> None:
    show = carried(new_show(), *REVEALED, c.SetLook(look=look))
    shown = preview(*REVEALED, c.SetLook(look=look))
    assert shown == replace(show, look=Look.LIVE, held=None)


def test_at_the_very_end_it_is_what_there_is() -> None:
    show = carried(confirmed(carried(new_show(), *OVER)), c.ConfirmResults())
    last = carried(show, c.PublishResults())
    for one in (show, last):
        assert upcoming(one, at=at(0), leaderboard=ROWS, is_host=True) == one
