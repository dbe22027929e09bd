"""What the ledger is given with an event: the keys that count, as they were played."""

from dataclasses import replace

from quizserver.domain import commands as c
from quizserver.live.appending import _keys
from tests.shows import Q1, Q2, Q3, R1, at, carried, new_show, opening, revealing


def test_keys_stand_in_the_order_in_which_questions_were_played() -> None:
    """R5.7: a row of right answers follows the play, not the pack."""
    show = carried(
        new_show(),
        c.OpenLobby(),
        c.ReorderQuestions(order=(Q2, Q1, Q3)),
        *opening(Q2, 10_000),
        *revealing(Q2),
        *opening(Q1, 40_000),
        *revealing(Q1),
    )
    assert list(_keys(show)) == [Q2, Q1]
    # The wall clock was set back meanwhile: that changes nothing.
    set_back = replace(at(40_000), utc_ms=at(1_000).utc_ms)
    plays = {**show.plays, Q1: replace(show.plays[Q1], opened_at=set_back)}
    assert list(_keys(replace(show, plays=plays))) == [Q2, Q1]
    void = c.VoidQuestion(question=Q2, reason="Sai đáp án")
    reserve = (c.TakeReserve(), *opening(R1, 70_000), *revealing(R1))
    show = carried(show, void, *reserve)
    assert list(_keys(show)) == [Q1, R1]
    assert _keys(show)[Q1] == show.questions[Q1].key
