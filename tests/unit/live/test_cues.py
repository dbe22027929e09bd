"""What screens are told: one cue per event, one snapshot per state."""

import pytest

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.decide import decide
from quizserver.domain.evolve import evolve
from quizserver.domain.ids import OptionId
from quizserver.domain.outputs import Position
from quizserver.domain.phases import Look, Phase
from quizserver.domain.rejections import Rejected
from quizserver.domain.show import Show
from quizserver.live.cues import Scene
from quizserver.live.roster import Roster
from quizserver.wire import phone as m
from quizserver.wire.common import encode
from tests.manual_clock import ManualClock
from tests.shows import (
    AN,
    BINH,
    CHI,
    Q1,
    Q2,
    at,
    board,
    carried,
    leaderboard,
    new_show,
    opening,
    revealing,
)
from tests.unit.live.house import Message, said
from tests.unit.live.test_roster import registration

TOP = leaderboard((AN, 1, 2_000), (BINH, 1, 3_000))
LOBBY = (c.OpenLobby(),)
OPEN = (*LOBBY, *opening(Q1))
REVEALED = (*OPEN, *revealing(Q1, board((AN, 2_000), (BINH, 3_000))))
STANDINGS = (*REVEALED, c.ShowStandings(leaderboard=TOP))
ENDED = (*STANDINGS, c.EndShow(leaderboard=TOP))
WON = tuple(c.ConfirmWinner(prize=prize, participant=AN) for prize in (Q1, "show"))
SIGNED = (*ENDED, *WON, c.ConfirmResults())


def scene(show: Show, ms: int = 10_000) -> Scene:
    """Return a show as screens see it `ms` after the beginning."""
    roster = Roster()
    roster.add(registration(AN, "Nguyễn Văn An"))
    roster.add(registration(BINH, "Trần Thị Bình", show_name=False))
    now = at(ms)
    return Scene(show, roster, ManualClock(mono_ns=now.mono_ns, utc=now.utc_ms))


def told(*commands: c.Command, ms: int = 10_000) -> Message:
    """Return the cue that the last of these commands leads to."""
    show = carried(new_show(), *commands[:-1])
    event = decide(show, commands[-1])
    assert not isinstance(event, Rejected), event
    cue = scene(evolve(show, event), ms).cue(event)
    message = said(encode(cue))
    assert (message.pop("epoch"), message.pop("step")) == ("e1", show.step + 1)
    return message


def seen(*commands: c.Command, ms: int = 10_000) -> Message:
    """Return the snapshot after these commands."""
    return said(encode(scene(carried(new_show(), *commands), ms).state()))


OPTIONS = [{"id": letter, "text": f"Phương án {letter}"} for letter in "ABCD"]
FASTEST = [
    {"name": "Nguyễn Văn An", "time_ms": 2_000, "rank": 1},
    {"name": "T. T. B.", "time_ms": 3_000, "rank": 2},
]
ROWS = [
    {"rank": 1, "tied": False, "name": "Nguyễn Văn An", "right": 1, "total_ms": 2_000},
    {"rank": 2, "tied": False, "name": "T. T. B.", "right": 1, "total_ms": 3_000},
]
WINNER = {
    "prize": "show",
    "name": "Nguyễn Văn An",
    "status": "provisional",
    "right": 1,
    "time_ms": 2_000,
}


# --- one cue per event ----------------------------------------------------------


def test_lobby() -> None:
    assert told(*LOBBY) == {"type": "lobby"}


def test_asked_shows_the_text_without_its_options() -> None:
    """R1.3."""
    assert told(*LOBBY, c.AskQuestion()) == {
        "type": "asked",
        "question": {
            "id": "q1",
            "number": 1,
            "total": 3,
            "text": "Câu hỏi q1?",
            "duration_ms": 15_000,
            "state": "asked",
        },
    }


def test_roll_says_how_long_and_nothing_of_the_question() -> None:
    """R4.10; the milliseconds are rounded up, so nobody is early."""
    bare = {"id": "q1", "number": 1, "total": 3}
    commands = (*LOBBY, *opening(Q1)[:2])
    assert told(*commands, ms=7_000) == {
        "type": "roll",
        "question": bare,
        "in_ms": 3_000,
    }
    assert told(*commands, ms=10_500)["in_ms"] == 0


def test_open_shows_the_options() -> None:
    cue = told(*OPEN)
    assert cue["type"] == "open"
    assert cue["question"]["options"] == OPTIONS
    assert cue["duration_ms"] == 15_000


def test_extended_says_the_new_whole_and_what_is_left() -> None:
    extend = c.ExtendQuestion(ms=5_000, at=at(12_000))
    assert told(*OPEN, extend, ms=12_000) == {
        "type": "extended",
        "question": "q1",
        "duration_ms": 20_000,
        "closes_in_ms": 18_000,
    }


def test_locked_names_the_question_only() -> None:
    lock = c.CloseQuestion(question=Q1)
    assert told(*OPEN, lock) == {"type": "locked", "question": "q1"}


def test_sealed_says_the_code() -> None:
    """R6.1."""
    closed = (*OPEN, c.CloseQuestion(question=Q1))
    seal = c.SealQuestion(question=Q1, link=3, sha256="0" * 64)
    code = "0000-0000-0000"
    assert told(*closed, seal) == {"type": "sealed", "question": "q1", "code": code}
    assert seen(*closed, seal)["question"]["seal"] == code
    assert "seal" not in seen(*closed)["question"]


def test_revealed_shows_the_key_the_counts_and_the_fastest() -> None:
    """Every option is counted, also one that nobody chose."""
    assert told(*REVEALED) == {
        "type": "revealed",
        "question": "q1",
        "correct": "B",
        "counts": {"A": 1, "B": 2, "C": 0, "D": 0},
        "fastest": FASTEST,
        "explanation": "Vì sao q1",
        "source": "000",
    }


def test_standings_show_the_top() -> None:
    assert told(*STANDINGS) == {"type": "standings", "top": ROWS, "participants": 2}


def test_voided_says_why() -> None:
    void = c.VoidQuestion(question=None, reason="Sai đáp án")
    assert told(*OPEN, void) == {
        "type": "voided",
        "question": "q1",
        "reason": "Sai đáp án",
    }


def test_paused_and_resumed() -> None:
    pause = c.PauseShow(reason="Mất tín hiệu")
    assert told(*REVEALED, pause) == {"type": "paused", "text": "Mất tín hiệu"}
    resumed = told(*REVEALED, pause, c.ResumeShow())
    assert resumed == {"type": "resumed", "phase": "revealed"}


def test_the_look_of_overlays_is_a_step_that_says_so() -> None:
    assert told(c.SetLook(look=Look.HOLD)) == {"type": "step", "look": "hold"}
    assert seen(*OPEN, c.SetLook(look=Look.CLEAR))["look"] == "clear"
    assert "look" not in seen(*OPEN)
    assert told(c.SetDriver(name="Hoa")) == {"type": "step"}


def test_an_asked_question_moves_at_once_and_another_one_when_it_comes() -> None:
    """R1.10."""
    side = c.PlaceQuestion(question=Q1, position=Position.SIDE)
    asked = (*LOBBY, c.AskQuestion())
    assert told(*LOBBY, side) == {"type": "step"}
    assert told(*asked, side) == {"type": "step", "position": "side"}
    as_it_would = c.PlaceQuestion(question=Q1, position=None)
    assert told(*asked, side, as_it_would) == {"type": "step", "position": ""}
    other = c.PlaceQuestion(question=Q2, position=Position.SIDE)
    assert told(*asked, other) == {"type": "step"}
    for path in ((*LOBBY, side, c.AskQuestion()), (*LOBBY, side, *opening(Q1))):
        assert told(*path)["question"]["position"] == "side"
        assert seen(*path)["question"]["position"] == "side"
    rolled = told(*asked, side, c.OpenQuestion(at=at(2_000)), ms=2_000)
    assert rolled["question"]["position"] == "side"


def test_the_stream_is_told_to_everybody() -> None:
    late = c.SetStream(at=at(0), aligned=True, delays={"a": 9_000})
    part = {"aligned": True, "delays": {"a": 9_000}}
    assert told(late) == {"type": "stream", "stream": part}
    assert seen(*OPEN, late)["stream"] == part
    assert "stream" not in seen(*OPEN)
    back = c.SetStream(at=at(0), aligned=False, delays={})
    assert told(late, back) == {"type": "stream", "stream": {}}


def test_notice_comes_and_goes() -> None:
    notice = c.PostNotice(text="Xin chờ")
    assert told(notice) == {"type": "notice", "text": "Xin chờ"}
    assert told(notice, c.PostNotice(text="")) == {"type": "notice", "text": ""}


def test_ended_names_the_winner() -> None:
    assert told(*ENDED) == {"type": "ended", "winner": [WINNER]}


def test_a_winner_who_is_passed_over_leaves_the_screens() -> None:
    """R5.4."""
    skip = c.SkipWinner(prize="show", participant=AN, reason="Trùng người")
    (winner,) = told(*ENDED, skip)["winner"]
    assert (winner["name"], winner["status"]) == ("T. T. B.", "provisional")


def test_who_may_win_nothing_leaves_the_screens_without_a_word_why() -> None:
    """R2.5."""
    out = c.SetEligible(participant=AN, eligible=False, reason="Nhân viên")
    (winner,) = told(*ENDED, out)["winner"]
    assert (winner["name"], winner["status"]) == ("T. T. B.", "provisional")
    assert "reason" not in winner


def test_a_winner_who_is_confirmed_is_shown_as_such() -> None:
    confirm = c.ConfirmWinner(prize="show", participant=AN)
    assert told(*ENDED, confirm) == {
        "type": "ended",
        "winner": [{**WINNER, "status": "confirmed"}],
    }


@pytest.mark.parametrize(
    "commands",
    [
        (*OPEN, c.VoidQuestion(question=None, reason="Sai"), c.TakeReserve()),
        SIGNED,
        (*SIGNED, c.PublishResults()),
        (*LOBBY, c.SetEligible(participant=AN, eligible=False, reason="Nhân viên")),
        (
            *REVEALED,
            c.CorrectKey(question=None, key=OptionId("A"), reason="Nhầm"),
        ),
    ],
)
def test_an_event_that_no_screen_shows_keeps_the_count_dense(
    commands: tuple[c.Command, ...],
) -> None:
    assert told(*commands) == {"type": "step"}


HIDE = c.HideName(participant=AN)
ALIAS = "Người dự thi ẩn tên"


def test_a_name_that_is_hidden_leaves_the_list_on_the_screens() -> None:
    """R2.5: the list is told again, with the new name."""
    assert told(*REVEALED, HIDE)["fastest"][0]["name"] == ALIAS
    standings = told(*STANDINGS, HIDE)
    assert (standings["type"], standings["top"][0]["name"]) == ("standings", ALIAS)
    ended = told(*ENDED, HIDE)
    assert (ended["type"], ended["winner"][0]["name"]) == ("ended", ALIAS)


@pytest.mark.parametrize(
    "commands",
    [LOBBY, OPEN, (*REVEALED, c.VoidQuestion(question=None, reason="Sai"))],
)
def test_a_name_that_is_on_no_screen_is_hidden_without_a_word(
    commands: tuple[c.Command, ...],
) -> None:
    assert told(*commands, HIDE) == {"type": "step"}


def test_every_event_has_a_cue_or_is_a_step() -> None:
    show = carried(new_show(), *ENDED)
    for event in (e.ResultsConfirmed(), e.ResultsPublished()):
        assert isinstance(scene(evolve(show, event)).cue(event), m.Step)


# --- one snapshot per state -------------------------------------------------------


def test_in_the_lobby_there_is_only_the_phase() -> None:
    assert seen(*LOBBY) == {"type": "state", "epoch": "e1", "step": 2, "phase": "lobby"}


def test_while_it_rolls_the_snapshot_says_when_it_opens() -> None:
    state = seen(*LOBBY, *opening(Q1)[:2], ms=8_000)
    assert (state["phase"], state["opens_in_ms"]) == ("asked", 2_000)
    rolling = carried(new_show(), *LOBBY, *opening(Q1)[:2])
    assert scene(rolling, ms=8_000).opens_in_ms() == 2_000
    assert scene(carried(new_show(), *OPEN)).opens_in_ms() is None
    assert "options" not in state["question"]


def test_while_it_is_open_the_snapshot_says_what_is_left() -> None:
    state = seen(*OPEN, ms=14_000)
    assert (state["phase"], state["closes_in_ms"]) == ("open", 11_000)
    assert state["question"]["options"] == OPTIONS
    assert seen(*OPEN, ms=99_000)["closes_in_ms"] == 0


def test_once_it_is_locked_nothing_is_left() -> None:
    state = seen(*OPEN, c.CloseQuestion(question=Q1), ms=14_000)
    assert "closes_in_ms" not in state
    assert "result" not in state


def test_from_the_reveal_on_the_snapshot_has_the_result() -> None:
    for commands in (REVEALED, STANDINGS, ENDED):
        result = seen(*commands)["result"]
        assert (result["correct"], result["fastest"]) == ("B", FASTEST)


def test_standings_and_winner_are_there_while_they_are_on_the_screens() -> None:
    assert "standings" not in seen(*REVEALED)
    assert seen(*STANDINGS)["standings"] == {"top": ROWS, "participants": 2}
    assert "winner" not in seen(*STANDINGS)
    assert seen(*ENDED)["winner"] == [WINNER]
    ask = seen(*STANDINGS, c.AskQuestion())
    assert "standings" not in ask


def test_behind_a_pause_the_snapshot_keeps_the_phase_and_says_why() -> None:
    state = seen(*REVEALED, c.PauseShow(reason="Mất tín hiệu"))
    assert (state["phase"], state["paused"]) == ("revealed", True)
    assert state["notice"] == "Mất tín hiệu"
    assert state["result"]["correct"] == "B"


def test_a_notice_stays_until_it_is_taken_away() -> None:
    assert seen(*OPEN, c.PostNotice(text="Xin chờ"))["notice"] == "Xin chờ"
    gone = (c.PostNotice(text="Xin chờ"), c.PostNotice(text=""))
    assert "notice" not in seen(*OPEN, *gone)


def test_a_void_question_has_a_reason_and_no_result() -> None:
    state = seen(*REVEALED, c.VoidQuestion(question=None, reason="Sai"))
    assert (state["question"]["state"], state["question"]["void_reason"]) == (
        "void",
        "Sai",
    )
    assert "result" not in state


def test_someone_who_is_not_registered_has_no_name() -> None:
    assert scene(carried(new_show(), *LOBBY)).name(CHI) == ALIAS


@pytest.mark.parametrize("phase", [Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED])
def test_the_winner_stays_to_the_very_end(phase: Phase) -> None:
    more = (*WON, c.ConfirmResults(), c.PublishResults())
    walk = {Phase.ENDED: 2, Phase.CONFIRMED: 3, Phase.PUBLISHED: 4}[phase]
    state = seen(*ENDED, *more[:walk])
    winner = {**WINNER, "status": "confirmed"}
    assert (state["phase"], state["winner"]) == (phase, [winner])
