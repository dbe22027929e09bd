"""What screens are told, made from redacted views and names.

Pure: a show, names and the present moment in, messages out. Phones and
overlays get the same cue; what is a phone's own is added by `stage`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from quizserver.domain import events as e
from quizserver.domain.board import Leaderboard, Placing, Standing
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.prizes import SHOW_PRIZE, AwardStatus, awards
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.domain.views import (
    QuestionView,
    public_leaderboard,
    public_question,
    public_reveal,
)
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
    WinnerPart,
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
        return self._step() if make is None else make(self, event)

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
            opens_in_ms=self._until(view.opens_at) if view is not None else None,
            closes_in_ms=self.closes_in_ms(),
            result=self.reveal(),
            standings=self.standings(leaderboard) if leaderboard else None,
            winner=self.winners() if show.stage_phase in _OVER else (),
            notice=show.pause_reason or show.notice or None,
            paused=show.behind is not None,
        )

    def closes_in_ms(self) -> int | None:
        """Return what is left of T0 + duration while the question is open."""
        play = self.show.play
        if play.state is not QuestionState.OPEN or play.opened_at is None:
            return None
        return self._until(play.opened_at.plus_ms(play.duration_ms))

    def opens_in_ms(self) -> int | None:
        """Return what is left of the roll, or None when there is none."""
        return self._until(self.show.play.opens_at)

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
        """Return who leads the show's prize, without those passed over."""
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
            if award.prize == SHOW_PRIZE and award.status is not AwardStatus.SKIPPED
        )

    def name(self, participant: ParticipantId) -> str:
        """Return what this participant is called in public."""
        return self._roster.public_name(self.show, participant)

    def marks(self) -> dict[str, Any]:
        """Return the fields that every cue carries."""
        return {"epoch": self.show.epoch, "step": self.show.step}

    def _step(self) -> m.Step:
        return m.Step(**self.marks())

    def _until(self, stamp: Stamp | None) -> int | None:
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

    # --- one method per event that has a cue of its own ---------------------

    def _lobby(self, event: e.LobbyOpened) -> m.Cue:
        return m.Lobby(**self.marks())

    def _asked(self, event: e.QuestionAsked) -> m.Cue:
        return m.Asked(question=self._question(), **self.marks())

    def _rolled(self, event: e.QuestionRolled) -> m.Cue:
        bare = self._question()
        part = QuestionPart(id=bare.id, number=bare.number, total=bare.total)
        return m.Roll(
            question=part, in_ms=self._until(event.opens_at) or 0, **self.marks()
        )

    def _opened(self, event: e.QuestionOpened) -> m.Cue:
        return m.Open(
            question=self._question(), duration_ms=event.duration_ms, **self.marks()
        )

    def _extended(self, event: e.QuestionExtended) -> m.Cue:
        return m.Extended(
            question=event.question,
            duration_ms=event.duration_ms,
            closes_in_ms=self.closes_in_ms() or 0,
            **self.marks(),
        )

    def _locked(self, event: e.QuestionLocked) -> m.Cue:
        bare = self._question()
        part = QuestionPart(id=bare.id, number=bare.number, total=bare.total)
        return m.Locked(question=part, **self.marks())

    def _revealed(self, event: e.Event) -> m.Cue:
        part = self.reveal()
        assert part is not None
        return m.Revealed(
            question=part.question,
            correct=part.correct,
            counts=part.counts,
            fastest=part.fastest,
            explanation=part.explanation,
            source=part.source,
            **self.marks(),
        )

    def _voided(self, event: e.QuestionVoided) -> m.Cue:
        return m.Voided(question=event.question, reason=event.reason, **self.marks())

    def _standings_shown(self, event: e.StandingsShown) -> m.Cue:
        part = self.standings(event.leaderboard)
        return m.Standings(top=part.top, participants=part.participants, **self.marks())

    def _paused(self, event: e.ShowPaused) -> m.Cue:
        return m.Paused(text=event.reason, **self.marks())

    def _resumed(self, event: e.ShowResumed) -> m.Cue:
        return m.Resumed(phase=self.show.phase, **self.marks())

    def _noticed(self, event: e.NoticePosted) -> m.Cue:
        return m.Notice(text=event.text, **self.marks())

    def _ended(self, event: e.ShowEnded) -> m.Cue:
        return m.Ended(winner=self.winners(), **self.marks())

    def _renamed(self, event: e.NameHidden) -> m.Cue:
        """Tell the list that is on the screens again, with the new name."""
        phase = self.show.stage_phase
        if phase is Phase.REVEALED and self.reveal() is not None:
            return self._revealed(event)
        if phase is Phase.STANDINGS:
            return self._standings_shown(
                e.StandingsShown(leaderboard=self.show.leaderboard)
            )
        if phase in _OVER:
            return m.Ended(winner=self.winners(), **self.marks())
        return self._step()

    def _decided(self, event: e.Event) -> m.Cue:
        return m.Ended(winner=self.winners(), **self.marks())

    def _question(self) -> QuestionPart:
        view = public_question(self.show)
        assert view is not None
        return question_part(view)


_OVER: Final = (Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED)

_CUES: Final[Mapping[str, Callable[[Scene, Any], m.Cue]]] = {
    "LobbyOpened": Scene._lobby,
    "QuestionAsked": Scene._asked,
    "QuestionRolled": Scene._rolled,
    "QuestionOpened": Scene._opened,
    "QuestionExtended": Scene._extended,
    "QuestionLocked": Scene._locked,
    "AnswerRevealed": Scene._revealed,
    "QuestionVoided": Scene._voided,
    "StandingsShown": Scene._standings_shown,
    "ShowPaused": Scene._paused,
    "ShowResumed": Scene._resumed,
    "NameHidden": Scene._renamed,
    "NoticePosted": Scene._noticed,
    "ShowEnded": Scene._ended,
    "WinnerConfirmed": Scene._decided,
    "WinnerSkipped": Scene._decided,
}


def question_part(view: QuestionView) -> QuestionPart:
    """Return a question as the wire says it; it never had a key."""
    return QuestionPart(
        id=view.id,
        number=view.number,
        total=view.total,
        text=view.text,
        options=tuple(OptionPart(id=o.id, text=o.text) for o in view.options),
        image=view.image,
        duration_ms=view.duration_ms,
        state=view.state,
    )
