"""How events change the show.

`evolve(show, event) → show` follows what has happened and never says no; the
saying no is in `decide`. A restart is `replay` of the journal's events, so a
live show and a replayed one are equal (Source: R1.4, R6.1). What is said of winners
and of people's data has modules of its own (`winners`, `people`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from quizserver.domain import events as e
from quizserver.domain import people, winners
from quizserver.domain.board import Leaderboard, PrizeLine
from quizserver.domain.ids import QuestionId
from quizserver.domain.outputs import AS_IT_IS
from quizserver.domain.phases import Look, Phase, Picture, QuestionState
from quizserver.domain.show import Again, NameMark, Play, Show
from quizserver.domain.stream import Stream


def replay(events: Iterable[e.Event]) -> Show:
    """Return the show that these events make; the first is ShowCreated."""
    stream = iter(events)
    first = next(stream)
    assert isinstance(first, e.ShowCreated)
    show = created(first)
    for event in stream:
        show = evolve(show, event)
    return show


def created(event: e.ShowCreated) -> Show:
    """Return the show at step 1."""
    questions = {q.id: q for q in event.rundown.pack.questions}
    return Show(
        code=event.code,
        epoch=event.epoch,
        title=event.rundown.title,
        lang=event.rundown.lang,
        rules=event.rundown.rules,
        questions=questions,
        order=tuple(q.id for q in questions.values() if not q.reserve),
        plays={question: Play() for question in questions},
        names={},
        not_eligible={},
        salt=event.salt,
    )


def evolve(show: Show, event: e.Event) -> Show:
    """Return the show after `event`; the step grows by one."""
    changed = _EVOLVE[type(event).__name__](show, event)
    step = show.step + 1
    return replace(
        changed,
        step=step,
        heard_step=show.heard_step if isinstance(event, e.QUIET) else step,
        again=_still_again(changed, show.phase),
    )


def _still_again(show: Show, before: Phase) -> Again | None:
    """Return what overlays go on showing once more: the show has not gone on."""
    again = show.again
    if again is None or again.picture is Picture.LIVE or show.phase is not before:
        return None
    void = again.question and show.plays[again.question].state is QuestionState.VOID
    return None if void else again


# --- one function per event -----------------------------------------------------


def _with_play(show: Show, question: QuestionId, **changes: Any) -> Show:
    plays = {**show.plays, question: replace(show.plays[question], **changes)}
    return replace(show, plays=plays)


def _to(phase: Phase) -> Callable[[Show, Any], Show]:
    return lambda show, event: replace(show, phase=phase)


def _asked(show: Show, event: e.QuestionAsked) -> Show:
    asked = _with_play(show, event.question, state=QuestionState.ASKED)
    return _to_question(asked, event.question)


def _rolled(show: Show, event: e.QuestionRolled) -> Show:
    rolled = _with_play(
        show, event.question, opens_at=event.opens_at, lead_ms=event.lead_ms
    )
    return _to_question(rolled, event.question)


def _to_question(show: Show, question: QuestionId) -> Show:
    # No count for the calibration stands over a question.
    calm = replace(show.stream, sync_at=None)
    origin = show.came_from
    if show.phase is not Phase.ASKED:
        origin = show.phase, show.current
    return replace(
        show, phase=Phase.ASKED, current=question, stream=calm, came_from=origin
    )


def _opened(show: Show, event: e.QuestionOpened) -> Show:
    opened = _with_play(
        show,
        event.question,
        state=QuestionState.OPEN,
        opens_at=None,
        opened_at=event.opened_at,
        duration_ms=event.duration_ms,
    )
    return replace(opened, phase=Phase.OPEN)


def _extended(show: Show, event: e.QuestionExtended) -> Show:
    return _with_play(show, event.question, duration_ms=event.duration_ms)


def _interrupted(show: Show, event: e.QuestionInterrupted) -> Show:
    lost_ms = show.plays[event.question].lost_ms + event.lost_ms
    return _with_play(show, event.question, lost_ms=lost_ms)


def _locked(show: Show, event: e.QuestionLocked) -> Show:
    locked = _with_play(
        show,
        event.question,
        state=QuestionState.LOCKED,
        duration_ms=event.duration_ms,
    )
    return replace(locked, phase=Phase.LOCKED)


def _sealed(show: Show, event: e.QuestionSealed) -> Show:
    return _with_play(show, event.question, seal=event.sha256)


def _revealed(show: Show, event: e.AnswerRevealed) -> Show:
    revealed = _with_play(
        show, event.question, state=QuestionState.REVEALED, board=event.board
    )
    return replace(revealed, phase=Phase.REVEALED)


def _standings_shown(show: Show, event: e.StandingsShown) -> Show:
    return replace(show, phase=Phase.STANDINGS, leaderboard=event.leaderboard)


def _paused(show: Show, event: e.ShowPaused) -> Show:
    # A pause during the roll takes the question back: nobody has seen it yet.
    calm = show
    if show.current is not None and show.play.opens_at is not None:
        calm = _with_play(show, show.current, opens_at=None)
    return replace(
        calm, phase=Phase.PAUSED, behind=show.phase, pause_reason=event.reason
    )


def _resumed(show: Show, event: e.ShowResumed) -> Show:
    return replace(show, phase=show.stage_phase, behind=None, pause_reason="")


def _voided(show: Show, event: e.QuestionVoided) -> Show:
    voided = _with_play(
        show,
        event.question,
        state=QuestionState.VOID,
        opens_at=None,
        void_reason=event.reason,
    )
    if show.phase in (Phase.ASKED, Phase.OPEN):
        return replace(voided, phase=Phase.LOCKED)
    return _recounted(voided, event.leaderboard or show.leaderboard, event.lines)


def _corrected(show: Show, event: e.KeyCorrected) -> Show:
    was = show.questions[event.question]
    changed = replace(
        show,
        questions={**show.questions, event.question: replace(was, key=event.key)},
    )
    key_was = show.plays[event.question].key_was or was.key
    changed = _with_play(changed, event.question, board=event.board, key_was=key_was)
    return _recounted(changed, event.leaderboard, event.lines)


def _recounted(
    show: Show, leaderboard: Leaderboard, lines: tuple[PrizeLine, ...]
) -> Show:
    """Put new ranks in force; after the end, prizes are to be confirmed anew."""
    counted = replace(show, leaderboard=leaderboard)
    if not show.over:
        return counted
    skips = tuple(word for word in show.decisions if not word.confirmed)
    return replace(counted, phase=Phase.ENDED, lines=lines, decisions=skips)


def _reserve_taken(show: Show, event: e.ReserveTaken) -> Show:
    order = tuple(event.question if q == event.replaces else q for q in show.order)
    return replace(show, order=order)


def _reordered(show: Show, event: e.QuestionsReordered) -> Show:
    # Each keeps to the places of those that wait: what was played keeps its number.
    coming, waiting = iter(event.order), set(show.waiting)
    order = tuple(next(coming) if q in waiting else q for q in show.order)
    return replace(show, order=order)


def _placed(show: Show, event: e.QuestionPlaced) -> Show:
    positions = {k: v for k, v in show.positions.items() if k != event.question}
    if event.position is not None:
        positions[event.question] = event.position
    return replace(show, positions=positions)


def _prizes_set(show: Show, event: e.PrizeRulesSet) -> Show:
    rules = replace(
        show.rules,
        prize_min_right=event.prize_min_right,
        max_prizes_per_person=event.max_prizes_per_person,
    )
    return replace(show, rules=rules)


def _reversed(show: Show, event: e.StepReversed) -> Show:
    back = show
    if event.unasked is not None:
        back = _with_play(show, event.unasked, state=QuestionState.WAITING)
    return replace(back, phase=event.phase, current=event.current)


def _picture_shown(show: Show, event: e.PictureShown) -> Show:
    again = Again(picture=event.picture, question=event.question)
    return replace(show, again=again)


def _name_hidden(show: Show, event: e.NameHidden) -> Show:
    mark = NameMark(hidden=event.hidden, alias=event.alias)
    return replace(show, names={**show.names, event.participant: mark})


def _names_held(show: Show, event: e.NameHoldSet) -> Show:
    return replace(show, names_held=event.hold)


def _cheering_set(show: Show, event: e.CheeringSet) -> Show:
    return replace(show, cheering=event.on)


def _notice_posted(show: Show, event: e.NoticePosted) -> Show:
    return replace(show, notice=event.text)


def _look_set(show: Show, event: e.LookSet) -> Show:
    held = show.held if event.look is Look.HOLD and not event.take else None
    if event.look is Look.HOLD and held is None:
        held = replace(show, held=None, step=show.step + 1)
    return replace(show, look=event.look, held=held)


def _output_set(show: Show, event: e.OutputSet) -> Show:
    outputs = {k: v for k, v in show.outputs.items() if k != event.output}
    if event.settings != AS_IT_IS:
        outputs[event.output] = event.settings
    return replace(show, outputs=outputs)


def _driver_set(show: Show, event: e.DriverSet) -> Show:
    return replace(show, driver=event.name)


def _stream_set(show: Show, event: e.StreamSet) -> Show:
    stream = Stream(aligned=event.aligned, delays=event.delays, sync_at=event.sync_at)
    return replace(show, stream=stream)


def _ended(show: Show, event: e.ShowEnded) -> Show:
    return replace(
        show, phase=Phase.ENDED, leaderboard=event.leaderboard, lines=event.lines
    )


_EVOLVE: Final[Mapping[str, Callable[[Show, Any], Show]]] = {
    "LobbyOpened": _to(Phase.LOBBY),
    "QuestionAsked": _asked,
    "QuestionRolled": _rolled,
    "QuestionOpened": _opened,
    "QuestionExtended": _extended,
    "QuestionInterrupted": _interrupted,
    "QuestionLocked": _locked,
    "QuestionSealed": _sealed,
    "AnswerRevealed": _revealed,
    "StandingsShown": _standings_shown,
    "ShowPaused": _paused,
    "ShowResumed": _resumed,
    "QuestionVoided": _voided,
    "KeyCorrected": _corrected,
    "ReserveTaken": _reserve_taken,
    "QuestionsReordered": _reordered,
    "QuestionPlaced": _placed,
    "PrizeRulesSet": _prizes_set,
    "StepReversed": _reversed,
    "PictureShown": _picture_shown,
    "NameHidden": _name_hidden,
    "NameHoldSet": _names_held,
    "CheeringSet": _cheering_set,
    "EligibilitySet": winners.eligibility_set,
    "NoticePosted": _notice_posted,
    "LookSet": _look_set,
    "OutputSet": _output_set,
    "DriverSet": _driver_set,
    "StreamSet": _stream_set,
    "ShowEnded": _ended,
    "WinnerConfirmed": winners.confirmed,
    "WinnerSkipped": winners.skipped,
    "ResultsConfirmed": _to(Phase.CONFIRMED),
    "ResultsPublished": _to(Phase.PUBLISHED),
    "PeopleChanged": people.changed,
    "PeopleErased": people.erased,
    "PeopleExpired": people.expired,
    "PeopleExported": people.exported,
}
