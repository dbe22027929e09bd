"""The show as a value, and how events change it.

`evolve(show, event) → show` follows what has happened and never says no; the
saying no is in `decide`. A restart is `replay` of the journal's events, so a
live show and a replayed one are equal (Source: R1.4, R6.1).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from quizserver.domain import events as e
from quizserver.domain.board import EMPTY_LEADERBOARD, Board, Leaderboard, PrizeLine
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.domain.outputs import AS_IT_IS, OutputSettings
from quizserver.domain.phases import Look, Phase, Picture, QuestionState
from quizserver.domain.rundown import Question, Rules
from quizserver.domain.stamps import Stamp
from quizserver.domain.stream import AS_IT_COMES, Stream

OVER: Final = (Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What has become of one question of the run-down.

    `opens_at` is set while the roll runs, `opened_at` is T0; `duration_ms` is
    the time in force. `void_reason` goes with the state VOID. `seal` is the
    chain's link when no answer could come any more (R6.1); `key_was` the first
    key of a question whose key was corrected; `lost_ms` what of its time the
    server was away; `lead_ms` how far overlays run ahead of it.
    """

    state: QuestionState = QuestionState.WAITING
    opens_at: Stamp | None = None
    opened_at: Stamp | None = None
    duration_ms: int = 0
    board: Board | None = None
    void_reason: str = ""
    seal: str = ""
    lost_ms: int = 0
    key_was: OptionId | None = None
    lead_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMark:
    """What a moderator did to a name."""

    hidden: bool
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A picture that overlays show once more, of a question or the standings."""

    picture: Picture
    question: QuestionId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A host's word on a winner of `prize`; an empty reason confirms."""

    prize: str
    participant: ParticipantId
    confirmed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One live run, whole.

    `order` is the run-down as it is played now: a reserve stands in the place
    of the question it replaces. `behind` is the phase behind a pause.
    `leaderboard` is the last that was made public, `lines` are those for the
    prizes once the show is over. `not_eligible` holds who may win no prize, and
    why, `withdrawn` whose data was erased. `heard_step` is the last step that was no
    quiet one.
    `look` is what overlays do with it, `driver` the host who alone runs it, empty
    when every host may; `stream` how late its picture is.
    While `names_held`, screens name only who has a mark.
    `came_from` is the phase before the question was asked, with its question;
    `again` what overlays show in place of the present, `held` the show as it was
    when they were told to stand still. `outputs` is what was set for single ones.
    """

    code: ShowCode
    epoch: str
    title: str
    lang: str
    rules: Rules
    questions: Mapping[QuestionId, Question]
    order: tuple[QuestionId, ...]
    plays: Mapping[QuestionId, Play]
    step: int = 1
    phase: Phase = Phase.DRAFT
    behind: Phase | None = None
    current: QuestionId | None = None
    leaderboard: Leaderboard = EMPTY_LEADERBOARD
    notice: str = ""
    pause_reason: str = ""
    look: Look = Look.LIVE
    driver: str = ""
    stream: Stream = AS_IT_COMES
    names: Mapping[ParticipantId, NameMark]
    names_held: bool = False
    decisions: tuple[Decision, ...] = ()
    lines: tuple[PrizeLine, ...] = ()
    not_eligible: Mapping[ParticipantId, str]
    withdrawn: frozenset[ParticipantId] = frozenset()
    salt: str = ""
    heard_step: int = 1
    came_from: tuple[Phase, QuestionId | None] = (Phase.LOBBY, None)
    again: Again | None = None
    held: "Show | None" = None
    outputs: Mapping[str, OutputSettings] = field(
        default_factory=dict[str, OutputSettings]
    )

    @property
    def play(self) -> Play:
        """The current question's play; a fresh one before the first."""
        return Play() if self.current is None else self.plays[self.current]

    @property
    def awaits_seal(self) -> bool:
        """Whether the current question is locked and its answers not sealed."""
        return self.play.state is QuestionState.LOCKED and not self.play.seal

    @property
    def over(self) -> bool:
        """Whether the last question has been played: only prizes are left."""
        return self.phase in OVER

    @property
    def stage_phase(self) -> Phase:
        """The phase, looking behind a pause."""
        return self.phase if self.behind is None else self.behind

    @property
    def waiting(self) -> tuple[QuestionId, ...]:
        """The questions of the order that have not been played."""
        return tuple(
            q for q in self.order if self.plays[q].state is QuestionState.WAITING
        )

    @property
    def next_question(self) -> QuestionId | None:
        """The first of those."""
        return next(iter(self.waiting), None)

    def number(self, question: QuestionId) -> int | None:
        """Return the question's number on air, from 1; None outside the order."""
        return self.order.index(question) + 1 if question in self.order else None

    def duration_ms(self, question: QuestionId) -> int:
        """Return how long the question is planned to stay open."""
        return self.questions[question].duration_ms or self.rules.duration_ms


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


# --- evolving: one function per event ------------------------------------------


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


def _eligibility_set(show: Show, event: e.EligibilitySet) -> Show:
    who = event.participant
    others = {one: why for one, why in show.not_eligible.items() if one != who}
    if not event.eligible:
        others[who] = event.reason
    marked = replace(show, not_eligible=others)
    if not show.over:
        return marked
    fallen = {w for w in show.decisions if w.confirmed and w.participant == who}
    if event.eligible:
        fallen |= _overtaken(show, who)
    return replace(_without(marked, fallen), phase=Phase.ENDED)


def _overtaken(show: Show, who: ParticipantId) -> set[Decision]:
    """Return the confirmations of others where `who` stands as high or higher.

    Whoever comes back into a line for a prize may be its winner: nobody who was
    confirmed meanwhile stays so unseen.
    """
    ranks = {
        (line.prize, row.participant): row.rank
        for line in show.lines
        for row in line.candidates
    }
    own = {prize: rank for (prize, one), rank in ranks.items() if one == who}
    return {
        word
        for word in show.decisions
        if word.confirmed
        and word.participant != who
        and word.prize in own
        and own[word.prize]
        <= ranks.get((word.prize, word.participant), own[word.prize])
    }


def _without(show: Show, fallen: set[Decision]) -> Show:
    kept = tuple(word for word in show.decisions if word not in fallen)
    return replace(show, decisions=kept)


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


def _winner_confirmed(show: Show, event: e.WinnerConfirmed) -> Show:
    word = Decision(prize=event.prize, participant=event.participant, confirmed=True)
    return replace(show, decisions=(*show.decisions, word))


def _winner_skipped(show: Show, event: e.WinnerSkipped) -> Show:
    word = Decision(
        prize=event.prize,
        participant=event.participant,
        confirmed=False,
        reason=event.reason,
    )
    freed = replace(show, decisions=(*show.decisions, word))
    if not show.rules.max_prizes_per_person or word.prize not in _held(show, word):
        return freed
    # Holding one prize less, they are back in the lines for the others.
    others = {w for w in _overtaken(show, event.participant) if w.prize != word.prize}
    return _without(freed, others)


def _held(show: Show, word: Decision) -> set[str]:
    """Return the prizes that the participant of `word` was confirmed for."""
    last = {w.prize: w for w in show.decisions if w.participant == word.participant}
    return {prize for prize, was in last.items() if was.confirmed}


def _people_changed(show: Show, event: e.PeopleChanged) -> Show:
    # What a moderator hid or renamed stays so; only a name that was passed is new.
    names = {
        who: mark
        for who, mark in show.names.items()
        if who not in event.renamed or mark.hidden or mark.alias
    }
    return replace(show, names=names)


def _people_erased(show: Show, event: e.PeopleErased) -> Show:
    gone = frozenset(event.participants)
    names = {who: mark for who, mark in show.names.items() if who not in gone}
    return replace(show, names=names, withdrawn=show.withdrawn | gone)


def _people_expired(show: Show, event: e.PeopleExpired) -> Show:
    return replace(show, names={})


def _people_exported(show: Show, event: e.PeopleExported) -> Show:
    return show


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
    "StepReversed": _reversed,
    "PictureShown": _picture_shown,
    "NameHidden": _name_hidden,
    "NameHoldSet": _names_held,
    "EligibilitySet": _eligibility_set,
    "NoticePosted": _notice_posted,
    "LookSet": _look_set,
    "OutputSet": _output_set,
    "DriverSet": _driver_set,
    "StreamSet": _stream_set,
    "ShowEnded": _ended,
    "WinnerConfirmed": _winner_confirmed,
    "WinnerSkipped": _winner_skipped,
    "ResultsConfirmed": _to(Phase.CONFIRMED),
    "ResultsPublished": _to(Phase.PUBLISHED),
    "PeopleChanged": _people_changed,
    "PeopleErased": _people_erased,
    "PeopleExpired": _people_expired,
    "PeopleExported": _people_exported,
}
