"""What a host's words mean: wire commands as domain commands.

A table of name → maker; the names are those of `docs/reference/wire.md` §4.
Standings come from the ledger; boards are made when the event is stored.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from quizserver.domain import commands as c
from quizserver.domain.board import EMPTY_LEADERBOARD, Board, Leaderboard, PrizeLine
from quizserver.domain.decide import decide
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.domain.next_step import next_step
from quizserver.domain.outputs import Position
from quizserver.domain.phases import Look, Picture, QuestionState
from quizserver.domain.prizes import LINE, awards
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.show import Show
from quizserver.domain.stamps import Stamp
from quizserver.live.access import RIGHTS as ROLE_RIGHTS
from quizserver.live.access import Actor, Right, Role
from quizserver.live.appending import TOP
from quizserver.live.outputs import settings_of
from quizserver.live.ports import Ledger
from quizserver.wire.host import CommandMessage
from quizserver.wire.parts import SettingsPart

LOCK_LEAD_MS: Final = 150
"""An early lock takes effect this much after the click, so that every process
knows the new end of the question before it comes (Source: R4.7)."""

EXTEND_MS: Final = 5_000
"""What `extend` adds when the host names no time."""

_NO_BOARD: Final = Board(counts=(), fastest=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command with what the conductor knows: the moment, standings and lines."""

    message: CommandMessage
    at: Stamp
    leaderboard: Leaderboard = EMPTY_LEADERBOARD
    lines: tuple[PrizeLine, ...] = ()

    @property
    def question(self) -> QuestionId | None:
        """The question named, if any."""
        named = self.message.question
        return QuestionId(named) if named is not None else None

    @property
    def prize(self) -> str:
        """The prize named: "show" or a question's id."""
        return self.message.prize or self.message.question or ""

    @property
    def participant(self) -> ParticipantId:
        """The participant named; empty when none is."""
        return ParticipantId(self.message.participant or "")


Maker = Callable[[Order], c.Command]

MAKERS: Final[Mapping[str, Maker]] = {
    "open_lobby": lambda o: c.OpenLobby(),
    "ask": lambda o: c.AskQuestion(),
    "open": lambda o: c.OpenQuestion(at=o.at),
    "lock": lambda o: c.LockQuestion(at=o.at.plus_ms(LOCK_LEAD_MS)),
    "reveal": lambda o: c.RevealAnswer(board=_NO_BOARD),
    "standings": lambda o: c.ShowStandings(leaderboard=o.leaderboard),
    "end": lambda o: c.EndShow(leaderboard=o.leaderboard, lines=o.lines),
    "pause": lambda o: c.PauseShow(reason=o.message.reason or o.message.text or ""),
    "resume": lambda o: c.ResumeShow(),
    "extend": lambda o: c.ExtendQuestion(ms=_or(o.message.ms, EXTEND_MS), at=o.at),
    "void": lambda o: c.VoidQuestion(
        question=o.question, reason=o.message.reason or ""
    ),
    "correct_key": lambda o: c.CorrectKey(
        question=o.question,
        key=OptionId(o.message.option or ""),
        reason=o.message.reason or "",
    ),
    "reserve": lambda o: c.TakeReserve(question=o.question),
    "reorder": lambda o: c.ReorderQuestions(
        order=tuple(map(QuestionId, o.message.order or ()))
    ),
    "place": lambda o: c.PlaceQuestion(
        question=o.question,
        position=Position(o.message.position) if o.message.position else None,
    ),
    "prize_rules": lambda o: c.SetPrizeRules(
        prize_min_right=o.message.prize_min_right,
        max_prizes_per_person=o.message.max_prizes_per_person,
    ),
    "undo": lambda o: c.ReverseStep(),
    "reshow": lambda o: c.ShowPicture(
        picture=Picture(o.message.picture or Picture.LIVE), question=o.question
    ),
    "hide_name": lambda o: c.HideName(
        participant=o.participant,
        hidden=o.message.hidden is not False,
        alias=o.message.name or "",
    ),
    "hold_names": lambda o: c.HoldNames(hold=o.message.hidden is not False),
    "cheer": lambda o: c.SetCheering(on=o.message.on is not False),
    "set_eligible": lambda o: c.SetEligible(
        participant=o.participant,
        eligible=o.message.eligible is True,
        reason=o.message.reason or "",
    ),
    "notice": lambda o: c.PostNotice(text=o.message.text or ""),
    "look": lambda o: c.SetLook(look=Look(o.message.look or Look.LIVE)),
    "take": lambda o: c.TakeLook(),
    "set_output": lambda o: c.SetOutput(
        output=o.message.output or "",
        settings=settings_of(o.message.settings or SettingsPart()),
    ),
    "drive": lambda o: c.SetDriver(name=o.message.name or ""),
    "stream": lambda o: c.SetStream(
        at=o.at,
        aligned=o.message.aligned,
        delays=o.message.delays,
        sync=o.message.sync,
    ),
    "confirm_winner": lambda o: c.ConfirmWinner(
        prize=o.prize, participant=o.participant
    ),
    "skip_winner": lambda o: c.SkipWinner(
        prize=o.prize, participant=o.participant, reason=o.message.reason or ""
    ),
    "confirm": lambda o: c.ConfirmResults(),
    "publish": lambda o: c.PublishResults(),
}
"""Every command but `next` and `advance`, which stand for one of these."""

COMMANDS: Final = (*MAKERS, "next", "advance")
"""The names a host may send."""

RIGHTS: Final[Mapping[str, Right]] = dict.fromkeys(
    ("hide_name", "hold_names"), Right.MODERATE
)
"""Commands that need another right than CONDUCT."""

DRIVERLESS: Final = frozenset({"drive", "look", "take", "set_output", "place", *RIGHTS})
"""Commands for which no host has to be the driver: to become it, to take graphics
off the air at once and what else is the OBS operator's, and moderators' work."""

NEEDS_STANDINGS: Final = frozenset({"standings", "end"})
"""Commands that carry the order of the show; `end` carries its lines too."""


def resolve(show: Show, command: str) -> str | None:
    """Return the command that `next` and `advance` stand for now.

    None when there is nothing that comes next, or the name is unknown.
    """
    if command == "advance":
        step = next_step(show)
        command = step.value if step is not None else ""
    if command == "next":
        return "ask" if show.rules.ask_first else "open"
    return command if command in MAKERS else None


async def informed(
    ledger: Ledger, show: Show, name: str, message: CommandMessage, at: Stamp
) -> Order:
    """Return the order with the standings and lines that its command carries.

    Raises LedgerDown.
    """
    if name not in NEEDS_STANDINGS:
        return Order(message=message, at=at)
    order = Order(
        message=message,
        at=at,
        leaderboard=await ledger.leaderboard(show.code, show.epoch, TOP),
    )
    if name != "end":
        return order
    lines = await ledger.prize_lines(
        show=show.code,
        epoch=show.epoch,
        least_right=show.rules.prize_min_right,
        depth=LINE,
    )
    return replace(order, lines=lines)


def forbids(show: Show, actor: Actor, command: str) -> Reason | None:
    """Return why this actor may not give `command`, or None when they may.

    Who drives is a matter among hosts; scripts act for them (Source: R1.4).
    """
    if not actor.may(RIGHTS.get(command, Right.CONDUCT), show.code):
        return Reason.FORBIDDEN
    if actor.is_script or command in DRIVERLESS:
        return None
    return None if show.driver in {"", actor.name} else Reason.NOT_DRIVER


def commands_of(role: Role) -> tuple[str, ...]:
    """Return the commands that a role may give, whatever the show allows now."""
    return tuple(
        command
        for command in COMMANDS
        if RIGHTS.get(command, Right.CONDUCT) in ROLE_RIGHTS[role]
    )


def allowed(show: Show, at: Stamp) -> tuple[str, ...]:
    """Return the commands that would be carried out now, by trying them."""
    return tuple(
        name
        for name, make in MAKERS.items()
        if any(
            not isinstance(decide(show, make(Order(message=trial, at=at))), Rejected)
            for trial in _TRIALS.get(name, _bare)(show)
        )
    )


def _bare(show: Show) -> Iterable[CommandMessage]:
    return (CommandMessage(command="", ref="", reason="-"),)


def _each_key(show: Show) -> Iterable[CommandMessage]:
    """Yield corrections of questions, each to one option that is not its key."""
    return (
        CommandMessage(
            command="",
            ref="",
            reason="-",
            question=question,
            option=next(o.id for o in authored.options if o.id != authored.key),
        )
        for question, authored in show.questions.items()
    )


def _each_played(show: Show) -> Iterable[CommandMessage]:
    return (
        CommandMessage(command="", ref="", reason="-", question=question)
        for question, play in show.plays.items()
        if play.state is not QuestionState.WAITING
    )


def _backwards(show: Show) -> Iterable[CommandMessage]:
    """Yield one other order of what waits, if there is one."""
    order = tuple(reversed(show.waiting))
    return (CommandMessage(command="", ref="", order=order),)


def _any_output(show: Show) -> Iterable[CommandMessage]:
    return (CommandMessage(command="", ref="", output="stage"),)


def _each_question(show: Show) -> Iterable[CommandMessage]:
    return (CommandMessage(command="", ref="", question=q) for q in show.plays)


def _each_picture(show: Show) -> Iterable[CommandMessage]:
    yield CommandMessage(command="", ref="")
    yield CommandMessage(command="", ref="", picture="standings")
    for question in show.plays:
        yield CommandMessage(command="", ref="", picture="reveal", question=question)


def _each_claim(show: Show) -> Iterable[CommandMessage]:
    return (
        CommandMessage(
            command="",
            ref="",
            reason="-",
            prize=award.prize,
            participant=award.participant,
        )
        for award in awards(show)
    )


_TRIALS: Final[Mapping[str, Callable[[Show], Iterable[CommandMessage]]]] = {
    "void": _each_played,
    "correct_key": _each_key,
    "set_output": _any_output,
    "reorder": _backwards,
    "place": _each_question,
    "reshow": _each_picture,
    "confirm_winner": _each_claim,
    "skip_winner": _each_claim,
}
"""Commands that need a question or a person: what to try of each."""


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
