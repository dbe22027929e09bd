"""What a host's words mean: wire commands as domain commands.

A table of name → maker; the names are those of `docs/reference/wire.md` §4.
Boards and standings are filled in by the conductor, which asks the ledger.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from quizserver.domain import commands as c
from quizserver.domain.board import EMPTY_LEADERBOARD, Board, Leaderboard
from quizserver.domain.decide import decide
from quizserver.domain.ids import ParticipantId, QuestionId
from quizserver.domain.next_step import next_step
from quizserver.domain.rejections import Rejected
from quizserver.domain.show import Show
from quizserver.domain.stamps import Stamp
from quizserver.live.access import Right
from quizserver.wire.host import CommandMessage

LOCK_LEAD_MS: Final = 150
"""An early lock takes effect this much after the click, so that every process
knows the new end of the question before it comes (Source: R4.7)."""

EXTEND_MS: Final = 5_000
"""What `extend` adds when the host names no time."""

_NO_BOARD: Final = Board(counts=(), fastest=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command with what the conductor knows: the moment, the standings."""

    message: CommandMessage
    at: Stamp
    leaderboard: Leaderboard = EMPTY_LEADERBOARD

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
    "end": lambda o: c.EndShow(leaderboard=o.leaderboard),
    "pause": lambda o: c.PauseShow(reason=o.message.reason or o.message.text or ""),
    "resume": lambda o: c.ResumeShow(),
    "extend": lambda o: c.ExtendQuestion(ms=_or(o.message.ms, EXTEND_MS), at=o.at),
    "void": lambda o: c.VoidQuestion(
        question=o.question, reason=o.message.reason or ""
    ),
    "reserve": lambda o: c.TakeReserve(question=o.question),
    "hide_name": lambda o: c.HideName(
        participant=o.participant,
        hidden=o.message.hidden is not False,
        alias=o.message.name or "",
    ),
    "notice": lambda o: c.PostNotice(text=o.message.text or ""),
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

RIGHTS: Final[Mapping[str, Right]] = {"hide_name": Right.MODERATE}
"""Commands that need another right than CONDUCT."""

NEEDS_STANDINGS: Final = frozenset({"standings", "end"})


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


def allowed(show: Show, at: Stamp) -> tuple[str, ...]:
    """Return the commands that would be carried out now, by trying them."""
    names: list[str] = []
    for name, make in MAKERS.items():
        trial = CommandMessage(command=name, ref="", reason="-")
        if not isinstance(decide(show, make(Order(message=trial, at=at))), Rejected):
            names.append(name)
    return tuple(names)


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
