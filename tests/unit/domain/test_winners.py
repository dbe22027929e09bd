"""What a host says of winners: what is refused, and what it moves."""

from dataclasses import replace

import pytest

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.decide import decide
from quizserver.domain.evolve import evolve
from quizserver.domain.ids import ParticipantId
from quizserver.domain.prizes import AwardStatus, awards
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Show
from tests.shows import (
    AN,
    BINH,
    CHI,
    Q1,
    carried,
    confirmed,
    ended_with_lines,
    leaderboard,
    line,
    new_show,
    opening,
    revealing,
)


def after_a_question() -> Show:
    """Return a show after the reveal of its first question."""
    return carried(new_show(), c.OpenLobby(), *opening(Q1), *revealing(Q1))


def ended() -> Show:
    """Return a show that An has won."""
    return carried(
        after_a_question(), c.EndShow(leaderboard=leaderboard((AN, 1, 2_000)))
    )


def refused(show: Show, command: c.Command) -> Reason:
    """Return why a command is refused."""
    outcome = decide(show, command)
    assert isinstance(outcome, Rejected)
    return outcome.reason


def word(prize: str, participant: ParticipantId) -> c.Command:
    """Return a host's word for a winner."""
    return c.ConfirmWinner(prize=prize, participant=participant)


def holders(show: Show) -> set[tuple[str, str]]:
    """Return (prize, participant) of all who are confirmed."""
    return {
        (award.prize, award.participant)
        for award in awards(show)
        if award.status is AwardStatus.CONFIRMED
    }


@pytest.mark.parametrize(
    "command",
    [
        word("show", BINH),
        word("q9", AN),
        c.SkipWinner(prize="show", participant=BINH, reason="-"),
        c.SkipWinner(prize="q9", participant=AN, reason="-"),
    ],
)
def test_only_who_has_a_claim_is_confirmed_or_passed_over(command: c.Command) -> None:
    """R5.4."""
    assert refused(ended(), command) is Reason.NOT_A_WINNER


def test_nobody_is_confirmed_or_passed_over_twice() -> None:
    given = word(Q1, AN)
    show = carried(ended(), given)
    assert refused(show, given) is Reason.NOT_A_WINNER
    skip = c.SkipWinner(prize=Q1, participant=AN, reason="-")
    show = carried(show, skip)
    assert refused(show, skip) is Reason.NOT_A_WINNER


def test_nobody_is_confirmed_over_who_was_confirmed_instead() -> None:
    """R5.4: that one is skipped first, so that a prize has one rank of winners."""
    rows = leaderboard((AN, 1, 2_000), (BINH, 1, 3_000))
    show = carried(after_a_question(), c.EndShow(leaderboard=rows))
    skip = c.SkipWinner(prize="show", participant=AN, reason="Vắng mặt")
    show = carried(show, skip, word("show", BINH))
    late = word("show", AN)
    assert refused(show, late) is Reason.NOT_A_WINNER


def test_passing_a_winner_over_needs_a_reason() -> None:
    """R5.4."""
    skip = c.SkipWinner(prize="show", participant=AN, reason="")
    assert refused(ended(), skip) is Reason.REASON_MISSING


def test_results_wait_until_a_tie_is_decided() -> None:
    """R5.5."""
    tied = line("show", (AN, 1, 2_000, 1), (BINH, 1, 2_000, 1))
    end = c.EndShow(leaderboard=leaderboard((AN, 1, 2_000)), lines=(tied,))
    show = carried(after_a_question(), end)
    assert refused(show, c.ConfirmResults()) is Reason.TIE_UNDECIDED


def test_results_wait_until_every_winner_is_confirmed() -> None:
    """R5.4."""
    show = ended()
    assert refused(show, c.ConfirmResults()) is Reason.WINNERS_UNCONFIRMED
    show = carried(show, word(Q1, AN))
    assert refused(show, c.ConfirmResults()) is Reason.WINNERS_UNCONFIRMED
    show = carried(show, word("show", AN))
    assert decide(show, c.ConfirmResults()) == e.ResultsConfirmed()


def test_who_may_win_nothing_needs_a_reason_for_the_log() -> None:
    """R2.5, R6.3."""
    bare = c.SetEligible(participant=AN, eligible=False, reason="")
    assert refused(new_show(), bare) is Reason.REASON_MISSING
    long = c.SetEligible(participant=AN, eligible=True, reason="x" * 201)
    assert refused(new_show(), long) is Reason.TEXT_TOO_LONG


def test_who_may_win_again_is_forgotten() -> None:
    out = e.EligibilitySet(participant=AN, eligible=False, reason="Nhân viên")
    back = e.EligibilitySet(participant=AN, eligible=True, reason="Nhầm người")
    show = evolve(evolve(new_show(), out), back)
    assert show.not_eligible == {}


def test_confirmations_fall_only_where_eligibility_moves_a_winner() -> None:
    """R2.5, R5.4: whoever confirmed must look again, and only there."""
    show = confirmed(ended_with_lines())
    other = carried(
        show, c.SetEligible(participant=CHI, eligible=False, reason="Nhân viên")
    )
    assert other.decisions == show.decisions
    out = carried(show, c.SetEligible(participant=AN, eligible=False, reason="-"))
    assert out.decisions == (), "An had won both"
    moved = carried(
        confirmed(out), c.SetEligible(participant=AN, eligible=True, reason="-")
    )
    assert moved.decisions == (), "An stands in both lines again"
    last = carried(
        confirmed(out), c.SetEligible(participant=CHI, eligible=True, reason="-")
    )
    assert len(last.decisions) == 2, "Chi stands in no line"


def test_a_winner_far_down_a_line_stays_confirmed_when_a_stranger_may_win() -> None:
    """R2.5: 200 blind tappers stood before Bình, whom the rules passed over."""
    show = ended_with_lines()
    far = line(Q1, (BINH, 201, 3_000, 1))
    show = confirmed(replace(show, lines=(far, show.lines[1])))
    after = carried(
        show, c.SetEligible(participant=CHI, eligible=True, reason="Nhầm người")
    )
    assert after.decisions == show.decisions


def test_a_prize_given_back_opens_those_that_went_to_others_meanwhile() -> None:
    """With `max_prizes_per_person`: whoever confirmed must look again."""
    one = Rules(max_prizes_per_person=1)
    rows = (AN, 1, 900, 2), (BINH, 2, 1_500, 2)
    low = (CHI, 1, 800, 2), (AN, 2, 900, 2)
    show = ended_with_lines(one, line(Q1, *rows), line("show", *low))
    show = carried(show, word("show", CHI), word(Q1, AN))
    back = c.SkipWinner(prize=Q1, participant=AN, reason="Từ chối giải")
    assert holders(carried(show, back)) == {("show", CHI)}, "An is below"
    show = ended_with_lines(one, line(Q1, *rows), line("show", *rows))
    show = carried(show, word("show", AN), word(Q1, BINH))
    back = c.SkipWinner(prize="show", participant=AN, reason="Từ chối giải")
    assert holders(carried(show, back)) == set(), "An may win the question again"


def test_without_a_bound_a_prize_given_back_moves_no_other() -> None:
    show = carried(ended_with_lines(), word("show", AN), word(Q1, AN))
    back = c.SkipWinner(prize="show", participant=AN, reason="Từ chối giải")
    assert holders(carried(show, back)) == {(Q1, AN)}


def test_before_the_end_there_is_no_confirmation_to_fall() -> None:
    mark = c.SetEligible(participant=AN, eligible=False, reason="Nhân viên")
    show = carried(after_a_question(), mark)
    assert (show.phase, show.not_eligible) == ("revealed", {AN: "Nhân viên"})
