"""What the big button does in each phase."""

import pytest

from quizserver.domain import commands as c
from quizserver.domain.next_step import next_step
from quizserver.domain.rundown import Rules
from tests.shows import (
    AN,
    Q1,
    Q2,
    Q3,
    at,
    carried,
    leaderboard,
    new_show,
    opening,
    revealing,
)

ONE = (c.OpenLobby(), *opening(Q1), *revealing(Q1))
ALL = (*ONE, *opening(Q2, 50_000), *revealing(Q2), *opening(Q3, 90_000), *revealing(Q3))
ROWS = leaderboard((AN, 1, 2_000))
SHOWN = c.ShowStandings(leaderboard=ROWS)
OVER = (*ALL, SHOWN, c.EndShow(leaderboard=ROWS))
SIGNED = (
    *OVER,
    *(c.ConfirmWinner(prize=prize, participant=AN) for prize in (Q1, Q2, Q3, "show")),
    c.ConfirmResults(),
)
VOID = c.VoidQuestion(question=None, reason="Sai")


@pytest.mark.parametrize(
    ("commands", "step"),
    [
        ((), "open_lobby"),
        (ONE[:1], "ask"),
        (ONE[:2], "open"),
        (ONE[:3], None),
        (ONE[:4], "lock"),
        (ONE[:5], "reveal"),
        (ONE, "standings"),
        ((*ONE, SHOWN), "next"),
        ((*ONE, VOID), "next"),
        ((*ONE[:4], VOID), "next"),
        ((*ALL, SHOWN), "end"),
        ((*ONE, c.PauseShow()), "resume"),
        (OVER, "confirm"),
        (SIGNED, "publish"),
        ((*SIGNED, c.PublishResults()), None),
    ],
)
def test_the_button_names_the_step_that_comes_next(
    commands: tuple[c.Command, ...], step: str | None
) -> None:
    assert next_step(carried(new_show(), *commands)) == step


def test_without_asking_first_the_button_opens() -> None:
    """R1.3."""
    show = carried(new_show(Rules(ask_first=False)), c.OpenLobby())
    assert next_step(show) == "open"
    assert next_step(carried(show, c.OpenQuestion(at=at(0)))) is None
