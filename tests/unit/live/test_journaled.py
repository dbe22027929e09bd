"""Events as rows: they come back as they went, in the same bytes every time."""

from dataclasses import replace

import msgspec
import pytest

from quizserver.domain import events as e
from quizserver.domain.show import evolve, replay
from quizserver.live.journaled import first_row, from_row, next_row
from tests.shows import (
    AN,
    BINH,
    Q1,
    R1,
    at,
    board,
    creation,
    leaderboard,
    new_show,
)

BOARD = board((AN, 2_000), (BINH, 3_000))
TOP = leaderboard((AN, 1, 2_000))
SAMPLES: list[e.Event] = [
    creation(),
    e.LobbyOpened(),
    e.QuestionAsked(question=Q1),
    e.QuestionRolled(question=Q1, opens_at=at(3_000)),
    e.QuestionOpened(question=Q1, opened_at=at(3_001), duration_ms=15_000),
    e.QuestionExtended(question=Q1, duration_ms=20_000),
    e.QuestionLocked(question=Q1, duration_ms=9_000, early=True),
    e.AnswerRevealed(question=Q1, board=BOARD),
    e.StandingsShown(leaderboard=TOP),
    e.ShowPaused(reason="Mất tín hiệu"),
    e.ShowResumed(),
    e.QuestionVoided(question=Q1, reason="Sai", leaderboard=TOP),
    e.ReserveTaken(question=R1, replaces=Q1),
    e.NameHidden(participant=AN, hidden=True, alias="A."),
    e.NoticePosted(text="Xin chờ"),
    e.ShowEnded(leaderboard=TOP),
    e.WinnerConfirmed(prize="show", participant=AN),
    e.WinnerSkipped(prize="show", participant=AN, reason="Trùng người"),
    e.ResultsConfirmed(),
    e.ResultsPublished(),
]


def test_there_is_a_sample_of_every_event() -> None:
    assert {type(sample).__name__ for sample in SAMPLES} == set(e.KINDS)


@pytest.mark.parametrize("event", SAMPLES, ids=lambda one: type(one).__name__)
def test_an_event_comes_back_as_it_went(event: e.Event) -> None:
    row = next_row(new_show(), event, at_ms=5, actor="Hoa", ref="r1")
    assert from_row(row) == event
    again = next_row(new_show(), from_row(row), at_ms=5, actor="Hoa", ref="r1")
    assert again == row, "the hash chain needs the same bytes (R6.1)"


def test_a_row_names_the_step_that_follows_and_who_made_it() -> None:
    show = evolve(new_show(), e.LobbyOpened())
    row = next_row(show, e.NoticePosted(text="x"), at_ms=5, actor="Hoa", ref="r1")
    assert (row.show, row.epoch, row.step) == (show.code, show.epoch, 3)
    assert (row.name, row.actor, row.ref, row.at_ms) == ("NoticePosted", "Hoa", "r1", 5)


def test_the_first_row_makes_the_show() -> None:
    row = first_row(creation(), at_ms=5, actor="Hoa")
    assert (row.step, row.ref, row.name) == (1, "", "ShowCreated")
    assert replay([from_row(row)]) == new_show()


def test_the_text_has_its_fields_in_the_order_of_the_event() -> None:
    row = next_row(
        new_show(),
        e.QuestionLocked(early=True, duration_ms=9_000, question=Q1),
        at_ms=5,
        actor="Hoa",
        ref="",
    )
    assert row.data == '{"question":"q1","duration_ms":9000,"early":true}'


def test_a_text_of_another_version_is_told_so() -> None:
    row = first_row(creation(), at_ms=5, actor="Hoa")
    with pytest.raises(msgspec.ValidationError):
        from_row(replace(row, data="{}"))
