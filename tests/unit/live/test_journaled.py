"""Events as rows: they come back as they went, in the same bytes every time."""

from dataclasses import replace

import msgspec
import pytest

from quizserver.domain import events as e
from quizserver.domain.board import Candidate, PrizeLine
from quizserver.domain.evolve import evolve, replay
from quizserver.domain.ids import OptionId
from quizserver.domain.outputs import OutputSettings, Position
from quizserver.domain.phases import Look, Phase, Picture
from quizserver.domain.rundown import Rules
from quizserver.live.journaled import first_row, from_row, next_row, public_text
from quizserver.live.rows import EventRow
from quizserver.store.chain import event_row
from tests.shows import (
    AN,
    BINH,
    Q1,
    Q2,
    Q3,
    R1,
    at,
    board,
    creation,
    leaderboard,
    new_show,
    question,
)

BOARD = board((AN, 2_000), (BINH, 3_000))
TOP = leaderboard((AN, 1, 2_000))
LINE = PrizeLine(
    prize="show",
    candidates=(Candidate(participant=AN, rank=1, tied=False, time_ms=2_000, right=1),),
)
A, B = OptionId("A"), OptionId("B")
SAMPLES: list[e.Event] = [
    creation(),
    e.LobbyOpened(),
    e.QuestionAsked(question=Q1),
    e.QuestionRolled(question=Q1, opens_at=at(3_000)),
    e.QuestionOpened(question=Q1, opened_at=at(3_001), duration_ms=15_000),
    e.QuestionExtended(question=Q1, duration_ms=20_000),
    e.QuestionInterrupted(question=Q1, lost_ms=6_200),
    e.QuestionLocked(question=Q1, duration_ms=9_000, early=True),
    e.QuestionSealed(question=Q1, link=7, sha256="ab" * 32),
    e.AnswerRevealed(question=Q1, board=BOARD, key=B),
    e.StandingsShown(leaderboard=TOP),
    e.ShowPaused(reason="Mất tín hiệu"),
    e.ShowResumed(),
    e.QuestionVoided(question=Q1, reason="Sai", leaderboard=TOP),
    e.KeyCorrected(
        question=Q1, key=A, reason="Sai", board=BOARD, leaderboard=TOP, lines=(LINE,)
    ),
    e.ReserveTaken(question=R1, replaces=Q1),
    e.QuestionsReordered(order=(Q3, Q2)),
    e.QuestionPlaced(question=Q2, position=Position.SIDE),
    e.PrizeRulesSet(prize_min_right=2, max_prizes_per_person=1),
    e.StepReversed(phase=Phase.LOBBY, current=None, unasked=Q1),
    e.PictureShown(picture=Picture.REVEAL, question=Q1),
    e.NameHidden(participant=AN, hidden=True, alias="A."),
    e.EligibilitySet(participant=AN, eligible=False, reason="Ban Tổ chức"),
    e.NoticePosted(text="Xin chờ"),
    e.LookSet(look=Look.HOLD),
    e.LookSet(look=Look.HOLD, take=True),
    e.OutputSet(
        output="stage 16x9",
        settings=OutputSettings(theme="sen", delay_ms=500, hide=("fastest",)),
    ),
    e.NameHoldSet(hold=True),
    e.CheeringSet(on=True),
    e.StreamSet(aligned=True, delays={"a": 9_000}, sync_at=at(1_000)),
    e.DriverSet(name="Hoa"),
    e.ShowEnded(leaderboard=TOP, lines=(LINE,)),
    e.WinnerConfirmed(prize="show", participant=AN),
    e.WinnerSkipped(prize="show", participant=AN, reason="Trùng người"),
    e.ResultsConfirmed(),
    e.ResultsPublished(),
    e.PeopleChanged(participants=(AN, BINH), renamed=(AN,)),
    e.PeopleErased(participants=(AN,), reason="Đơn giấy"),
    e.PeopleExpired(people=12),
    e.PeopleExported(form="csv", people=12),
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


def secret_row(*, key: str, salt: str, note: str) -> EventRow:
    """Return the first row of a show with these secrets."""
    asked = replace(question("q1", key), explanation=note, source=note, author=note)
    spare = replace(question("r1", key, reserve=True), reviewer=note, duration_ms=9_000)
    event = replace(creation(None, asked, spare), salt=salt)
    return first_row(event, at_ms=5, actor="Hoa")


def test_what_is_chained_of_a_new_show_depends_on_no_secret() -> None:
    """R3.6: a seal code is shown before the reveal."""
    one = secret_row(key="A", salt="11" * 32, note="Vì sao A")
    other = secret_row(key="B", salt="22" * 32, note="Vì sao B")
    assert one.data != other.data
    assert public_text(one) == public_text(other)
    assert event_row(one) == event_row(other), "the chain must not depend on keys"


def test_what_is_chained_of_a_new_show_is_its_plan() -> None:
    said = msgspec.json.decode(public_text(secret_row(key="A", salt="1", note="x")))
    rules = msgspec.to_builtins(creation().rundown.rules)
    assert said == {
        "code": "THU1",
        "epoch": "e1",
        "title": "Thử",
        "lang": "vi",
        "rules": rules,
        "questions": [
            {
                "id": "q1",
                "options": list("ABCD"),
                "duration_ms": None,
                "reserve": False,
            },
            {
                "id": "r1",
                "options": list("ABCD"),
                "duration_ms": 9_000,
                "reserve": True,
            },
        ],
    }


def test_a_changed_rule_or_option_changes_what_is_chained() -> None:
    plain = first_row(creation(), at_ms=5, actor="Hoa")
    changed = creation(Rules(duration_ms=16_000))
    assert event_row(first_row(changed, at_ms=5, actor="Hoa")) != event_row(plain)


def test_erasing_an_alias_breaks_no_link() -> None:
    """What a moderator wrote over a name is personal data."""
    hidden = e.NameHidden(participant=AN, hidden=True, alias="Chị Bảy")
    row = next_row(new_show(), hidden, at_ms=5, actor="Hoa", ref="")
    gone = next_row(new_show(), replace(hidden, alias=""), at_ms=5, actor="Hoa", ref="")
    assert public_text(row) == '{"hidden":true,"participant":"an"}'
    assert event_row(row) == event_row(gone)


@pytest.mark.parametrize("event", SAMPLES, ids=lambda one: type(one).__name__)
def test_every_other_event_is_chained_as_it_is_stored(event: e.Event) -> None:
    row = next_row(new_show(), event, at_ms=5, actor="Hoa", ref="r1")
    cut = isinstance(event, e.ShowCreated | e.NameHidden)
    assert (public_text(row) == row.data) is not cut
