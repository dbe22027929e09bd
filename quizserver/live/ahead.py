"""What overlays show while the picture runs ahead of the phones.

In the aligned mode a question opens on the overlays `lead_ms` before T0, so that
viewers, who see the picture that much later, see it open when their phones ask. Its
clock runs out as much earlier. Everything else is told to all at once; phones hold
it back themselves. Only overlays get this, and nothing in it depends on the key.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.live.ports import Clock
from quizserver.wire import phone as m
from quizserver.wire.common import encode
from quizserver.wire.overlay import Ahead
from quizserver.wire.parts import OptionPart, QuestionPart

_SLACK_MS: Final = 500


class Foresight:
    """The overlays' question, as long as it is another than the phones'.

    `tell` takes a JSON text for all overlays of the show.
    """

    def __init__(self, clock: Clock, tell: Callable[[bytes], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._cancel: Callable[[], None] = lambda: None
        self._said: tuple[Phase, Stamp] | None = None

    def told(self, show: Show, cue: m.Cue) -> m.Cue:
        """Return what overlays are told in the place of the phones' cue."""
        if show.again is not None:  # a whole state follows
            return m.Step(epoch=cue.epoch, step=cue.step)
        lead_ms = show.play.lead_ms
        if not lead_ms:
            return cue
        if isinstance(cue, m.Roll):
            return msgspec.structs.replace(cue, in_ms=max(0, cue.in_ms - lead_ms))
        if isinstance(cue, m.Open | m.Extended):  # `follow` tells, or has told it
            return m.Step(epoch=cue.epoch, step=cue.step)
        return cue

    def state(self, show: Show, state: m.State) -> m.State:
        """Return the overlays' snapshot in the place of the common one."""
        span = _span(show)
        if span is None or state.question is None:
            return state
        opens_in_ms, closes_in_ms = map(self._in_ms, span)
        shown = msgspec.structs.replace(
            state, opens_in_ms=max(0, opens_in_ms), closes_in_ms=None
        )
        if opens_in_ms > 0:
            return shown
        phase = Phase.OPEN if closes_in_ms > 0 else Phase.LOCKED
        return msgspec.structs.replace(
            shown,
            phase=phase,
            opens_in_ms=None,
            closes_in_ms=closes_in_ms if closes_in_ms > 0 else None,
            question=_with_options(show, state.question, phase),
        )

    def follow(self, show: Show, question: QuestionPart | None) -> None:
        """Tell what overlays are to show by now, and set the timer for what is next."""
        self._cancel()
        self._cancel = lambda: None
        span = _span(show)
        if span is None or question is None:
            self._said = None
            return
        opens, closes = span
        if self._in_ms(opens) > 0:
            self._set(opens, lambda: self.follow(show, question))
            return
        left_ms = self._in_ms(closes)
        phase = Phase.OPEN if left_ms > 0 else Phase.LOCKED
        if self._is_news(phase, closes):
            self._said = phase, closes
            self._tell(encode(_ahead(show, question, phase, left_ms)))
        if left_ms > 0:
            self._set(closes, lambda: self.follow(show, question))

    def _is_news(self, phase: Phase, closes: Stamp) -> bool:
        """Tell whether overlays show another phase, or for another time.

        T0 comes some milliseconds after it was due: that is none.
        """
        if self._said is None or self._said[0] is not phase:
            return True
        return abs(closes.ms_since(self._said[1])) > _SLACK_MS

    def _set(self, at: Stamp, call: Callable[[], None]) -> None:
        self._cancel = self._clock.at(self._clock.resolve_ns(at), call)

    def _in_ms(self, at: Stamp) -> int:
        left_ns = self._clock.resolve_ns(at) - self._clock.monotonic_ns()
        return -(-left_ns // NS_PER_MS)


def _ahead(show: Show, question: QuestionPart, phase: Phase, left_ms: int) -> Ahead:
    if phase is Phase.LOCKED:
        return Ahead(epoch=show.epoch, phase=phase)
    return Ahead(
        epoch=show.epoch,
        phase=phase,
        question=_with_options(show, question, phase),
        duration_ms=_duration_ms(show),
        closes_in_ms=left_ms,
    )


def _span(show: Show) -> tuple[Stamp, Stamp] | None:
    """Return from when to when overlays show the question open, if ahead."""
    play = show.play
    begins = play.opens_at or play.opened_at
    running = play.opens_at is not None or play.state is QuestionState.OPEN
    if not play.lead_ms or begins is None or not running:
        return None
    opens = begins.plus_ms(-play.lead_ms)
    return opens, opens.plus_ms(_duration_ms(show))


def _duration_ms(show: Show) -> int:
    assert show.current is not None
    return show.play.duration_ms or show.duration_ms(show.current)


def _with_options(show: Show, question: QuestionPart, state: str) -> QuestionPart:
    authored = show.questions[show.current] if show.current else None
    assert authored is not None
    options = tuple(OptionPart(id=o.id, text=o.text) for o in authored.options)
    return msgspec.structs.replace(
        question,
        options=options,
        state=state,
        duration_ms=_duration_ms(show),
    )
