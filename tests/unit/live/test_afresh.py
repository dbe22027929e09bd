"""What was prepared for a show is there again when it begins anew."""

import json

from quizserver.domain import commands as c
from quizserver.domain.outputs import OutputSettings, Position
from quizserver.domain.show import Show
from quizserver.live.afresh import same_again, set_again
from quizserver.wire.common import encode
from tests.shows import Q1, Q2, Q3, R1, at, carried, new_show, opening


def said(*commands: c.Command) -> list[dict[str, object]]:
    """Return the messages that set again what these commands set."""
    show = carried(new_show(), *commands)
    return [json.loads(encode(one)) for one in set_again(show, "e2")]


def test_of_a_show_that_was_not_prepared_nothing_is_set_again() -> None:
    assert said(c.OpenLobby()) == []


def test_what_was_set_for_a_source_and_where_a_question_is_drawn_is_set_again() -> None:
    settings = OutputSettings(layout="9x16", delay_ms=0, safe=False, hide=("notice",))
    output, question = said(
        c.SetOutput(output="q2", settings=settings),
        c.PlaceQuestion(question=Q2, position=Position.FULL),
    )
    assert (output["command"], output["output"]) == ("set_output", "q2")
    assert output["settings"] == {
        "layout": "9x16",
        "delay_ms": 0,
        "safe": False,
        "hide": ["notice"],
    }
    assert (question["command"], question["question"]) == ("place", "q2")
    assert question["position"] == "full"
    assert output["ref"] != question["ref"], "an output may have a question's name"


def test_the_delays_that_were_measured_are_set_again_but_no_calibration_runs() -> None:
    delays = {"": 4_000, "ktv": 9_000}
    (stream,) = said(c.SetStream(at=at(1), aligned=True, delays=delays))
    assert stream["command"] == "stream"
    assert (stream["aligned"], stream["delays"]) == (True, delays)
    assert "sync" not in stream


def orders(show: Show) -> list[object]:
    return [json.loads(encode(one))["order"] for one in set_again(show, "e2")]


def test_the_order_that_was_agreed_on_stays_and_reserves_are_reserves_again() -> None:
    shuffled = carried(new_show(), c.ReorderQuestions(order=(Q3, Q1, Q2)))
    assert orders(shuffled) == [[Q3, Q1, Q2]]
    void = c.VoidQuestion(question=Q3, reason="Đề in sai")
    replaced = carried(shuffled, c.OpenLobby(), *opening(Q3), void, c.TakeReserve())
    assert replaced.order == (R1, Q1, Q2)
    assert orders(replaced) == [[Q3, Q1, Q2]]


def test_the_run_down_is_that_which_the_show_was_made_from() -> None:
    show = new_show()
    again = same_again(show)
    assert (again.title, again.lang, again.rules) == (show.title, "vi", show.rules)
    assert again.pack.questions == tuple(show.questions.values())
