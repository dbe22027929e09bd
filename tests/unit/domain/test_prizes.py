"""Who leads which prize, and what rules and a host's word change."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.board import Leaderboard, Placing, PrizeLine, Standing
from quizserver.domain.decide import decide
from quizserver.domain.evolve import evolve
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Phase
from quizserver.domain.prizes import Award, AwardStatus, awards
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Show
from tests.shows import (
    AN,
    BINH,
    CHI,
    DUNG,
    Q1,
    Q2,
    board,
    carried,
    confirmed,
    leaderboard,
    line,
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
    assert said(decided, Q1) == [(AN, "skipped"), (CHI, "confirmed")]
    assert {a.reason for a in awards(decided)} == {""}, "nobody wrote a reason"
    shared = carried(decided, c.ConfirmWinner(prize=Q1, participant=AN))
    assert said(shared, Q1) == [(AN, "confirmed"), (CHI, "confirmed")]


def test_results_are_not_final_while_a_tie_is_undecided() -> None:
    """R5.5: a named person decides first."""
    tied = tuple(
        Placing(participant=who, rank=1, tied=True, time_ms=2_915) for who in (AN, CHI)
    )
    reveal = c.RevealAnswer(board=type(board())(counts=(), fastest=tied))
    show = ended(reveal)
    assert decide(show, c.ConfirmResults()) == Rejected(Reason.TIE_UNDECIDED)
    decided = carried(show, c.ConfirmWinner(prize=Q1, participant=CHI))
    assert carried(confirmed(decided), c.ConfirmResults()).phase is Phase.CONFIRMED


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


# --- after the end: the lines of the ledger, and the rules ------------------------


def over(rules: Rules | None = None, *lines: PrizeLine) -> Show:
    """Return a show that ended after two questions with these lines."""
    return carried(
        new_show(rules),
        c.OpenLobby(),
        *opening(Q1),
        *revealing(Q1),
        *opening(Q2, 50_000),
        *revealing(Q2),
        c.EndShow(leaderboard=leaderboard((AN, 2, 4_000)), lines=lines),
    )


def word(prize: str, participant: str) -> c.Command:
    """Return a host's word for a winner."""
    return c.ConfirmWinner(prize=prize, participant=ParticipantId(participant))


def test_after_the_end_the_lines_count_and_no_longer_the_boards() -> None:
    show = over(None, line(Q1, (CHI, 1, 1_500, 2)), line("show", (DUNG, 1, 9_000, 3)))
    assert said(show, Q1) == [(CHI, "provisional")]
    assert said(show, Q2) == [(AN, "provisional")], "no line: its board"
    assert said(show, "show") == [(DUNG, "provisional")]
    assert [a.right for a in awards(show)] == [2, None, 3]


def test_nobody_in_the_line_of_the_show_is_nobody_who_wins() -> None:
    show = over(None, PrizeLine(prize="show", candidates=()))
    assert said(show, "show") == []


def test_an_answer_faster_than_reading_wins_no_speed_prize() -> None:
    """R4.11: below 300 ms; the rank stays."""
    show = over(None, line(Q1, (AN, 1, 299, 2), (BINH, 2, 300, 1)))
    first, second = [a for a in awards(show) if a.prize == Q1]
    assert (first.status, first.reason, first.rank) == ("passed", "impossible", 1)
    assert (second.participant, second.status) == (BINH, "provisional")


def test_before_the_end_too_an_impossible_answer_is_passed_over() -> None:
    show = carried(
        new_show(Rules(prize_min_right=8)),
        c.OpenLobby(),
        *opening(Q1),
        *revealing(Q1, board((AN, 290), (BINH, 3_000))),
    )
    assert said(show, Q1) == [(AN, "passed"), (BINH, "provisional")]


def test_the_winner_of_the_show_needs_no_minimum() -> None:
    show = over(Rules(prize_min_right=8), line("show", (AN, 1, 200, 1)))
    assert said(show, "show") == [(AN, "provisional")]


def test_too_few_right_answers_in_the_show_win_no_question() -> None:
    """R5.4: `prize_min_right`."""
    rows = (AN, 1, 900, 7), (BINH, 2, 1_500, 8)
    show = over(Rules(prize_min_right=8), line(Q1, *rows))
    assert said(show, Q1) == [(AN, "passed"), (BINH, "provisional")]
    assert awards(show)[0].reason == "min_right"
    assert said(over(None, line(Q1, *rows)), Q1) == [(AN, "provisional")]


def test_most_prizes_for_one_person_go_by_the_order_of_confirming() -> None:
    """R5.4: `max_prizes_per_person`."""
    lines = (
        line(Q1, (AN, 1, 900, 2), (BINH, 2, 1_500, 2)),
        line(Q2, (AN, 1, 950, 2), (CHI, 2, 1_600, 2)),
        line("show", (AN, 1, 1_850, 2), (BINH, 2, 3_000, 2)),
    )
    show = over(Rules(max_prizes_per_person=1), *lines)
    by_show = carried(show, word("show", AN))
    assert said(by_show, Q1) == [(AN, "passed"), (BINH, "provisional")]
    assert said(by_show, Q2) == [(AN, "passed"), (CHI, "provisional")]
    by_question = carried(show, word(Q2, AN))
    assert said(by_question, Q2) == [(AN, "confirmed")]
    assert said(by_question, "show") == [(AN, "passed"), (BINH, "provisional")]
    assert {a.reason for a in awards(by_question) if a.status == "passed"} == {
        "max_prizes"
    }
    given_back = c.SkipWinner(prize=Q2, participant=AN, reason="Từ chối giải")
    assert said(carried(by_question, given_back), Q1) == [(AN, "provisional")]


def test_a_prize_that_a_rule_passes_over_cannot_be_confirmed() -> None:
    show = over(None, line(Q1, (AN, 1, 299, 2), (BINH, 2, 300, 1)))
    assert decide(show, word(Q1, AN)) == Rejected(Reason.NOT_A_WINNER)


def test_who_is_not_eligible_is_passed_over_everywhere() -> None:
    """R2.5."""
    rows = (AN, 1, 900, 2), (BINH, 2, 1_500, 2)
    show = over(None, line(Q1, *rows), line("show", *rows))
    mark = c.SetEligible(participant=AN, eligible=False, reason="Nhân viên")
    show = carried(show, mark)
    expected = [(AN, "passed"), (BINH, "provisional")]
    assert said(show, Q1) == said(show, "show") == expected
    assert {a.reason for a in awards(show) if a.participant == AN} == {"not_eligible"}


def test_every_skip_moves_the_prize_on_to_the_end_of_the_line() -> None:
    """R5.4."""
    show = over(
        None, line(Q1, (AN, 1, 900, 1), (BINH, 2, 1_000, 1), (CHI, 3, 1_100, 1))
    )
    for who in (AN, BINH, CHI):
        assert said(show, Q1)[-1] == (who, "provisional")
        skip = c.SkipWinner(prize=Q1, participant=who, reason="Vắng mặt")
        show = carried(show, skip)
    assert said(show, Q1) == [(AN, "skipped"), (BINH, "skipped"), (CHI, "skipped")]
    assert said(carried(show, word(Q1, BINH)), Q1) == [
        (AN, "skipped"),
        (BINH, "confirmed"),
    ]


def test_a_tie_is_decided_for_one_or_for_several() -> None:
    """R5.5."""
    show = over(None, line(Q1, (AN, 1, 900, 1), (BINH, 1, 905, 1), (CHI, 3, 1_100, 1)))
    assert said(show, Q1) == [(AN, "undecided"), (BINH, "undecided")]
    one = carried(show, word(Q1, BINH))
    assert said(one, Q1) == [(AN, "skipped"), (BINH, "confirmed")]
    both = carried(one, word(Q1, AN))
    assert said(both, Q1) == [(AN, "confirmed"), (BINH, "confirmed")]


def test_a_tie_of_which_one_is_passed_over_is_none() -> None:
    show = over(None, line(Q1, (AN, 1, 900, 1), (BINH, 1, 905, 1)))
    skip = c.SkipWinner(prize=Q1, participant=AN, reason="Nhân viên")
    assert said(carried(show, skip), Q1) == [(AN, "skipped"), (BINH, "provisional")]


def test_who_was_skipped_is_not_confirmed_over_the_next_who_was() -> None:
    """Else two people would hold one prize, and count it."""
    show = over(None, line(Q1, (AN, 1, 900, 1), (BINH, 2, 1_000, 1)))
    skip_an = c.SkipWinner(prize=Q1, participant=AN, reason="Vắng mặt")
    show = carried(show, skip_an, word(Q1, BINH))
    assert decide(show, word(Q1, AN)) == Rejected(Reason.NOT_A_WINNER)
    skip_binh = c.SkipWinner(prize=Q1, participant=BINH, reason="An đã đến")
    assert said(carried(show, skip_binh, word(Q1, AN)), Q1) == [(AN, "confirmed")]


def test_a_recount_drops_confirmations_and_keeps_skips() -> None:
    """R1.6."""
    rows = (AN, 1, 900, 2), (BINH, 2, 1_500, 2)
    show = over(None, line(Q1, *rows), line("show", *rows))
    skip = c.SkipWinner(prize=Q1, participant=AN, reason="Nhân viên")
    show = confirmed(carried(show, skip))
    event = e.QuestionVoided(
        question=Q2,
        reason="Sai đề",
        leaderboard=leaderboard((AN, 1, 900)),
        lines=(line(Q1, *rows), line("show", *rows)),
    )
    after = evolve(show, event)
    assert said(after, Q1) == [(AN, "skipped"), (BINH, "provisional")]
    assert said(after, "show") == [(AN, "provisional")]
    assert said(after, Q2) == []


PEOPLE = (AN, BINH, CHI, DUNG)
LINES = tuple(
    line(
        prize, *((who, 1 + at // 2 * 2, 250 + 100 * at, 3 + at % 3) for who, at in row)
    )
    for prize, row in (
        (Q1, [(AN, 0), (BINH, 1), (CHI, 2), (DUNG, 3)]),
        (Q2, [(BINH, 0), (AN, 1), (CHI, 2)]),
        ("show", [(CHI, 0), (AN, 1), (BINH, 2)]),
    )
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.builds(
                c.ConfirmWinner,
                prize=st.sampled_from([Q1, Q2, "show"]),
                participant=st.sampled_from(PEOPLE),
            ),
            st.builds(
                c.SkipWinner,
                prize=st.sampled_from([Q1, Q2, "show"]),
                participant=st.sampled_from(PEOPLE),
                reason=st.just("-"),
            ),
            st.builds(
                c.SetEligible,
                participant=st.sampled_from(PEOPLE),
                eligible=st.booleans(),
                reason=st.just("-"),
            ),
        ),
        max_size=25,
    ),
    st.integers(0, 2),
)
def test_whatever_a_host_says_the_rules_hold(
    commands: list[c.Command], most: int
) -> None:
    """R2.5, R5.4, R5.5: no prize beyond the rules, no confirmation lost to sight."""
    show = over(Rules(max_prizes_per_person=most, prize_min_right=4), *LINES)
    for command in commands:
        outcome = decide(show, command)
        if not isinstance(outcome, Rejected):
            show = evolve(show, outcome)
        held = [a for a in awards(show) if a.status is AwardStatus.CONFIRMED]
        winners = [a.participant for a in held]
        assert not most or all(winners.count(who) <= most for who in winners)
        assert not any(who in show.not_eligible for who in winners)
        assert len({(a.prize, a.rank) for a in held}) == len({a.prize for a in held})
        last = {(d.prize, d.participant): d.confirmed for d in show.decisions}
        assert {k for k, is_won in last.items() if is_won} == {
            (a.prize, a.participant) for a in held
        }
