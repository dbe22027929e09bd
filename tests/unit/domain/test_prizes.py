"""Who leads which prize, and what a host's word changes."""

from quizserver.domain import commands as c
from quizserver.domain.board import Leaderboard, Placing, Standing
from quizserver.domain.decide import decide
from quizserver.domain.phases import Phase
from quizserver.domain.prizes import Award, awards
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.show import Show
from tests.shows import (
    AN,
    BINH,
    CHI,
    Q1,
    board,
    carried,
    leaderboard,
    new_show,
    opening,
    revealing,
)


def ended(
    first: c.RevealAnswer | None = None, final: Leaderboard | None = None
) -> Show:
    """Return a show that ended after one question."""
    reveal = first or c.RevealAnswer(board=board((AN, 2_000), (BINH, 3_000)))
    return carried(
        new_show(),
        c.OpenLobby(),
        *opening(Q1),
        c.CloseQuestion(question=Q1),
        reveal,
        c.EndShow(leaderboard=final or leaderboard((AN, 1, 2_000), (BINH, 1, 3_000))),
    )


def said(show: Show, prize: str) -> list[tuple[str, str]]:
    """Return (participant, status) of a prize."""
    return [(a.participant, a.status) for a in awards(show) if a.prize == prize]


def test_winners_are_provisional_until_confirmed() -> None:
    """R5.4."""
    show = ended()
    assert said(show, Q1) == [(AN, "provisional")]
    assert said(show, "show") == [(AN, "provisional")]
    confirmed = carried(show, c.ConfirmWinner(prize=Q1, participant=AN))
    assert said(confirmed, Q1) == [(AN, "confirmed")]
    assert said(confirmed, "show") == [(AN, "provisional")]


def test_a_skipped_winner_makes_room_for_the_next_right_answer() -> None:
    """R5.4: with a reason that stays on record."""
    skip = c.SkipWinner(prize=Q1, participant=AN, reason="Người của Ban Tổ chức")
    show = carried(ended(), skip)
    assert said(show, Q1) == [(AN, "skipped"), (BINH, "provisional")]
    first = awards(show)[0]
    assert first.reason == "Người của Ban Tổ chức"


def test_a_tie_stays_undecided_until_somebody_is_confirmed() -> None:
    """R5.5."""
    tied = tuple(
        Placing(participant=who, rank=1, tied=True, time_ms=2_915) for who in (AN, CHI)
    )
    top = tuple(
        Standing(participant=who, rank=1, tied=True, right=1, total_ms=2_915)
        for who in (AN, CHI)
    )
    reveal = c.RevealAnswer(board=type(board())(counts=(), fastest=tied))
    show = ended(reveal, Leaderboard(top=top, participants=2))
    assert said(show, Q1) == [(AN, "undecided"), (CHI, "undecided")]
    decided = carried(show, c.ConfirmWinner(prize=Q1, participant=CHI))
    assert said(decided, Q1) == [(AN, "undecided"), (CHI, "confirmed")]


def test_results_are_not_final_while_a_tie_is_undecided() -> None:
    """R5.5: a named person decides first."""
    tied = tuple(
        Placing(participant=who, rank=1, tied=True, time_ms=2_915) for who in (AN, CHI)
    )
    reveal = c.RevealAnswer(board=type(board())(counts=(), fastest=tied))
    show = ended(reveal)
    assert decide(show, c.ConfirmResults()) == Rejected(Reason.TIE_UNDECIDED)
    decided = carried(show, c.ConfirmWinner(prize=Q1, participant=CHI))
    assert carried(decided, c.ConfirmResults()).phase is Phase.CONFIRMED


def test_nobody_right_wins_nothing() -> None:
    """A9: never a wrong answer."""
    show = ended(c.RevealAnswer(board=board()), leaderboard())
    assert awards(show) == ()


def test_the_show_has_no_winner_when_every_answer_was_wrong() -> None:
    """R5.4: they stand in the ranking, all equal first, and win nothing."""
    final = leaderboard((AN, 0, 0), (BINH, 0, 0))
    assert awards(ended(c.RevealAnswer(board=board()), final)) == ()


def test_a_void_question_has_no_prize() -> None:
    show = carried(ended(), c.VoidQuestion(question=Q1, reason="Sai đáp án"))
    assert said(show, Q1) == []


def test_an_award_of_the_show_says_right_answers_and_total() -> None:
    award = next(a for a in awards(ended()) if a.prize == "show")
    assert award == Award(
        prize="show",
        participant=AN,
        status=award.status,
        rank=1,
        tied=False,
        time_ms=2_000,
        right=1,
    )


def test_an_unrevealed_question_has_no_award() -> None:
    show = carried(new_show(), c.OpenLobby(), *opening(Q1))
    assert awards(show) == ()
    assert awards(carried(show, *revealing(Q1)))[0].participant == AN
