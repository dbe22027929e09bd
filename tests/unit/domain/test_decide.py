"""`decide`: every command in every phase, and what single commands refuse."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.board import EMPTY_LEADERBOARD
from quizserver.domain.decide import _DECIDE, MAX_DURATION_MS, decide
from quizserver.domain.evolve import created, evolve
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.outputs import (
    AS_IT_IS,
    MOST_OUTPUTS,
    OutputSettings,
    Position,
)
from quizserver.domain.phases import ANYTIME, TRANSITIONS, Look, Phase, Picture
from quizserver.domain.rejections import MAX_TEXT, Reason, Rejected
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Show
from quizserver.domain.stream import Stream
from tests.shows import (
    AN,
    Q1,
    Q2,
    Q3,
    R1,
    at,
    board,
    carried,
    creation,
    leaderboard,
    new_show,
    opening,
    question,
    revealing,
)

C = OptionId("C")
LOBBY = (c.OpenLobby(),)
ASKED = (*LOBBY, c.AskQuestion())
OPEN = (*LOBBY, *opening(Q1))
LOCKED = (*OPEN, c.CloseQuestion(question=Q1))
REVEALED = (*OPEN, *revealing(Q1))
STANDINGS = (*REVEALED, c.ShowStandings(leaderboard=leaderboard((AN, 1, 2_000))))
ENDED = (*STANDINGS, c.EndShow(leaderboard=leaderboard((AN, 1, 2_000))))
CONFIRMED = (
    *ENDED,
    c.ConfirmWinner(prize=Q1, participant=AN),
    c.ConfirmWinner(prize="show", participant=AN),
    c.ConfirmResults(),
)

PATHS: dict[Phase, tuple[c.Command, ...]] = {
    Phase.DRAFT: (),
    Phase.LOBBY: LOBBY,
    Phase.ASKED: ASKED,
    Phase.OPEN: OPEN,
    Phase.LOCKED: LOCKED,
    Phase.REVEALED: REVEALED,
    Phase.STANDINGS: STANDINGS,
    Phase.PAUSED: (*STANDINGS, c.PauseShow(reason="Mất tín hiệu")),
    Phase.ENDED: ENDED,
    Phase.CONFIRMED: CONFIRMED,
    Phase.PUBLISHED: (*CONFIRMED, c.PublishResults()),
}

SAMPLES: dict[str, c.Command] = {
    "OpenLobby": c.OpenLobby(),
    "AskQuestion": c.AskQuestion(),
    "OpenQuestion": c.OpenQuestion(at=at(7_000)),
    "BeginQuestion": c.BeginQuestion(question=Q1, at=at(10_000)),
    "LockQuestion": c.LockQuestion(at=at(19_000)),
    "CloseQuestion": c.CloseQuestion(question=Q1),
    "SealQuestion": c.SealQuestion(question=Q1, link=7, sha256="ab" * 32),
    "NoteInterruption": c.NoteInterruption(question=Q1, lost_ms=6_200),
    "ExtendQuestion": c.ExtendQuestion(ms=5_000, at=at(12_000)),
    "RevealAnswer": c.RevealAnswer(board=board((AN, 2_000))),
    "ShowStandings": c.ShowStandings(leaderboard=leaderboard((AN, 1, 2_000))),
    "EndShow": c.EndShow(leaderboard=leaderboard((AN, 1, 2_000))),
    "PauseShow": c.PauseShow(reason="Mất tín hiệu"),
    "ResumeShow": c.ResumeShow(),
    "VoidQuestion": c.VoidQuestion(question=None, reason="Sai đáp án"),
    "CorrectKey": c.CorrectKey(question=None, key=C, reason="Sai đáp án"),
    "TakeReserve": c.TakeReserve(),
    "ReorderQuestions": c.ReorderQuestions(order=(Q3, Q2)),
    "PlaceQuestion": c.PlaceQuestion(question=Q3, position=Position.SIDE),
    "ReverseStep": c.ReverseStep(),
    "SetPrizeRules": c.SetPrizeRules(prize_min_right=1, max_prizes_per_person=1),
    "ShowPicture": c.ShowPicture(picture=Picture.REVEAL),
    "HideName": c.HideName(participant=AN),
    "SetEligible": c.SetEligible(participant=AN, eligible=False, reason="Nhân viên"),
    "PostNotice": c.PostNotice(text="Xin chờ"),
    "HoldNames": c.HoldNames(hold=True),
    "SetCheering": c.SetCheering(on=True),
    "SetLook": c.SetLook(look=Look.CLEAR),
    "TakeLook": c.TakeLook(),
    "SetOutput": c.SetOutput(output="stage", settings=OutputSettings(mute=True)),
    "SetDriver": c.SetDriver(name="Hoa"),
    "SetStream": c.SetStream(at=at(0), aligned=True, delays={"a": 9_000}),
    "ConfirmWinner": c.ConfirmWinner(prize="show", participant=AN),
    "SkipWinner": c.SkipWinner(prize="show", participant=AN, reason="Trùng người"),
    "ConfirmResults": c.ConfirmResults(),
    "PublishResults": c.PublishResults(),
    "ChangePeople": c.ChangePeople(participants=(AN,)),
    "ErasePeople": c.ErasePeople(participants=(AN,)),
    "ExpirePeople": c.ExpirePeople(people=3),
    "NoteExport": c.NoteExport(form="csv", people=3),
}


def show_in(phase: Phase) -> Show:
    """Return a show that has walked to `phase`."""
    show = carried(new_show(), *PATHS[phase])
    assert show.phase is phase
    return show


def test_every_command_has_a_decision_and_a_sample() -> None:
    assert set(_DECIDE) == set(SAMPLES)
    named = {name for row in TRANSITIONS.values() for name in row} | ANYTIME
    assert named == set(SAMPLES)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_command_outside_the_table_is_rejected_and_changes_nothing(
    phase: Phase, name: str
) -> None:
    """R1.4: in the table and followed, or rejected with the state unchanged."""
    show = show_in(phase)
    outcome = decide(show, SAMPLES[name])
    after = TRANSITIONS[phase].get(name, phase if name in ANYTIME else None)
    if after is None:
        assert outcome == Rejected(Reason.NOT_NOW)
    elif not isinstance(outcome, Rejected):
        followed = evolve(show, outcome)
        assert followed.step == show.step + 1
        before = Phase.REVEALED if phase is Phase.STANDINGS else Phase.LOBBY
        back = {"ResumeShow": show.behind, "ReverseStep": before}
        assert followed.phase is back.get(name, after)
    assert show == show_in(phase)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_stale_step_changes_nothing(phase: Phase, name: str) -> None:
    """R1.4."""
    show = show_in(phase)
    command = replace(SAMPLES[name], step=show.step - 1)
    assert decide(show, command) == Rejected(Reason.STALE_STEP)


def refused(show: Show, command: c.Command) -> Reason:
    """Return why a command is refused."""
    outcome = decide(show, command)
    assert isinstance(outcome, Rejected)
    return outcome.reason


def sealed(show: Show) -> Show:
    """Return a show with a locked question after its seal."""
    return carried(show, SAMPLES["SealQuestion"])


def test_a_host_who_clicks_while_the_seal_comes_has_seen_enough() -> None:
    """R1.4: a seal changes nothing that a host decides on."""
    show = sealed(show_in(Phase.LOCKED))
    reveal = replace(SAMPLES["RevealAnswer"], step=show.step - 1)
    assert not isinstance(decide(show, reveal), Rejected)
    early = replace(SAMPLES["RevealAnswer"], step=show.step - 2)
    assert refused(show, early) is Reason.STALE_STEP
    after = carried(show, c.PostNotice(text="Xin chờ"))
    assert refused(after, reveal) is Reason.STALE_STEP
    before_notice = replace(reveal, step=after.step - 1)
    assert refused(after, before_notice) is Reason.STALE_STEP


def test_a_question_is_sealed_once_locked_and_only_once() -> None:
    """R6.1."""
    show = sealed(show_in(Phase.LOCKED))
    assert (show.play.seal, show.phase) == ("ab" * 32, Phase.LOCKED)
    assert refused(show, SAMPLES["SealQuestion"]) is Reason.NOT_THIS_QUESTION
    other = c.SealQuestion(question=Q2, link=7, sha256="ab" * 32)
    assert refused(show_in(Phase.LOCKED), other) is Reason.NOT_THIS_QUESTION


def test_a_question_is_sealed_behind_the_curtain_too() -> None:
    show = sealed(carried(show_in(Phase.LOCKED), c.PauseShow()))
    assert (show.phase, show.play.seal) == (Phase.PAUSED, "ab" * 32)


def test_a_void_question_is_not_sealed() -> None:
    show = carried(show_in(Phase.OPEN), SAMPLES["VoidQuestion"])
    assert refused(show, SAMPLES["SealQuestion"]) is Reason.NOT_THIS_QUESTION


def test_an_interruption_is_noted_of_the_open_question_only() -> None:
    """R1.6: it moves nothing; a host decides whether the question is void."""
    show = show_in(Phase.OPEN)
    other = c.NoteInterruption(question=Q2, lost_ms=6_200)
    assert refused(show, other) is Reason.NOT_THIS_QUESTION
    none = c.NoteInterruption(question=Q1, lost_ms=0)
    assert refused(show, none) is Reason.BAD_DURATION


def test_the_reveal_names_the_key() -> None:
    """R6.1: from then on the chain holds it."""
    event = decide(show_in(Phase.LOCKED), SAMPLES["RevealAnswer"])
    assert isinstance(event, e.AnswerRevealed)
    assert event.key == "B"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"question": QuestionId("x")}, Reason.UNKNOWN_QUESTION),
        ({"question": Q2}, Reason.NOT_REVEALED),
        ({"key": OptionId("F")}, Reason.UNKNOWN_OPTION),
        ({"key": OptionId("")}, Reason.UNKNOWN_OPTION),
        ({"key": OptionId("B")}, Reason.SAME_KEY),
        ({"reason": " "}, Reason.REASON_MISSING),
        ({"reason": "x" * 201}, Reason.TEXT_TOO_LONG),
        ({"key": OptionId("B"), "reason": ""}, Reason.REASON_MISSING),
    ],
)
def test_a_key_is_corrected_only_to_another_option_of_a_revealed_question(
    fields: dict[str, Any], reason: Reason
) -> None:
    """R1.6."""
    command = replace(SAMPLES["CorrectKey"], **fields)
    assert refused(show_in(Phase.REVEALED), command) is reason


def test_there_is_no_key_to_correct_before_the_first_question() -> None:
    show = carried(new_show(), c.OpenLobby(), c.EndShow(leaderboard=leaderboard()))
    assert refused(show, SAMPLES["CorrectKey"]) is Reason.UNKNOWN_QUESTION


def test_a_void_questions_key_is_not_corrected() -> None:
    show = carried(show_in(Phase.REVEALED), SAMPLES["VoidQuestion"])
    assert refused(show, SAMPLES["CorrectKey"]) is Reason.NOT_REVEALED


@pytest.mark.parametrize("phase", [Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED])
@pytest.mark.parametrize("name", ["VoidQuestion", "CorrectKey", "SetEligible"])
def test_what_moves_winners_takes_a_signed_result_back(phase: Phase, name: str) -> None:
    """R1.6: whoever signed it must look again."""
    show = show_in(phase)
    after = carried(show, SAMPLES[name])
    assert after.phase is Phase.ENDED
    assert not any(word.confirmed for word in after.decisions)


def test_the_seen_step_is_accepted() -> None:
    assert decide(new_show(), c.OpenLobby(step=1)) == e.LobbyOpened()


def test_a_locked_question_must_be_revealed_before_the_next() -> None:
    locked = show_in(Phase.LOCKED)
    assert refused(locked, c.AskQuestion()) is Reason.NOT_NOW
    assert refused(locked, SAMPLES["ShowStandings"]) is Reason.NOT_NOW
    assert refused(locked, SAMPLES["EndShow"]) is Reason.NOT_NOW


def test_asking_stops_when_the_run_down_is_over() -> None:
    show = carried(show_in(Phase.REVEALED), *opening(Q2, 50_000), *revealing(Q2))
    show = carried(show, *opening(QuestionId("q3"), 90_000))
    show = carried(show, *revealing(QuestionId("q3")))
    assert refused(show, c.AskQuestion()) is Reason.NO_QUESTION_LEFT


def test_opening_rolls_first_and_only_once() -> None:
    """R4.10: the roll warns `roll_ms` before T0."""
    show = show_in(Phase.ASKED)
    rolled = decide(show, c.OpenQuestion(at=at(1_000)))
    assert rolled == e.QuestionRolled(question=Q1, opens_at=at(4_000))
    rolling = carried(show, c.OpenQuestion(at=at(1_000)))
    assert rolling.phase is Phase.ASKED
    assert refused(rolling, c.OpenQuestion(at=at(1_500))) is Reason.ROLLING


def test_an_aligned_show_opens_when_the_picture_has_come() -> None:
    """The roll lasts as much longer as overlays run ahead."""
    late = c.SetStream(at=at(0), aligned=True, delays={"a": 9_000, "b": 7_000})
    show = carried(show_in(Phase.ASKED), late)
    rolled = decide(show, c.OpenQuestion(at=at(1_000)))
    assert rolled == e.QuestionRolled(question=Q1, opens_at=at(13_000), lead_ms=9_000)


def test_what_is_not_said_of_the_stream_stays() -> None:
    set_up = c.SetStream(at=at(0), aligned=True, delays={"a": 9_000})
    show = carried(show_in(Phase.LOBBY), set_up, c.SetStream(at=at(5_000), sync=True))
    assert show.stream == Stream(aligned=True, delays={"a": 9_000}, sync_at=at(5_000))
    show = carried(show, c.SetStream(at=at(6_000), aligned=False))
    assert show.stream.sync_at == at(5_000)
    show = carried(show, c.SetStream(at=at(7_000), sync=False))
    assert show.stream == Stream(delays={"a": 9_000})


def test_no_count_for_the_calibration_stands_over_a_question() -> None:
    count = c.SetStream(at=at(5_000), sync=True)
    assert carried(show_in(Phase.LOBBY), count).stream.sync_at == at(5_000)
    asked = carried(show_in(Phase.LOBBY), count, c.AskQuestion())
    assert asked.stream.sync_at is None
    rolled = carried(show_in(Phase.ASKED), count, c.OpenQuestion(at=at(9_000)))
    assert rolled.stream.sync_at is None


def test_a_delay_out_of_bounds_is_refused() -> None:
    far = c.SetStream(at=at(0), delays={"a": 60_001})
    assert refused(show_in(Phase.LOBBY), far) is Reason.BAD_DELAY


def test_only_what_is_held_can_be_taken_on() -> None:
    show = show_in(Phase.OPEN)
    assert refused(show, c.TakeLook()) is Reason.NOT_NOW
    for look in (Look.CLEAR, Look.LIVE):
        other = carried(show, c.SetLook(look=look))
        assert refused(other, c.TakeLook()) is Reason.NOT_NOW
    held = carried(show, c.SetLook(look=Look.HOLD))
    assert decide(held, c.TakeLook()) == e.LookSet(look=Look.HOLD, take=True)


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_an_output_has_a_name_of_some_length(name: str) -> None:
    setting = c.SetOutput(output=name, settings=OutputSettings(safe=True))
    assert refused(new_show(), setting) is Reason.BAD_OUTPUT


def test_so_many_outputs_can_be_set_and_no_more() -> None:
    settings = OutputSettings(safe=True)
    names = [f"stage {n}" for n in range(MOST_OUTPUTS)]
    full = carried(
        new_show(), *(c.SetOutput(output=name, settings=settings) for name in names)
    )
    one_more = c.SetOutput(output="one more", settings=settings)
    assert refused(full, one_more) is Reason.BAD_OUTPUT
    changed = c.SetOutput(output=names[0], settings=OutputSettings(mute=True))
    assert carried(full, changed).outputs[names[0]] == OutputSettings(mute=True)
    freed = c.SetOutput(output=names[0], settings=AS_IT_IS)
    assert "one more" in carried(full, freed, one_more).outputs


def test_a_show_that_asks_first_cannot_open_unasked() -> None:
    """R1.3."""
    assert refused(show_in(Phase.LOBBY), c.OpenQuestion(at=at(0))) is Reason.NOT_NOW


def test_a_show_that_does_not_ask_opens_from_the_lobby_and_after_a_reveal() -> None:
    """R1.3: `ask_first` off."""
    show = carried(new_show(Rules(ask_first=False)), c.OpenLobby())
    show = carried(show, c.OpenQuestion(at=at(7_000)))
    assert show.play.state == "waiting"
    show = carried(show, c.BeginQuestion(question=Q1, at=at(10_000)), *revealing(Q1))
    rolled = decide(show, c.OpenQuestion(at=at(50_000)))
    assert isinstance(rolled, e.QuestionRolled)
    assert rolled.question == Q2


def test_a_timer_for_another_question_is_refused() -> None:
    rolling = carried(show_in(Phase.ASKED), c.OpenQuestion(at=at(1_000)))
    begin = c.BeginQuestion(question=Q2, at=at(4_000))
    assert refused(rolling, begin) is Reason.NOT_THIS_QUESTION
    close = c.CloseQuestion(question=Q2)
    assert refused(show_in(Phase.OPEN), close) is Reason.NOT_THIS_QUESTION


def test_a_timer_without_a_roll_is_refused() -> None:
    begin = c.BeginQuestion(question=Q1, at=at(4_000))
    assert refused(show_in(Phase.ASKED), begin) is Reason.NOT_THIS_QUESTION


@pytest.mark.parametrize(
    ("ms", "duration", "early"),
    [
        (10_000, 0, True),
        (19_000, 9_000, True),
        (24_999, 14_999, True),
        (25_000, 15_000, False),
        (30_000, 15_000, False),
        (9_000, 0, True),
    ],
)
def test_an_early_lock_shortens_the_question(
    ms: int, duration: int, early: bool
) -> None:
    """R4.7, A6: a lock at L replaces the duration by L − T0."""
    event = decide(show_in(Phase.OPEN), c.LockQuestion(at=at(ms)))
    assert event == e.QuestionLocked(question=Q1, duration_ms=duration, early=early)


@pytest.mark.parametrize(
    ("ms", "when", "reason"),
    [
        (0, 12_000, Reason.BAD_DURATION),
        (-1, 12_000, Reason.BAD_DURATION),
        (MAX_DURATION_MS, 12_000, Reason.BAD_DURATION),
        (5_000, 25_000, Reason.TOO_LATE),
    ],
)
def test_an_extension_must_be_possible_and_in_time(
    ms: int, when: int, reason: Reason
) -> None:
    """R1.6: before its deadline."""
    command = c.ExtendQuestion(ms=ms, at=at(when))
    assert refused(show_in(Phase.OPEN), command) is reason


def test_an_extension_lengthens_the_question() -> None:
    show = carried(show_in(Phase.OPEN), c.ExtendQuestion(ms=5_000, at=at(24_999)))
    assert show.play.duration_ms == 20_000


def test_a_void_question_cannot_be_revealed_or_voided_again() -> None:
    show = carried(show_in(Phase.LOCKED), SAMPLES["VoidQuestion"])
    assert refused(show, SAMPLES["RevealAnswer"]) is Reason.QUESTION_IS_VOID
    assert refused(show, SAMPLES["VoidQuestion"]) is Reason.QUESTION_IS_VOID


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (c.VoidQuestion(question=QuestionId("x"), reason="-"), Reason.UNKNOWN_QUESTION),
        (c.VoidQuestion(question=Q2, reason="-"), Reason.NOT_THIS_QUESTION),
        (c.VoidQuestion(question=Q1, reason=" "), Reason.REASON_MISSING),
        (c.VoidQuestion(question=Q1, reason="x" * 201), Reason.TEXT_TOO_LONG),
    ],
)
def test_voiding_needs_a_played_question_and_a_reason(
    command: c.Command, reason: Reason
) -> None:
    assert refused(show_in(Phase.REVEALED), command) is reason


def test_an_earlier_question_is_not_voided_while_another_is_open() -> None:
    show = carried(show_in(Phase.REVEALED), *opening(Q2, 50_000))
    void = c.VoidQuestion(question=Q1, reason="Sai đáp án")
    assert refused(show, void) is Reason.NOT_NOW


def test_after_a_void_question_the_show_goes_on() -> None:
    show = carried(show_in(Phase.OPEN), SAMPLES["VoidQuestion"])
    assert show.phase is Phase.LOCKED
    assert carried(show, c.AskQuestion()).current == Q2
    assert carried(show, SAMPLES["ShowStandings"]).phase is Phase.STANDINGS


def test_a_reserve_takes_the_place_of_a_void_question() -> None:
    """R1.6."""
    show = carried(show_in(Phase.OPEN), SAMPLES["VoidQuestion"], c.TakeReserve())
    assert show.order == (R1, Q2, "q3")
    assert show.next_question == R1
    assert carried(show, c.AskQuestion()).number(R1) == 1


def test_a_reserve_needs_a_void_question_and_a_spare_one() -> None:
    assert (
        refused(show_in(Phase.REVEALED), c.TakeReserve()) is Reason.QUESTION_IS_NOT_VOID
    )
    show = carried(show_in(Phase.OPEN), SAMPLES["VoidQuestion"])
    unknown = c.TakeReserve(question=Q2)
    assert refused(show, unknown) is Reason.NO_RESERVE_LEFT
    assert carried(show, c.TakeReserve(question=R1)).next_question == R1


def test_a_reserve_that_became_void_itself_is_none_any_more() -> None:
    """R1.6: a third question that is void is not replaced by one that is."""
    r2 = QuestionId("r2")
    spares = question(R1, reserve=True), question(r2, reserve=True)
    show = created(creation(None, question(Q1), question(Q2), *spares))
    show = carried(show, c.OpenLobby())
    for name in (Q1, R1):
        show = carried(show, *opening(name), voiding(name), c.TakeReserve())
    assert show.order == (r2, Q2)
    show = carried(show, *opening(r2), voiding(r2))
    assert refused(show, c.TakeReserve()) is Reason.NO_RESERVE_LEFT
    assert refused(show, c.TakeReserve(question=R1)) is Reason.NO_RESERVE_LEFT


def voiding(name: QuestionId) -> c.VoidQuestion:
    return c.VoidQuestion(question=name, reason="Sai đáp án")


@pytest.mark.parametrize(
    ("phase", "make"),
    [
        (Phase.LOBBY, lambda text: c.PauseShow(reason=text)),
        (Phase.LOBBY, lambda text: c.PostNotice(text=text)),
        (Phase.LOBBY, lambda text: c.SetDriver(name=text)),
        (Phase.LOBBY, lambda text: c.HideName(participant=AN, alias=text)),
        (
            Phase.ENDED,
            lambda text: c.SkipWinner(prize="show", participant=AN, reason=text),
        ),
    ],
)
def test_texts_longer_than_the_screens_are_refused(
    phase: Phase, make: Callable[[str], c.Command]
) -> None:
    assert refused(show_in(phase), make("x" * (MAX_TEXT + 1))) is Reason.TEXT_TOO_LONG
    assert not isinstance(decide(show_in(phase), make("x" * MAX_TEXT)), Rejected)


def test_a_pause_takes_a_rolling_question_back() -> None:
    rolling = carried(show_in(Phase.ASKED), c.OpenQuestion(at=at(1_000)))
    paused = carried(rolling, c.PauseShow())
    assert paused.play.opens_at is None
    resumed = carried(paused, c.ResumeShow())
    assert resumed.phase is Phase.ASKED
    assert not isinstance(decide(resumed, c.OpenQuestion(at=at(9_000))), Rejected)


def test_nothing_but_resuming_is_allowed_behind_the_curtain() -> None:
    paused = show_in(Phase.PAUSED)
    assert refused(paused, c.AskQuestion()) is Reason.NOT_NOW
    assert paused.leaderboard != EMPTY_LEADERBOARD
    assert paused.stage_phase is Phase.STANDINGS
