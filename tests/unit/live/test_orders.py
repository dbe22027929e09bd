"""What a host's words mean."""

import pytest

from quizserver.domain import commands as c
from quizserver.domain.board import Board
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.outputs import AS_IT_IS, OutputSettings, Position
from quizserver.domain.phases import Look, Phase, Picture
from quizserver.domain.rejections import Reason
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Show
from quizserver.live.access import Actor, Right, Role
from quizserver.live.orders import (
    COMMANDS,
    EXTEND_MS,
    LOCK_LEAD_MS,
    MAKERS,
    NEEDS_STANDINGS,
    RIGHTS,
    Order,
    allowed,
    commands_of,
    forbids,
    informed,
    resolve,
)
from quizserver.store.sqlite import SqliteLedger
from quizserver.texts.catalogue import LANGS, text
from quizserver.wire.host import CommandMessage
from quizserver.wire.parts import SettingsPart
from tests.shows import (
    AN,
    Q1,
    Q2,
    at,
    carried,
    confirmed,
    leaderboard,
    line,
    new_show,
    opening,
    revealing,
)
from tests.unit.live.house import on_air

TOP = leaderboard((AN, 1, 2_000))
LINES = (line("show", (AN, 1, 2_000, 1)),)
LOBBY = carried(new_show(), c.OpenLobby())
OPEN = carried(LOBBY, *opening(Q1))
ENDED = carried(OPEN, *revealing(Q1), c.EndShow(leaderboard=TOP, lines=LINES))


def made(command: str, **fields: object) -> c.Command:
    """Return the domain command of a message sent at 12 s."""
    message = CommandMessage(command=command, ref="r1", **fields)  # type: ignore[arg-type]
    order = Order(message=message, at=at(12_000), leaderboard=TOP, lines=LINES)
    return MAKERS[command](order)


ALWAYS = {
    "hide_name",
    "hold_names",
    "cheer",
    "notice",
    "set_eligible",
    "look",
    "set_output",
    "drive",
    "stream",
}


@pytest.mark.parametrize(
    ("command", "fields", "expected"),
    [
        ("open_lobby", {}, c.OpenLobby()),
        ("ask", {}, c.AskQuestion()),
        ("open", {}, c.OpenQuestion(at=at(12_000))),
        ("lock", {}, c.LockQuestion(at=at(12_000 + LOCK_LEAD_MS))),
        ("reveal", {}, c.RevealAnswer(board=Board(counts=(), fastest=()))),
        ("standings", {}, c.ShowStandings(leaderboard=TOP)),
        ("end", {}, c.EndShow(leaderboard=TOP, lines=LINES)),
        ("pause", {"reason": "Mất điện"}, c.PauseShow(reason="Mất điện")),
        ("pause", {"text": "Mất điện"}, c.PauseShow(reason="Mất điện")),
        ("pause", {}, c.PauseShow(reason="")),
        ("resume", {}, c.ResumeShow()),
        ("extend", {}, c.ExtendQuestion(ms=EXTEND_MS, at=at(12_000))),
        ("extend", {"ms": 0}, c.ExtendQuestion(ms=0, at=at(12_000))),
        (
            "void",
            {"question": "q1", "reason": "Sai"},
            c.VoidQuestion(question=Q1, reason="Sai"),
        ),
        ("void", {}, c.VoidQuestion(question=None, reason="")),
        (
            "correct_key",
            {"question": "q1", "option": "C", "reason": "Sai"},
            c.CorrectKey(question=Q1, key=OptionId("C"), reason="Sai"),
        ),
        (
            "correct_key",
            {},
            c.CorrectKey(question=None, key=OptionId(""), reason=""),
        ),
        (
            "set_eligible",
            {"participant": "an", "eligible": False, "reason": "Nhân viên"},
            c.SetEligible(participant=AN, eligible=False, reason="Nhân viên"),
        ),
        (
            "set_eligible",
            {"participant": "an", "eligible": True, "reason": "Nhầm"},
            c.SetEligible(participant=AN, eligible=True, reason="Nhầm"),
        ),
        ("reserve", {"question": "r1"}, c.TakeReserve(question=QuestionId("r1"))),
        (
            "hide_name",
            {"participant": "an"},
            c.HideName(participant=AN, hidden=True, alias=""),
        ),
        (
            "hide_name",
            {"participant": "an", "hidden": False, "name": "A."},
            c.HideName(participant=AN, hidden=False, alias="A."),
        ),
        (
            "reorder",
            {"order": ("q3", "q2")},
            c.ReorderQuestions(order=(QuestionId("q3"), Q2)),
        ),
        ("reorder", {}, c.ReorderQuestions(order=())),
        (
            "place",
            {"question": "q2", "position": "side"},
            c.PlaceQuestion(question=Q2, position=Position.SIDE),
        ),
        ("place", {}, c.PlaceQuestion(question=None, position=None)),
        ("undo", {}, c.ReverseStep()),
        (
            "reshow",
            {"picture": "reveal", "question": "q1"},
            c.ShowPicture(picture=Picture.REVEAL, question=Q1),
        ),
        ("reshow", {}, c.ShowPicture(picture=Picture.LIVE)),
        ("notice", {"text": "Xin chờ"}, c.PostNotice(text="Xin chờ")),
        ("notice", {}, c.PostNotice(text="")),
        ("look", {"look": "clear"}, c.SetLook(look=Look.CLEAR)),
        ("look", {}, c.SetLook(look=Look.LIVE)),
        ("hold_names", {}, c.HoldNames(hold=True)),
        ("hold_names", {"hidden": False}, c.HoldNames(hold=False)),
        ("cheer", {}, c.SetCheering(on=True)),
        (
            "prize_rules",
            {"prize_min_right": 8},
            c.SetPrizeRules(prize_min_right=8, max_prizes_per_person=None),
        ),
        ("cheer", {"on": False}, c.SetCheering(on=False)),
        ("drive", {"name": "Hoa"}, c.SetDriver(name="Hoa")),
        ("drive", {}, c.SetDriver(name="")),
        (
            "stream",
            {"aligned": True, "delays": {"a": 9_000}, "sync": False},
            c.SetStream(at=at(12_000), aligned=True, delays={"a": 9_000}, sync=False),
        ),
        ("stream", {}, c.SetStream(at=at(12_000))),
        ("take", {}, c.TakeLook()),
        (
            "set_output",
            {
                "output": "stage",
                "settings": SettingsPart(theme="sen", hide=("fastest",)),
            },
            c.SetOutput(
                output="stage",
                settings=OutputSettings(theme="sen", hide=("fastest",)),
            ),
        ),
        ("set_output", {}, c.SetOutput(output="", settings=AS_IT_IS)),
        (
            "confirm_winner",
            {"prize": "show", "participant": "an"},
            c.ConfirmWinner(prize="show", participant=AN),
        ),
        (
            "confirm_winner",
            {"question": "q1", "participant": "an"},
            c.ConfirmWinner(prize="q1", participant=AN),
        ),
        (
            "skip_winner",
            {"prize": "show", "participant": "an", "reason": "Trùng"},
            c.SkipWinner(prize="show", participant=AN, reason="Trùng"),
        ),
        ("confirm", {}, c.ConfirmResults()),
        ("publish", {}, c.PublishResults()),
    ],
)
def test_a_word_is_one_command(
    command: str, fields: dict[str, object], expected: c.Command
) -> None:
    assert made(command, **fields) == expected


def test_every_command_of_the_reference_is_understood() -> None:
    """docs/reference/wire.md §4."""
    named = """
        open_lobby ask open lock reveal standings next end pause resume extend void
        correct_key reserve hide_name set_eligible confirm_winner skip_winner notice
        confirm publish advance look drive stream hold_names reorder undo reshow
        take set_output place cheer prize_rules
    """
    assert set(COMMANDS) == set(named.split())


def test_only_moderation_needs_another_right_than_conducting() -> None:
    assert RIGHTS == {"hide_name": Right.MODERATE, "hold_names": Right.MODERATE}
    assert set(MAKERS) >= NEEDS_STANDINGS


@pytest.mark.parametrize(
    ("show", "command", "meant"),
    [
        (new_show(), "advance", "open_lobby"),
        (LOBBY, "advance", "ask"),
        (LOBBY, "next", "ask"),
        (OPEN, "advance", "lock"),
        (carried(OPEN, *revealing(Q1)), "advance", "standings"),
        (
            carried(OPEN, *revealing(Q1), c.ShowStandings(leaderboard=TOP)),
            "advance",
            "ask",
        ),
        (carried(LOBBY, *opening(Q1)[:2]), "advance", None),
        (LOBBY, "reveal", "reveal"),
        (LOBBY, "dance", None),
        (LOBBY, "", None),
    ],
)
def test_next_and_advance_stand_for_what_comes_next(
    show: Show, command: str, meant: str | None
) -> None:
    assert resolve(show, command) == meant


def test_a_show_that_does_not_ask_first_opens_at_once() -> None:
    """R1.3."""
    show = carried(new_show(Rules(ask_first=False)), c.OpenLobby())
    assert resolve(show, "next") == resolve(show, "advance") == "open"


@pytest.mark.parametrize(
    ("show", "names"),
    [
        (new_show(), "open_lobby reorder place prize_rules"),
        (LOBBY, "ask end pause reorder place"),
        (carried(LOBBY, c.AskQuestion()), "open void pause reorder place undo"),
        (OPEN, "lock extend void reorder place"),
        (
            carried(OPEN, c.CloseQuestion(question=Q1)),
            "reveal void pause reorder place",
        ),
        (
            carried(OPEN, *revealing(Q1)),
            "ask standings end void correct_key pause reorder place reshow",
        ),
        (carried(LOBBY, c.PauseShow()), "resume reorder place"),
        (ENDED, "void correct_key confirm_winner skip_winner reshow"),
        (confirmed(ENDED), "void correct_key skip_winner confirm reshow"),
        (
            carried(confirmed(ENDED), c.ConfirmResults()),
            "void correct_key publish reshow",
        ),
    ],
    ids=lambda value: value.phase if isinstance(value, Show) else "",
)
def test_a_panel_is_told_what_would_be_carried_out_now(show: Show, names: str) -> None:
    """Found by trying, so that no second table can differ from the first."""
    # A step to every phone would hold up the question (R1.11).
    always = ALWAYS - {"cheer"} if show.phase is Phase.OPEN else ALWAYS
    assert set(allowed(show, at(12_000))) == {*names.split(), *always}


@pytest.mark.parametrize(
    ("role", "commands"),
    [
        (Role.OWNER, set(COMMANDS)),
        (Role.HOST, set(COMMANDS)),
        (Role.MODERATOR, {"hide_name", "hold_names"}),
        (Role.AUDITOR, set()),
        (Role.OVERLAY, set()),
    ],
)
def test_a_role_has_its_commands(role: Role, commands: set[str]) -> None:
    assert set(commands_of(role)) == commands


@pytest.mark.parametrize(
    ("actor", "command", "reason"),
    [
        (Actor(name="Hoa", role=Role.HOST), "ask", None),
        (Actor(name="Nam", role=Role.OWNER), "ask", Reason.NOT_DRIVER),
        (Actor(name="Nam", role=Role.OWNER), "look", None),
        (Actor(name="Nam", role=Role.OWNER), "drive", None),
        (Actor(name="Lan", role=Role.MODERATOR), "hide_name", None),
        (Actor(name="Lan", role=Role.MODERATOR), "drive", Reason.FORBIDDEN),
        (Actor(name="deck", role=Role.HOST, is_script=True), "ask", None),
    ],
)
def test_only_the_driver_runs_a_show_that_has_one(
    actor: Actor, command: str, reason: Reason | None
) -> None:
    show = carried(LOBBY, c.SetDriver(name="Hoa"))
    assert forbids(show, actor, command) is reason
    right = actor.role is not Role.MODERATOR or command == "hide_name"
    assert (forbids(LOBBY, actor, command) is None) == right


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence_of_each_language(lang: str, reason: Reason) -> None:
    room = {"folder": "/srv/quiz", "free": "150 MB", "least": "200 MB"}
    assert text(lang, f"live.rejected.{reason}", **room).endswith(".")


def test_a_panel_may_void_an_earlier_question_though_the_last_is_void() -> None:
    show = carried(OPEN, *revealing(Q1), *opening(Q2, 50_000), *revealing(Q2))
    show = carried(show, c.VoidQuestion(question=Q2, reason="-"))
    assert {"void", "correct_key", "reserve"} <= set(allowed(show, at(0)))
    show = carried(show, c.VoidQuestion(question=Q1, reason="-"))
    assert not {"void", "correct_key"} & set(allowed(show, at(0)))


def test_phases_that_take_no_more_commands_but_notices() -> None:
    show = carried(
        LOBBY,
        c.EndShow(leaderboard=leaderboard()),
        c.ConfirmResults(),
        c.PublishResults(),
    )
    assert show.phase is Phase.PUBLISHED
    assert set(allowed(show, at(0))) == ALWAYS


async def test_an_order_carries_what_its_command_needs_of_the_ledger(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.play(**{an: ("B", 2_000)})
        informed_by = {
            name: await informed(
                ledger, house.show, name, house.message(name), house.clock.stamp()
            )
            for name in ("ask", "standings", "end")
        }
        tops = {name: len(one.leaderboard.top) for name, one in informed_by.items()}
        lines = {name: len(one.lines) for name, one in informed_by.items()}
        assert tops == {"ask": 0, "standings": 1, "end": 1}
        assert lines == {"ask": 0, "standings": 0, "end": 2}, "of q1 and the show"
