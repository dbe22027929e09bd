"""What corrections, withdrawals and erasures leave of a show: ranks, and no names."""

import pytest

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.decide import decide
from quizserver.domain.evolve import evolve
from quizserver.domain.ids import ParticipantId
from quizserver.domain.people import may_rename
from quizserver.domain.phases import Phase
from quizserver.domain.prizes import awards
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.show import NameMark, Show
from tests.shows import (
    AN,
    BINH,
    CHI,
    Q1,
    at,
    board,
    carried,
    confirmed,
    leaderboard,
    new_show,
    opening,
    revealing,
)

ERASE_AN = c.ErasePeople(participants=(AN,))


def refused(show: Show, command: c.Command) -> Reason:
    outcome = decide(show, command)
    assert isinstance(outcome, Rejected)
    return outcome.reason


def ended() -> Show:
    """Return a show that An has won before Bình."""
    return carried(
        new_show(),
        c.OpenLobby(),
        *opening(Q1),
        *revealing(Q1, board((AN, 2_000), (BINH, 3_000))),
        c.EndShow(leaderboard=leaderboard((AN, 1, 2_000), (BINH, 1, 3_000))),
    )


def winners(show: Show) -> list[tuple[str, str, str]]:
    return [(a.prize, a.participant, a.status) for a in awards(show)]


def test_who_is_erased_leaves_no_mark_and_every_rank_stays() -> None:
    """R2.6."""
    hidden = carried(ended(), c.HideName(participant=AN, alias="Chị A"))
    show = carried(hidden, ERASE_AN)
    assert show.withdrawn == {AN}
    assert show.names == {}
    assert (show.leaderboard, show.plays) == (hidden.leaderboard, hidden.plays)


def test_an_erasure_is_noted_once_and_with_those_who_are_left() -> None:
    show = carried(new_show(), ERASE_AN)
    assert refused(show, ERASE_AN) is Reason.UNKNOWN_PARTICIPANT
    both = decide(show, c.ErasePeople(participants=(AN, BINH), reason="Đơn giấy"))
    assert both == e.PeopleErased(participants=(BINH,), reason="Đơn giấy")


def test_prizes_that_are_not_confirmed_pass_over_who_withdrew() -> None:
    """R2.6, R5.4."""
    show = carried(ended(), ERASE_AN)
    assert winners(show) == [
        (Q1, AN, "passed"),
        (Q1, BINH, "provisional"),
        ("show", AN, "passed"),
        ("show", BINH, "provisional"),
    ]
    assert {a.reason for a in awards(show) if a.participant == AN} == {"withdrawn"}
    again = c.ConfirmWinner(prize=Q1, participant=AN)
    assert refused(show, again) is Reason.NOT_A_WINNER


def test_a_confirmed_prize_stays_with_who_withdrew_after_it() -> None:
    """R2.6: that was a named person's word, and stands."""
    show = carried(confirmed(ended()), ERASE_AN)
    assert winners(show) == [(Q1, AN, "confirmed"), ("show", AN, "confirmed")]
    assert show.phase is Phase.ENDED


@pytest.mark.parametrize(
    ("phase", "commands"),
    [
        (Phase.DRAFT, ()),
        (Phase.LOBBY, (c.OpenLobby(),)),
        (Phase.ASKED, (c.OpenLobby(), c.AskQuestion())),
        (Phase.OPEN, (c.OpenLobby(), *opening(Q1))),
    ],
)
def test_a_name_may_be_corrected_until_the_first_question(
    phase: Phase, commands: tuple[c.Command, ...]
) -> None:
    """R2.6: a prize must not change hands by a correction."""
    show = carried(new_show(), *commands)
    assert show.phase is phase
    is_early = phase in (Phase.DRAFT, Phase.LOBBY)
    assert may_rename(show) is is_early
    outcome = decide(show, c.ChangePeople(participants=(AN,), renamed=True))
    if is_early:
        assert outcome == e.PeopleChanged(participants=(AN,), renamed=(AN,))
    else:
        assert outcome == Rejected(Reason.NOT_NOW)
    consent = decide(show, c.ChangePeople(participants=(AN,)))
    assert consent == e.PeopleChanged(participants=(AN,))


def test_a_new_name_waits_again_and_what_was_hidden_stays_hidden() -> None:
    """R2.5: renaming is no way round the moderator."""
    show = carried(
        new_show(),
        c.HoldNames(hold=True),
        c.HideName(participant=AN, hidden=False),
        c.HideName(participant=BINH, hidden=True),
        c.HideName(participant=CHI, hidden=False, alias="Chị C"),
    )
    everybody = (AN, BINH, CHI)
    renamed = carried(show, c.ChangePeople(participants=everybody, renamed=True))
    assert renamed.names == {
        BINH: NameMark(hidden=True, alias=""),
        CHI: NameMark(hidden=False, alias="Chị C"),
    }
    agreed = carried(show, c.ChangePeople(participants=everybody))
    assert agreed.names == show.names


def test_nothing_is_left_to_change_of_who_was_erased() -> None:
    show = carried(new_show(), ERASE_AN)
    change = c.ChangePeople(participants=(AN,))
    assert refused(show, change) is Reason.UNKNOWN_PARTICIPANT


def test_when_the_time_is_over_no_name_is_left_and_winners_stand() -> None:
    """R2.7: nobody withdrew, so no prize moves."""
    before = carried(ended(), c.HideName(participant=AN, alias="Chị A"))
    show = carried(before, c.ExpirePeople(people=2))
    assert (show.names, show.withdrawn) == ({}, frozenset())
    assert winners(show) == winners(before)


def test_no_export_while_a_question_opens_or_is_open() -> None:
    """R4.1, R6.3: its line would be told to every phone."""
    lobby = carried(new_show(), c.OpenLobby())
    asked = carried(lobby, c.AskQuestion())
    rolling = carried(asked, c.OpenQuestion(at=at(7_000)))
    opened = carried(rolling, c.BeginQuestion(question=Q1, at=at(10_000)))
    locked = carried(opened, c.CloseQuestion(question=Q1))
    note = c.NoteExport(form="csv", people=2)
    for show in (lobby, asked, locked):
        assert not isinstance(decide(show, note), Rejected)
    for show in (rolling, opened):
        assert refused(show, note) is Reason.QUESTION_IS_ON


def test_an_export_changes_nothing_but_the_log() -> None:
    """R6.3."""
    show = ended()
    event = decide(show, c.NoteExport(form="csv", people=2))
    assert event == e.PeopleExported(form="csv", people=2)
    after = evolve(show, event)
    assert after.step == show.step + 1


def test_a_host_who_has_not_heard_of_quiet_steps_may_go_on() -> None:
    """R1.4: thousands may leave while a host reads a question aloud."""
    show = carried(new_show(), c.OpenLobby())
    seen = show.step
    gone = (c.ErasePeople(participants=(ParticipantId(f"p{n}"),)) for n in range(3))
    show = carried(show, *gone)
    assert not isinstance(decide(show, c.AskQuestion(step=seen)), Rejected)
    assert refused(show, c.AskQuestion(step=seen - 1)) is Reason.STALE_STEP
    assert refused(show, c.AskQuestion(step=show.step + 1)) is Reason.STALE_STEP
