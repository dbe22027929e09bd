"""What a command leads to: one event, or the reason why not.

`decide(show, command) → event | Rejected` changes nothing. When something may
happen stands in `phases`; what more it needs is one small function per
command below (Source: R1.4: exactly one transition per command).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain import people, winners
from quizserver.domain.board import Board
from quizserver.domain.ids import QuestionId
from quizserver.domain.outputs import LONGEST_NAME, MOST_OUTPUTS
from quizserver.domain.phases import Look, Phase, QuestionState, following
from quizserver.domain.rejections import MAX_TEXT, Reason, Rejected, bad_reason
from quizserver.domain.replan import place, reorder, reverse, set_prizes, show_picture
from quizserver.domain.show import Show
from quizserver.domain.stream import is_sound

MAX_DURATION_MS: Final = 300_000
"""Longest a question may last with all its extensions."""

Outcome = e.Event | Rejected


def decide(show: Show, command: c.Command) -> Outcome:
    """Return the one event that `command` leads to, or why not.

    Source: R1.4 (one transition; a stale step changes nothing), R1.5.
    """
    if command.step is not None and not _has_seen(show, command.step):
        return Rejected(Reason.STALE_STEP)
    kind = type(command).__name__
    if following(show.phase, kind) is None:
        return Rejected(Reason.NOT_NOW)
    return _DECIDE[kind](show, command)


def _has_seen(show: Show, step: int) -> bool:
    """Tell whether a host at `step` knows the show as it is.

    A quiet step changes nothing that a host decides on; who clicks while it comes
    has seen enough.
    """
    return show.heard_step <= step <= show.step


# --- one function per command ---------------------------------------------------


def _open_lobby(show: Show, command: c.OpenLobby) -> Outcome:
    return e.LobbyOpened()


def _upcoming(show: Show) -> QuestionId | Rejected:
    """Return the question to play next; a locked one must be revealed first."""
    locked = show.phase is Phase.LOCKED
    if locked and show.play.state is not QuestionState.VOID:
        return Rejected(Reason.NOT_NOW)
    return show.next_question or Rejected(Reason.NO_QUESTION_LEFT)


def _ask(show: Show, command: c.AskQuestion) -> Outcome:
    question = _upcoming(show)
    if isinstance(question, Rejected):
        return question
    return e.QuestionAsked(question=question)


def _open(show: Show, command: c.OpenQuestion) -> Outcome:
    question = _question_to_open(show)
    if isinstance(question, Rejected):
        return question
    lead_ms = show.stream.lead_ms
    opens_at = command.at.plus_ms(show.rules.roll_ms + lead_ms)
    return e.QuestionRolled(question=question, opens_at=opens_at, lead_ms=lead_ms)


def _question_to_open(show: Show) -> QuestionId | Rejected:
    if show.phase is not Phase.ASKED:
        return Rejected(Reason.NOT_NOW) if show.rules.ask_first else _upcoming(show)
    if show.play.opens_at is not None or show.current is None:
        return Rejected(Reason.ROLLING)
    return show.current


def _begin(show: Show, command: c.BeginQuestion) -> Outcome:
    if command.question != show.current or show.play.opens_at is None:
        return Rejected(Reason.NOT_THIS_QUESTION)
    return e.QuestionOpened(
        question=command.question,
        opened_at=command.at,
        duration_ms=show.duration_ms(command.question),
    )


def _lock(show: Show, command: c.LockQuestion) -> Outcome:
    assert show.current is not None
    assert show.play.opened_at is not None
    elapsed = max(0, command.at.ms_since(show.play.opened_at))
    return e.QuestionLocked(
        question=show.current,
        duration_ms=min(elapsed, show.play.duration_ms),
        early=elapsed < show.play.duration_ms,
    )


def _close(show: Show, command: c.CloseQuestion) -> Outcome:
    if command.question != show.current:
        return Rejected(Reason.NOT_THIS_QUESTION)
    return e.QuestionLocked(
        question=command.question, duration_ms=show.play.duration_ms
    )


def _interruption(show: Show, command: c.NoteInterruption) -> Outcome:
    if command.question != show.current:
        return Rejected(Reason.NOT_THIS_QUESTION)
    if command.lost_ms <= 0:
        return Rejected(Reason.BAD_DURATION)
    return e.QuestionInterrupted(question=command.question, lost_ms=command.lost_ms)


def _seal(show: Show, command: c.SealQuestion) -> Outcome:
    if command.question != show.current or not show.awaits_seal:
        return Rejected(Reason.NOT_THIS_QUESTION)
    return e.QuestionSealed(
        question=command.question, link=command.link, sha256=command.sha256
    )


def _extend(show: Show, command: c.ExtendQuestion) -> Outcome:
    assert show.current is not None
    assert show.play.opened_at is not None
    duration = show.play.duration_ms + command.ms
    if command.ms <= 0 or duration > MAX_DURATION_MS:
        return Rejected(Reason.BAD_DURATION)
    if command.at.ms_since(show.play.opened_at) >= show.play.duration_ms:
        return Rejected(Reason.TOO_LATE)
    return e.QuestionExtended(question=show.current, duration_ms=duration)


def _reveal(show: Show, command: c.RevealAnswer) -> Outcome:
    assert show.current is not None
    if show.play.state is QuestionState.VOID:
        return Rejected(Reason.QUESTION_IS_VOID)
    key = show.questions[show.current].key
    return e.AnswerRevealed(question=show.current, board=command.board, key=key)


def _standings(show: Show, command: c.ShowStandings) -> Outcome:
    if _unrevealed(show):
        return Rejected(Reason.NOT_NOW)
    return e.StandingsShown(leaderboard=command.leaderboard)


def _end(show: Show, command: c.EndShow) -> Outcome:
    if _unrevealed(show):
        return Rejected(Reason.NOT_NOW)
    return e.ShowEnded(leaderboard=command.leaderboard, lines=command.lines)


def _unrevealed(show: Show) -> bool:
    return show.phase is Phase.LOCKED and show.play.state is QuestionState.LOCKED


def _pause(show: Show, command: c.PauseShow) -> Outcome:
    if len(command.reason) > MAX_TEXT:
        return Rejected(Reason.TEXT_TOO_LONG)
    return e.ShowPaused(reason=command.reason)


def _resume(show: Show, command: c.ResumeShow) -> Outcome:
    return e.ShowResumed()


def _void(show: Show, command: c.VoidQuestion) -> Outcome:
    question = command.question or show.current
    if question is None or question not in show.plays:
        return Rejected(Reason.UNKNOWN_QUESTION)
    reason = _why_not_void(show, question) or bad_reason(command.reason)
    if reason is not None:
        return Rejected(reason)
    return e.QuestionVoided(question=question, reason=command.reason, leaderboard=None)


def _why_not_void(show: Show, question: QuestionId) -> Reason | None:
    state = show.plays[question].state
    if state is QuestionState.VOID:
        return Reason.QUESTION_IS_VOID
    if state is QuestionState.WAITING:
        return Reason.NOT_THIS_QUESTION
    if question != show.current and show.phase in (Phase.ASKED, Phase.OPEN):
        return Reason.NOT_NOW
    return None


def _correct(show: Show, command: c.CorrectKey) -> Outcome:
    question = command.question or show.current
    if question is None or question not in show.plays:
        return Rejected(Reason.UNKNOWN_QUESTION)
    authored = show.questions[question]
    if command.key not in {option.id for option in authored.options}:
        return Rejected(Reason.UNKNOWN_OPTION)
    if show.plays[question].state is not QuestionState.REVEALED:
        return Rejected(Reason.NOT_REVEALED)
    reason = bad_reason(command.reason)
    if reason is not None or command.key == authored.key:
        return Rejected(reason or Reason.SAME_KEY)
    return e.KeyCorrected(
        question=question,
        key=command.key,
        reason=command.reason,
        board=Board(counts=(), fastest=()),
        leaderboard=show.leaderboard,
    )


def _reserve(show: Show, command: c.TakeReserve) -> Outcome:
    void = [q for q in show.order if show.plays[q].state is QuestionState.VOID]
    if not void:
        return Rejected(Reason.QUESTION_IS_NOT_VOID)
    spare = [
        q.id
        for q in show.questions.values()
        if q.reserve
        and q.id not in show.order
        and show.plays[q.id].state is QuestionState.WAITING
    ]
    if command.question is not None:
        spare = [q for q in spare if q == command.question]
    if not spare:
        return Rejected(Reason.NO_RESERVE_LEFT)
    return e.ReserveTaken(question=spare[0], replaces=void[-1])


def _hide_name(show: Show, command: c.HideName) -> Outcome:
    if len(command.alias) > MAX_TEXT:
        return Rejected(Reason.TEXT_TOO_LONG)
    return e.NameHidden(
        participant=command.participant, hidden=command.hidden, alias=command.alias
    )


def _notice(show: Show, command: c.PostNotice) -> Outcome:
    if len(command.text) > MAX_TEXT:
        return Rejected(Reason.TEXT_TOO_LONG)
    return e.NoticePosted(text=command.text)


def _hold_names(show: Show, command: c.HoldNames) -> Outcome:
    return e.NameHoldSet(hold=command.hold)


def _cheering(show: Show, command: c.SetCheering) -> Outcome:
    if people.must_wait(show):  # a step to every phone would hold up the question
        return Rejected(Reason.NOT_NOW)
    return e.CheeringSet(on=command.on)


def _look(show: Show, command: c.SetLook) -> Outcome:
    return e.LookSet(look=command.look)


def _take(show: Show, command: c.TakeLook) -> Outcome:
    """Only what is held can be taken on: else overlays follow by themselves."""
    if show.look is not Look.HOLD:
        return Rejected(Reason.NOT_NOW)
    return e.LookSet(look=Look.HOLD, take=True)


def _output(show: Show, command: c.SetOutput) -> Outcome:
    named = command.output
    is_one_more = named not in show.outputs and len(show.outputs) >= MOST_OUTPUTS
    if not named or len(named) > LONGEST_NAME or is_one_more:
        return Rejected(Reason.BAD_OUTPUT)
    return e.OutputSet(output=named, settings=command.settings)


def _driver(show: Show, command: c.SetDriver) -> Outcome:
    if len(command.name) > MAX_TEXT:
        return Rejected(Reason.TEXT_TOO_LONG)
    return e.DriverSet(name=command.name)


def _stream(show: Show, command: c.SetStream) -> Outcome:
    was = show.stream
    delays = was.delays if command.delays is None else command.delays
    if not is_sound(delays):
        return Rejected(Reason.BAD_DELAY)
    sync_at = was.sync_at
    if command.sync is not None:
        sync_at = command.at if command.sync else None
    aligned = was.aligned if command.aligned is None else command.aligned
    return e.StreamSet(aligned=aligned, delays=delays, sync_at=sync_at)


def _publish_results(show: Show, command: c.PublishResults) -> Outcome:
    return e.ResultsPublished()


_DECIDE: Final[Mapping[str, Callable[[Show, Any], Outcome]]] = {
    "OpenLobby": _open_lobby,
    "AskQuestion": _ask,
    "OpenQuestion": _open,
    "BeginQuestion": _begin,
    "LockQuestion": _lock,
    "CloseQuestion": _close,
    "NoteInterruption": _interruption,
    "SealQuestion": _seal,
    "ExtendQuestion": _extend,
    "RevealAnswer": _reveal,
    "ShowStandings": _standings,
    "EndShow": _end,
    "PauseShow": _pause,
    "ResumeShow": _resume,
    "VoidQuestion": _void,
    "CorrectKey": _correct,
    "TakeReserve": _reserve,
    "ReorderQuestions": reorder,
    "PlaceQuestion": place,
    "SetPrizeRules": set_prizes,
    "ReverseStep": reverse,
    "ShowPicture": show_picture,
    "HideName": _hide_name,
    "SetEligible": winners.set_eligible,
    "PostNotice": _notice,
    "HoldNames": _hold_names,
    "SetCheering": _cheering,
    "SetLook": _look,
    "TakeLook": _take,
    "SetOutput": _output,
    "SetDriver": _driver,
    "SetStream": _stream,
    "ConfirmWinner": winners.confirm,
    "SkipWinner": winners.skip,
    "ConfirmResults": winners.sign,
    "PublishResults": _publish_results,
    "ChangePeople": people.change,
    "ErasePeople": people.erase,
    "ExpirePeople": people.expire,
    "NoteExport": people.export,
}
