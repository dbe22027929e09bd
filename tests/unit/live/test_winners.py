"""Why somebody does not win: the same sentence for panels and reports."""

from dataclasses import replace

import pytest

from quizserver.domain import commands as c
from quizserver.domain.prizes import Award, AwardStatus, awards
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Show
from quizserver.live.winners import award_reason
from quizserver.texts.catalogue import LANGS
from tests.shows import (
    AN,
    BINH,
    Q1,
    carried,
    leaderboard,
    line,
    new_show,
    opening,
    revealing,
)

ROWS = (AN, 1, 214, 4), (BINH, 2, 1_500, 8)


def over(rules: Rules, lang: str = "vi") -> Show:
    """Return a show that ended with An before Bình in the line of question 1."""
    return carried(
        replace(new_show(rules), lang=lang),
        c.OpenLobby(),
        *opening(Q1),
        *revealing(Q1),
        c.EndShow(
            leaderboard=leaderboard((AN, 1, 2_000)),
            lines=(line(Q1, *ROWS), line("show", *ROWS)),
        ),
    )


def why(show: Show, prize: str = Q1, participant: str = AN) -> str:
    """Return the sentence on somebody's claim."""
    (award,) = [
        one
        for one in awards(show)
        if (one.prize, one.participant) == (prize, participant)
    ]
    return award_reason(show, award)


def test_an_impossible_time_is_said_with_its_bound() -> None:
    expected = "Trả lời sau 0,21 giây, nhanh hơn mức có thể đọc (0,3 giây)"
    assert why(over(Rules())) == expected


def test_too_few_right_answers_are_counted() -> None:
    """R5.4; questions are those of the show."""
    show = over(Rules(prize_min_right=8))
    slow = carried(
        new_show(Rules(prize_min_right=8)),
        c.OpenLobby(),
        *opening(Q1),
        *revealing(Q1),
        c.EndShow(
            leaderboard=leaderboard((AN, 1, 2_000)), lines=(line(Q1, (AN, 1, 900, 4)),)
        ),
    )
    assert why(slow) == "Đúng 4/3 câu, thể lệ cần ít nhất 8"
    assert why(show).startswith("Trả lời sau"), "the first rule that holds"


def test_a_prize_too_many_is_said_so() -> None:
    show = over(Rules(max_prizes_per_person=1))
    show = carried(show, c.ConfirmWinner(prize="show", participant=AN))
    assert why(show, "show") == ""
    show = carried(
        show, c.SetEligible(participant=BINH, eligible=False, reason="Nhân viên")
    )
    assert why(show) == "Đã nhận đủ 1 giải, số giải nhiều nhất cho một người"
    assert why(show, Q1, BINH) == "Không được xét giải: Nhân viên"


def test_a_hosts_own_words_are_the_reason_of_a_skip() -> None:
    skip = c.SkipWinner(prize="show", participant=AN, reason="Vắng mặt")
    assert why(carried(over(Rules()), skip), "show") == "Vắng mặt"


def test_who_lost_a_decided_tie_is_told_so() -> None:
    lost = Award(
        prize="show",
        participant=AN,
        status=AwardStatus.SKIPPED,
        rank=1,
        tied=True,
        time_ms=2_000,
    )
    expected = "Đồng hạng; Ban Tổ chức đã chọn người đồng hạng"
    assert award_reason(over(Rules()), lost) == expected


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "code", ["impossible", "min_right", "max_prizes", "not_eligible"]
)
def test_every_rule_has_its_sentence_in_each_language(lang: str, code: str) -> None:
    passed = Award(
        prize=Q1,
        participant=AN,
        status=AwardStatus.PASSED,
        rank=1,
        tied=False,
        time_ms=214,
        right=4,
        reason=code,
    )
    sentence = award_reason(over(Rules(), lang), passed)
    assert sentence
    assert "{" not in sentence
