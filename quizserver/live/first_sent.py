"""When a question was first shown to somebody who moves to another process.

S stands wherever its owner goes (Source: R4.1), but only the process that sent the
question knows it. That one hears who has come where (`gateway.arrivals`), and tells
how long after T0 it had sent the question to them: a duration, so no two clocks are
compared. It takes as long as the bus does. When the bus or that process is dead, S is
T0, as after a restart: that costs its owner 300 ms at most, and never gives anything.
"""

from collections.abc import Callable
from typing import Final

from quizserver.domain.ids import ParticipantId, QuestionId, ShowCode
from quizserver.live.intake import Intake
from quizserver.live.ports import Bus, Note

ARRIVED: Final = "arrived"
"""Names who has come to the process that says it."""

_SENT: Final = "first_sent"
"""Names a question, and then by twos: a participant and S − T0 in ns."""


class FirstSent:
    """Answers the other processes, and hears their answers."""

    def __init__(
        self, bus: Bus, intake_of: Callable[[ShowCode], Intake | None]
    ) -> None:
        self._bus = bus
        self._intake_of = intake_of
        bus.overhear(self._hear)

    def _hear(self, note: Note, is_own: bool) -> None:  # noqa: FBT001 - the port's
        intake = self._intake_of(note.show)
        if is_own or intake is None:
            return
        if note.kind == ARRIVED:
            self._tell(note, intake)
        elif note.kind == _SENT:
            question, *pairs = note.texts
            first = zip(pairs[::2], map(int, pairs[1::2]), strict=True)
            people = {ParticipantId(who): after_ns for who, after_ns in first}
            intake.sent_elsewhere(QuestionId(question), people)

    def _tell(self, arrived: Note, intake: Intake) -> None:
        question, first = intake.sent_here(map(ParticipantId, arrived.texts))
        if question is not None and first:
            pairs = [text for who, ns in first.items() for text in (who, str(ns))]
            texts = (question, *pairs)
            self._bus.whisper(Note(kind=_SENT, show=arrived.show, texts=texts))
