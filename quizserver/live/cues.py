"""What screens are told, made from redacted views and names.

Pure: a show, names and the present moment in, messages out. Phones and
overlays get the same cue; what is a phone's own is added by `stage`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from quizserver.domain import events as e
from quizserver.domain.board import Leaderboard, Placing, Standing
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Look, Phase, QuestionState
from quizserver.domain.prizes import SHOW_PRIZE, AwardStatus, awards
from quizserver.domain.show import OVER, Show
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.domain.stream import AS_IT_COMES
from quizserver.domain.views import (
    QuestionView,
    public_leaderboard,
    public_question,
    public_reveal,
)
from quizserver.live.commitment import seal_code
from quizserver.live.ports import Clock
from quizserver.live.roster import Roster
from quizserver.wire import phone as m
from quizserver.wire.parts import (
    FastestPart,
    OptionPart,
    QuestionPart,
    RevealPart,
    StandingPart,
    StandingsPart,
    StreamPart,
    WinnerPart,
)

_PUBLIC: Final = (
    AwardStatus.PROVISIONAL,
    AwardStatus.UNDECIDED,
    AwardStatus.CONFIRMED,
)


class Scene:
    """One show at one moment, ready to be told: its state, names and time."""

    def __init__(self, show: Show, roster: Roster, clock: Clock) -> None:
        self.show = show
        self._roster = roster
        self._clock = clock

    def cue(self, event: e.Event) -> m.Cue:
        """Return what `event`, which led to this scene's show, tells screens."""
        make = _CUES.get(type(event).__name__)
        return m.Step(**self.marks()) if make is None else make(self, event)

    def state(self) -> m.State:
        """Return the full snapshot, without anything personal (Source: R2.2)."""
        show = self.show
        view = public_question(show)
        leaderboard = public_leaderboard(show)
        return m.State(
            epoch=show.epoch,
            step=show.step,
            phase=show.stage_phase,
            question=question_part(view) if view is not None else None,
            opens_in_ms=self.until(view.opens_at) if view is not None else None,
            closes_in_ms=self.closes_in_ms(),
            result=self.reveal(),
            standings=self.standings(leaderboard) if leaderboard else None,
            winner=self.winners() if show.stage_phase in OVER else (),
            notice=show.pause_reason or show.notice or None,
            paused=show.behind is not None,
            look=self.look(),
            stream=self.stream(),
            cheering=show.cheering,
        )

    def look(self) -> str | None:
        """Return the word to all overlays; None while they follow the show."""
        return None if self.show.look is Look.LIVE else self.show.look

    def stream(self) -> StreamPart | None:
        """Return how late the picture is; None while nobody has said so."""
        stream = self.show.stream
        if stream == AS_IT_COMES:
            return None
        sync_ms = None
        if stream.sync_at is not None:
            sync_ms = max(0, self._clock.stamp().ms_since(stream.sync_at))
        return StreamPart(
            aligned=stream.aligned, delays=dict(stream.delays), sync_ms=sync_ms
        )

    def closes_in_ms(self) -> int | None:
        """Return what is left of T0 + duration while the question is open."""
        play = self.show.play
        if play.state is not QuestionState.OPEN or play.opened_at is None:
            return None
        return self.until(play.opened_at.plus_ms(play.duration_ms))

    def opens_in_ms(self) -> int | None:
        """Return what is left of the roll, or None when there is none."""
        return self.until(self.show.play.opens_at)

    def reveal(self) -> RevealPart | None:
        """Return the revealed question with names, or None before the reveal."""
        view = public_reveal(self.show)
        if view is None:
            return None
        return RevealPart(
            question=view.question,
            correct=view.correct,
            counts={str(option): n for option, n in view.counts.items()},
            fastest=tuple(self._fastest(p) for p in view.fastest),
            explanation=view.explanation or None,
            source=view.source or None,
        )

    def standings(self, leaderboard: Leaderboard) -> StandingsPart:
        """Return the top of the standings with names."""
        return StandingsPart(
            top=tuple(self._standing(row) for row in leaderboard.top),
            participants=leaderboard.participants,
        )

    def winners(self) -> tuple[WinnerPart, ...]:
        """Return who leads the show's prize, without those passed over.

        Why somebody was is nobody's business but the hosts'.
        """
        return tuple(
            WinnerPart(
                prize=award.prize,
                name=self.name(award.participant),
                status=award.status,
                right=award.right,
                time_ms=award.time_ms,
                rank=award.rank,
                tied=award.tied,
            )
            for award in awards(self.show)
            if award.prize == SHOW_PRIZE and award.status in _PUBLIC
        )

    def name(self, participant: ParticipantId) -> str:
        """Return what this participant is called in public."""
        return self._roster.public_name(self.show, participant)

    def marks(self) -> dict[str, Any]:
        """Return the fields that every cue carries."""
        return {"epoch": self.show.epoch, "step": self.show.step}

    def until(self, stamp: Stamp | None) -> int | None:
        """Return whole milliseconds until `stamp`, rounded up, at least 0."""
        if stamp is None:
            return None
        left = self._clock.resolve_ns(stamp) - self._clock.monotonic_ns()
        return max(0, -(-left // NS_PER_MS))

    def _fastest(self, placing: Placing) -> FastestPart:
        return FastestPart(
            name=self.name(placing.participant),
            time_ms=placing.time_ms,
            rank=placing.rank,
            tied=placing.tied,
        )

    def _standing(self, row: Standing) -> StandingPart:
        return StandingPart(
            rank=row.rank,
            tied=row.tied,
            name=self.name(row.participant),
            right=row.right,
            total_ms=row.total_ms,
        )

    def question(self) -> QuestionPart:
        """Return the current question; there must be one."""
        view = public_question(self.show)
        assert view is not None
        return question_part(view)


def on_boards(show: Show) -> set[ParticipantId]:
    """Return who may be named on a screen: boards, standings, lines for prizes."""
    boards = (play.board for play in show.plays.values())
    held = on_boards(show.held) if show.held is not None else set[ParticipantId]()
    return held | {
        *(one.participant for board in boards if board for one in board.fastest),
        *(one.participant for one in show.leaderboard.top),
        *(one.participant for line in show.lines for one in line.candidates),
    }


def question_part(view: QuestionView) -> QuestionPart:
    """Return a question as the wire says it; it never had a key."""
    return QuestionPart(
        id=view.id,
        number=view.number,
        total=view.total,
        text=view.text,
        options=tuple(OptionPart(id=o.id, text=o.text) for o in view.options),
        image=picture_path(view.image),
        duration_ms=view.duration_ms,
        state=view.state,
        void_reason=view.void_reason or None,
        seal=seal_code(view.seal) if view.seal else None,
        position=view.position,
    )


def picture_path(name: str | None) -> str | None:
    """Return the address of a question's picture; `web` serves it once asked."""
    return f"/pictures/{name}" if name else None


# --- one function per event that has a cue of its own ---------------------------


def _lobby(scene: Scene, event: e.LobbyOpened) -> m.Cue:
    return m.Lobby(**scene.marks())


def _asked(scene: Scene, event: e.QuestionAsked) -> m.Cue:
    return m.Asked(question=scene.question(), **scene.marks())


def _rolled(scene: Scene, event: e.QuestionRolled) -> m.Cue:
    bare = scene.question()
    part = QuestionPart(
        id=bare.id, number=bare.number, total=bare.total, position=bare.position
    )
    return m.Roll(
        question=part, in_ms=scene.until(event.opens_at) or 0, **scene.marks()
    )


def _opened(scene: Scene, event: e.QuestionOpened) -> m.Cue:
    return m.Open(
        question=scene.question(), duration_ms=event.duration_ms, **scene.marks()
    )


def _extended(scene: Scene, event: e.QuestionExtended) -> m.Cue:
    return m.Extended(
        question=event.question,
        duration_ms=event.duration_ms,
        closes_in_ms=scene.closes_in_ms() or 0,
        **scene.marks(),
    )


def _locked(scene: Scene, event: e.QuestionLocked) -> m.Cue:
    return m.Locked(question=event.question, **scene.marks())


def _sealed(scene: Scene, event: e.QuestionSealed) -> m.Cue:
    code = seal_code(event.sha256)
    return m.Sealed(question=event.question, code=code, **scene.marks())


def _revealed(scene: Scene, event: e.Event) -> m.Cue:
    part = scene.reveal()
    assert part is not None
    return m.Revealed(
        question=part.question,
        correct=part.correct,
        counts=part.counts,
        fastest=part.fastest,
        explanation=part.explanation,
        source=part.source,
        **scene.marks(),
    )


def _voided(scene: Scene, event: e.QuestionVoided) -> m.Cue:
    return m.Voided(question=event.question, reason=event.reason, **scene.marks())


def _standings_shown(scene: Scene, event: e.StandingsShown) -> m.Cue:
    part = scene.standings(event.leaderboard)
    return m.Standings(top=part.top, participants=part.participants, **scene.marks())


def _paused(scene: Scene, event: e.ShowPaused) -> m.Cue:
    return m.Paused(text=event.reason, **scene.marks())


def _resumed(scene: Scene, event: e.ShowResumed) -> m.Cue:
    return m.Resumed(phase=scene.show.phase, **scene.marks())


def _noticed(scene: Scene, event: e.NoticePosted) -> m.Cue:
    return m.Notice(text=event.text, **scene.marks())


def _look_set(scene: Scene, event: e.LookSet) -> m.Cue:
    # No screen's contents change, and phones have no look: the step says it.
    return m.Step(look=event.look, take=event.take, **scene.marks())


def _stream_set(scene: Scene, event: e.StreamSet) -> m.Cue:
    return m.Stream(stream=scene.stream() or StreamPart(), **scene.marks())


def _cheering_set(scene: Scene, event: e.CheeringSet) -> m.Cue:
    return m.Step(cheering=event.on, **scene.marks())


def _placed(scene: Scene, event: e.QuestionPlaced) -> m.Cue:
    # Who sees the question already sees it move; of the others a later cue speaks.
    is_asked = scene.show.play.state is QuestionState.ASKED
    if not is_asked or event.question != scene.show.current:
        return m.Step(**scene.marks())
    return m.Step(position=event.position or "", **scene.marks())


def _ended(scene: Scene, event: e.ShowEnded) -> m.Cue:
    return m.Ended(winner=scene.winners(), **scene.marks())


def _renamed(scene: Scene, event: e.Event) -> m.Cue:
    """Tell the list that is on the screens again, with the new name."""
    phase = scene.show.stage_phase
    if phase is Phase.REVEALED and scene.reveal() is not None:
        return _revealed(scene, event)
    if phase is Phase.STANDINGS:
        return _standings_shown(
            scene, e.StandingsShown(leaderboard=scene.show.leaderboard)
        )
    return _decided(scene, event)


def _people(
    scene: Scene, event: e.PeopleChanged | e.PeopleErased | e.PeopleExpired
) -> m.Cue:
    """Tell the list on the screens again only where it may name one of them.

    Thousands may leave in a minute; all but a few of them stand on no board.
    """
    named = on_boards(scene.show)
    is_named = isinstance(event, e.PeopleExpired) or named.intersection(
        event.participants
    )
    return _renamed(scene, event) if is_named else m.Step(**scene.marks())


def _decided(scene: Scene, event: e.Event) -> m.Cue:
    """Tell the winners again, where they are on the screens."""
    if scene.show.stage_phase not in OVER:
        return m.Step(**scene.marks())
    return m.Ended(winner=scene.winners(), **scene.marks())


_CUES: Final[Mapping[str, Callable[[Scene, Any], m.Cue]]] = {
    "LobbyOpened": _lobby,
    "QuestionAsked": _asked,
    "QuestionRolled": _rolled,
    "QuestionOpened": _opened,
    "QuestionExtended": _extended,
    "QuestionLocked": _locked,
    "QuestionSealed": _sealed,
    "AnswerRevealed": _revealed,
    "QuestionVoided": _voided,
    "StandingsShown": _standings_shown,
    "ShowPaused": _paused,
    "ShowResumed": _resumed,
    "NameHidden": _renamed,
    "NameHoldSet": _renamed,
    "PeopleChanged": _people,
    "PeopleErased": _people,
    "PeopleExpired": _people,
    "NoticePosted": _noticed,
    "CheeringSet": _cheering_set,
    "LookSet": _look_set,
    "QuestionPlaced": _placed,
    "StreamSet": _stream_set,
    "ShowEnded": _ended,
    "WinnerConfirmed": _decided,
    "WinnerSkipped": _decided,
    "EligibilitySet": _decided,
}
