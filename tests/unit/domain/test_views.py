"""Redaction: what phones and overlays may see, and when."""

from dataclasses import replace

import pytest

from quizserver.domain import commands as c
from quizserver.domain.ids import OptionId
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Show
from quizserver.domain.views import (
    host_question,
    public_leaderboard,
    public_question,
    public_reveal,
)
from tests.shows import (
    AN,
    Q1,
    at,
    carried,
    leaderboard,
    new_show,
    opening,
    revealing,
)

PLAYED = (c.OpenLobby(), *opening(Q1), *revealing(Q1))


def views(show: Show) -> tuple[object, ...]:
    """Return everything a phone or an overlay is drawn from."""
    return public_question(show), public_reveal(show), public_leaderboard(show)


def rekeyed(show: Show) -> Show:
    """Return the same show with every key and explanation changed."""
    questions = {
        name: replace(q, key=OptionId("D" if q.key != "D" else "A"), explanation="khác")
        for name, q in show.questions.items()
    }
    return replace(show, questions=questions)


@pytest.mark.parametrize("steps", range(len(PLAYED)))
def test_nothing_before_the_reveal_depends_on_the_key(steps: int) -> None:
    """R3.6."""
    show = carried(new_show(), *PLAYED[:steps])
    assert views(show) == views(rekeyed(show))


def test_the_reveal_shows_the_key_and_every_option_counted() -> None:
    show = carried(new_show(), *PLAYED)
    assert views(show) != views(rekeyed(show))
    reveal = public_reveal(show)
    assert reveal is not None
    assert reveal.correct == "B"
    assert reveal.counts == {"A": 1, "B": 2, "C": 0, "D": 0}
    assert reveal.explanation == "Vì sao q1"


def test_text_comes_when_asked_and_options_when_open() -> None:
    """R1.3."""
    seen = []
    show = carried(new_show(), c.OpenLobby())
    for command in opening(Q1):
        show = carried(show, command)
        view = public_question(show)
        assert view is not None
        seen.append((view.text is not None, len(view.options)))
    assert seen == [(True, 0), (True, 0), (True, 4)]


def test_a_question_that_is_not_asked_shows_no_text_while_it_rolls() -> None:
    show = carried(new_show(Rules(ask_first=False)), c.OpenLobby())
    assert public_question(show) is None
    view = public_question(carried(show, c.OpenQuestion(at=at(0))))
    assert view is not None
    assert (view.text, view.options, view.image) == (None, (), None)
    assert view.opens_at == at(3_000)


def test_a_void_question_never_shows_its_key() -> None:
    void = c.VoidQuestion(question=Q1, reason="Sai đáp án")
    opened = carried(new_show(), c.OpenLobby(), *opening(Q1), void)
    revealed = carried(new_show(), *PLAYED, void)
    assert public_reveal(opened) is None
    assert public_reveal(revealed) is None


def test_standings_are_public_only_while_they_are_shown() -> None:
    """R5.6."""
    rows = leaderboard((AN, 1, 2_000))
    show = carried(new_show(), *PLAYED)
    assert public_leaderboard(show) is None
    shown = carried(show, c.ShowStandings(leaderboard=rows))
    assert public_leaderboard(shown) == rows
    assert public_leaderboard(carried(shown, c.PauseShow())) == rows
    assert public_leaderboard(carried(shown, c.AskQuestion())) is None


def test_a_host_sees_the_key_of_the_current_question() -> None:
    assert host_question(new_show()) is None
    view = host_question(carried(new_show(), c.OpenLobby(), c.AskQuestion()))
    assert view is not None
    assert view.question.key == "B"
