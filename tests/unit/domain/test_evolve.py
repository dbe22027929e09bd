"""`evolve` and `replay`: events make the show, live or later."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.decide import decide
from quizserver.domain.evolve import _EVOLVE, evolve, replay
from quizserver.domain.ids import OptionId
from quizserver.domain.outputs import OutputSettings, Position
from quizserver.domain.phases import Look, Phase, Picture, following
from quizserver.domain.rejections import Rejected
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Again, Decision, NameMark, Show
from tests.shows import (
    AN,
    BINH,
    CHI,
    DUNG,
    Q1,
    Q2,
    Q3,
    R1,
    at,
    board,
    carried,
    confirmed,
    creation,
    ended_with_lines,
    leaderboard,
    line,
    new_show,
    opening,
    revealing,
)


def test_every_kind_of_event_can_be_followed() -> None:
    assert set(_EVOLVE) == set(e.KINDS) - {"ShowCreated"}


def test_a_question_lives_from_waiting_to_revealed() -> None:
    """R1.2."""
    show = carried(new_show(), c.OpenLobby())
    states = [show.plays[Q1].state]
    for command in (*opening(Q1), *revealing(Q1)):
        show = carried(show, command)
        states.append(show.plays[Q1].state)
    assert states == ["waiting", "asked", "asked", "open", "locked", "revealed"]
    assert show.play.opened_at == at(10_000)
    assert show.play.board == board((AN, 2_000), (BINH, 3_000))


def test_voiding_after_the_show_brings_the_order_without_the_question() -> None:
    """R1.6, A13."""
    show = carried(new_show(), c.OpenLobby(), *opening(Q1), *revealing(Q1))
    show = carried(show, c.EndShow(leaderboard=leaderboard((AN, 1, 2_000))))
    without = leaderboard((BINH, 0, 0))
    event = e.QuestionVoided(question=Q1, reason="Sai", leaderboard=without)
    after = evolve(show, event)
    assert (after.phase, after.leaderboard) == (Phase.ENDED, without)
    assert after.plays[Q1].void_reason == "Sai"


def test_names_decisions_and_notices_are_remembered() -> None:
    show = carried(
        new_show(),
        c.HideName(participant=AN, hidden=True, alias="A."),
        c.PostNotice(text="Xin chờ"),
        c.SetLook(look=Look.HOLD),
        c.HoldNames(hold=True),
        c.SetCheering(on=True),
        c.SetDriver(name="Hoa"),
        c.OpenLobby(),
        c.EndShow(leaderboard=leaderboard((AN, 1, 2_000), (BINH, 1, 2_500))),
        c.SkipWinner(prize="show", participant=AN, reason="Trùng"),
        c.ConfirmWinner(prize="show", participant=BINH),
        c.SetEligible(participant=CHI, eligible=False, reason="Nhân viên"),
    )
    assert show.not_eligible == {CHI: "Nhân viên"}
    assert show.names == {AN: NameMark(hidden=True, alias="A.")}
    assert show.names_held
    assert show.cheering
    assert (show.notice, show.look, show.driver) == ("Xin chờ", Look.HOLD, "Hoa")
    assert show.decisions == (
        Decision(prize="show", participant=AN, confirmed=False, reason="Trùng"),
        Decision(prize="show", participant=BINH, confirmed=True),
    )


def test_a_pause_gives_back_the_phase_behind_it() -> None:
    paused = carried(new_show(), c.OpenLobby(), c.PauseShow(reason="Mất điện"))
    assert (paused.phase, paused.stage_phase) == (Phase.PAUSED, Phase.LOBBY)
    assert paused.pause_reason == "Mất điện"
    resumed = carried(paused, c.ResumeShow())
    assert (resumed.phase, resumed.behind, resumed.pause_reason) == (
        Phase.LOBBY,
        None,
        "",
    )


def test_a_corrected_key_changes_key_board_order_and_lines() -> None:
    """R1.6: the first key stays known, raw answers stay as they are."""
    show = confirmed(ended_with_lines())
    show = carried(show, c.ConfirmResults(), c.PublishResults())
    event = e.KeyCorrected(
        question=Q1,
        key=OptionId("A"),
        reason="Sai",
        board=board((CHI, 4_000), key="A"),
        leaderboard=leaderboard((CHI, 1, 4_000)),
        lines=(line("show", (CHI, 1, 4_000, 1)),),
    )
    after = evolve(show, event)
    assert (after.phase, after.questions[Q1].key) == (Phase.ENDED, "A")
    assert after.plays[Q1].key_was == "B"
    assert after.plays[Q1].board == board((CHI, 4_000), key="A")
    assert (after.leaderboard, after.lines) == (event.leaderboard, event.lines)
    assert after.decisions == (), "everything is confirmed anew"
    again = evolve(after, replace(event, key=OptionId("C")))
    assert again.plays[Q1].key_was == "B", "the first key, however often corrected"


def test_before_the_end_a_recount_brings_only_a_new_order() -> None:
    show = carried(new_show(), c.OpenLobby(), *opening(Q1), *revealing(Q1))
    event = e.KeyCorrected(
        question=Q1,
        key=OptionId("A"),
        reason="Sai",
        board=board((CHI, 4_000), key="A"),
        leaderboard=leaderboard((CHI, 1, 4_000)),
    )
    after = evolve(show, event)
    assert (after.phase, after.lines) == (Phase.REVEALED, ())
    assert after.leaderboard == event.leaderboard


def test_a_recount_keeps_what_a_host_wrote_of_people_passed_over() -> None:
    skip = c.SkipWinner(prize="show", participant=AN, reason="Trùng")
    show = carried(ended_with_lines(), skip)
    show = confirmed(show)
    event = e.QuestionVoided(
        question=Q1, reason="Sai", leaderboard=leaderboard(), lines=()
    )
    after = evolve(show, event)
    assert [word.reason for word in after.decisions] == ["Trùng"]


def test_what_interruptions_cost_a_question_adds_up() -> None:
    """R1.6: the deadline stands all the same."""
    show = carried(new_show(), c.OpenLobby(), *opening(Q1))
    before = show.play
    for ms in (4_000, 1_500):
        show = carried(show, c.NoteInterruption(question=Q1, lost_ms=ms))
    assert show.play == replace(before, lost_ms=5_500)


def test_a_seal_stands_in_the_play_and_names_its_step() -> None:
    """R6.1."""
    show = carried(new_show(), c.OpenLobby(), *opening(Q1))
    assert not show.awaits_seal
    show = carried(show, c.CloseQuestion(question=Q1))
    assert show.awaits_seal
    seal = c.SealQuestion(question=Q1, link=3, sha256="cd" * 32)
    show = carried(show, seal)
    assert not show.awaits_seal
    assert (show.play.seal, show.heard_step) == ("cd" * 32, show.step - 1)


def test_a_show_in_which_everything_happens() -> None:
    """R1: extended, voided while open, replaced, paused in the roll, corrected."""
    lines = (
        line(R1, (AN, 1, 2_000, 1), (BINH, 2, 3_000, 1)),
        line("show", (AN, 1, 2_000, 1), (BINH, 2, 3_000, 1)),
    )
    show = carried(
        new_show(Rules(max_prizes_per_person=1)),
        c.OpenLobby(),
        *opening(Q1),
        c.ExtendQuestion(ms=5_000, at=at(12_000)),
        c.VoidQuestion(question=None, reason="Mất tiếng"),
        c.TakeReserve(),
        c.AskQuestion(),
        c.OpenQuestion(at=at(40_000)),
        c.PauseShow(reason="Mất điện"),
    )
    assert (show.plays[Q1].duration_ms, show.plays[Q1].state) == (20_000, "void")
    assert (show.order, show.current) == ((R1, Q2, Q3), R1)
    assert show.play.opens_at is None, "nobody had seen it yet"
    show = carried(
        show,
        c.ResumeShow(),
        c.OpenQuestion(at=at(60_000)),
        c.BeginQuestion(question=R1, at=at(63_000)),
        c.CloseQuestion(question=R1),
        c.SealQuestion(question=R1, link=9, sha256="ab" * 32),
        c.RevealAnswer(board=board((AN, 2_000), key="D")),
        c.ShowStandings(leaderboard=leaderboard((AN, 1, 2_000))),
        c.EndShow(leaderboard=leaderboard((AN, 1, 2_000)), lines=lines),
    )
    assert show.phase is Phase.ENDED
    won = carried(
        show,
        c.ConfirmWinner(prize="show", participant=AN),
        c.ConfirmWinner(prize=R1, participant=BINH),
    )
    back = c.SkipWinner(prize="show", participant=AN, reason="Từ chối giải")
    freed = carried(won, back)
    assert [word.participant for word in freed.decisions if word.confirmed] == [AN]
    assert freed.decisions[-1].reason == "Từ chối giải"
    again = c.SkipWinner(prize="show", participant=BINH, reason="Vắng mặt")
    assert len(carried(freed, again).decisions) == len(freed.decisions) + 1


def test_a_new_order_a_step_back_and_a_picture_of_before_are_followed() -> None:
    """R1.7, R1.8, R1.9."""
    standings = c.ShowStandings(leaderboard=leaderboard())
    show = carried(new_show(), c.OpenLobby(), c.ReorderQuestions(order=(Q3, Q1, Q2)))
    assert show.order == (Q3, Q1, Q2)
    back = carried(show, c.AskQuestion(), c.ReverseStep())
    assert (back.phase, back.current, back.plays) == (Phase.LOBBY, None, show.plays)
    show = carried(back, *opening(Q3), *revealing(Q3), standings)
    show = carried(show, c.ReverseStep())
    assert (show.phase, show.current) == (Phase.REVEALED, Q3)
    again = carried(show, c.ShowPicture(picture=Picture.REVEAL))
    assert again.again == Again(picture=Picture.REVEAL, question=Q3)
    assert carried(again, c.PostNotice(text="Xin chờ")).again == again.again
    for command in (
        c.AskQuestion(),
        c.ShowPicture(picture=Picture.LIVE),
        c.VoidQuestion(question=Q3, reason="Sai"),
    ):
        assert carried(again, command).again is None


def everything(show: Show) -> list[c.Command]:
    """Return a command of every kind, with whom and what the show has."""
    now = at(10_000 * show.step)
    played = [question for question, play in show.plays.items() if play.opened_at]
    people = (AN, BINH, CHI)
    prizes = [str(question) for question in played] + ["show"]
    lines = tuple(
        line(prize, (AN, 1, 2_000, 1), (BINH, 2, 3_000, 1), (CHI, 2, 3_001, 1))
        for prize in prizes
    )
    top = leaderboard((AN, 1, 2_000))
    commands: list[c.Command] = [
        c.OpenLobby(),
        c.AskQuestion(),
        c.OpenQuestion(at=now),
        c.LockQuestion(at=now),
        c.ExtendQuestion(ms=9_000, at=now),
        c.RevealAnswer(board=board((AN, 2_000))),
        c.ShowStandings(leaderboard=top),
        c.TakeReserve(),
        c.PauseShow(reason="-"),
        c.ResumeShow(),
        c.PostNotice(text="!"),
        c.SetLook(look=Look.CLEAR),
        c.SetLook(look=Look.HOLD),
        c.TakeLook(),
        c.SetOutput(output="stage", settings=OutputSettings(hide=("fastest",))),
        c.HoldNames(hold=True),
        c.SetCheering(on=True),
        c.SetDriver(name="Hoa"),
        c.SetStream(at=now, aligned=True, delays={"a": 9_000}, sync=True),
        c.HideName(participant=AN, alias="A."),
        c.EndShow(leaderboard=top, lines=lines),
        c.ConfirmResults(),
        c.PublishResults(),
        c.ReorderQuestions(order=show.waiting[::-1]),
        c.ReverseStep(),
        *(c.ShowPicture(picture=picture) for picture in Picture),
        c.ChangePeople(participants=people, renamed=True),
        c.ErasePeople(participants=(DUNG,)),
        c.ExpirePeople(people=3),
        c.NoteExport(form="csv", people=3),
    ]
    for question in show.questions:
        commands += [
            c.BeginQuestion(question=question, at=now),
            c.CloseQuestion(question=question),
            c.PlaceQuestion(question=question, position=Position.FULL),
            c.SealQuestion(question=question, link=3, sha256="0f" * 32),
            c.VoidQuestion(question=question, reason="-"),
            c.CorrectKey(question=question, key=OptionId("A"), reason="-"),
            c.CorrectKey(question=question, key=OptionId("B"), reason="-"),
        ]
    for who in people:
        commands += [
            c.SetEligible(
                participant=who, eligible=who in show.not_eligible, reason="-"
            ),
            *(c.ConfirmWinner(prize=prize, participant=who) for prize in prizes),
            *(c.SkipWinner(prize=p, participant=who, reason="-") for p in prizes),
        ]
    return commands


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 1_000_000), max_size=70),
    st.builds(Rules, ask_first=st.booleans(), max_prizes_per_person=st.integers(0, 1)),
)
def test_a_replayed_show_equals_the_live_one(choices: list[int], rules: Rules) -> None:
    """R6.1: the journal's events are the show; phases only follow the table.

    A walk: at each step one of the commands that are possible then.
    """
    first = creation(rules)
    show = replay([first])
    journal: list[e.Event] = [first]
    for choice in choices:
        outcomes = [(one, decide(show, one)) for one in everything(show)]
        possible = [(one, o) for one, o in outcomes if not isinstance(o, Rejected)]
        command, event = possible[choice % len(possible)]
        expected = following(show.phase, type(command).__name__)
        if isinstance(command, c.ResumeShow):
            expected = show.behind
        if isinstance(event, e.StepReversed):
            expected = event.phase
        show = evolve(show, event)
        assert show.phase is expected
        journal.append(event)
    assert show.step == len(journal)
    assert replay(journal) == show
    for cut in range(1, len(journal)):
        assert replay(journal[:cut]).step == cut


def test_hold_keeps_the_show_of_its_moment_and_take_moves_it_on() -> None:
    hold, take = c.SetLook(look=Look.HOLD), c.TakeLook()
    opened = carried(new_show(), c.OpenLobby(), *opening(Q1))
    held = carried(opened, hold)
    kept = replace(opened, step=held.step)
    assert held.held == kept
    revealed = carried(held, *revealing(Q1))
    assert (revealed.held, revealed.look) == (kept, Look.HOLD)
    again = carried(revealed, hold)
    assert again.held == kept, "a second press of HOLD changes nothing"
    taken = carried(again, take)
    assert taken.held == replace(again, held=None, step=taken.step)
    assert taken.look is Look.HOLD
    for look in (Look.LIVE, Look.CLEAR):
        assert carried(taken, c.SetLook(look=look)).held is None


def test_an_output_keeps_what_was_set_last_and_nothing_when_that_is_nothing() -> None:
    def setting(**fields: Any) -> c.SetOutput:
        return c.SetOutput(output="stage", settings=OutputSettings(**fields))

    show = carried(new_show(), setting(mute=True), setting(theme="sen"))
    assert show.outputs == {"stage": OutputSettings(theme="sen")}
    other = c.SetOutput(output="ticker", settings=OutputSettings(safe=True))
    show = carried(show, other, setting())
    assert show.outputs == {"ticker": OutputSettings(safe=True)}
