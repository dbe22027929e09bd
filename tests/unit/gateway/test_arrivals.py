"""The newest connection of a participant wins, at whichever process (R2.2).

Notes travel as on the bus: in one order for all, heard by their sender, too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.gateway.arrivals import Arrivals
from quizserver.gateway.fanout import PhoneAudience
from quizserver.live.ports import Note
from quizserver.live.rows import EventRow
from quizserver.wire.common import Close
from tests.manual_clock import ManualClock

SHOW, AN = ShowCode("CCHC1"), ParticipantId("an")


@dataclass(eq=False)
class Phone:
    """As much of a phone as an audience needs."""

    show: ShowCode = SHOW
    participant: ParticipantId = AN
    closes: list[int] = field(default_factory=list)

    def close(self, code: int) -> None:
        """Take a close code."""
        self.closes.append(code)


class Wire:
    """Keeps notes until a test lets them be heard."""

    def __init__(self) -> None:
        self.notes: list[tuple[Side, Note]] = []
        self.sides: list[Side] = []

    def carry(self) -> None:
        """Let everybody hear what waits, in order."""
        waiting, self.notes = self.notes, []
        for sender, note in waiting:
            for side in self.sides:
                for hear in side.hearers:
                    hear(note, side is sender)


class Side:
    """One process: its bus, and its phones."""

    def __init__(self, wire: Wire, clock: ManualClock) -> None:
        self.wire = wire
        self.hearers: list[Callable[[Note, bool], None]] = []
        self.audience = PhoneAudience()
        wire.sides.append(self)
        Arrivals(self.audience, self, clock)

    async def publish(self, event: EventRow) -> None:
        """Not used here."""

    def subscribe(self, receive: Callable[[EventRow], None]) -> None:
        """Not used here."""

    def whisper(self, note: Note) -> None:
        """Give a note to the wire."""
        self.wire.notes.append((self, note))

    def overhear(self, hear: Callable[[Note, bool], None]) -> None:
        """Hear what the wire carries."""
        self.hearers.append(hear)

    def come(self) -> Phone:
        """Let a phone of An come."""
        phone = Phone()
        self.audience.join(SHOW, AN, phone)  # type: ignore[arg-type]
        return phone


def sides() -> tuple[ManualClock, Wire, Side, Side]:
    clock, wire = ManualClock(), Wire()
    return clock, wire, Side(wire, clock), Side(wire, clock)


def test_who_goes_to_another_process_is_replaced_at_the_first() -> None:
    clock, wire, one, two = sides()
    first = one.come()
    clock.forward(50)
    wire.carry()
    second = two.come()
    clock.forward(50)
    wire.carry()
    assert (first.closes, second.closes) == ([Close.REPLACED], [])


def test_who_comes_back_before_the_others_are_heard_stays() -> None:
    """An goes from one to two and back, while the wire is slow."""
    clock, wire, one, two = sides()
    away = one.come()
    clock.forward(50)
    middle = two.come()
    clock.forward(50)
    one.audience.leave(away)  # type: ignore[arg-type]
    back = one.come()
    clock.forward(50)
    wire.carry()
    assert (middle.closes, back.closes) == ([Close.REPLACED], [])


def test_who_has_gone_again_is_not_named_by_a_late_note() -> None:
    """An was at one for a moment; its loop is busy, and two has told long ago."""
    clock, wire, one, two = sides()
    second = two.come()
    clock.forward(50)
    brief = one.come()
    one.audience.leave(brief)  # type: ignore[arg-type]
    wire.carry()
    clock.forward(50)
    wire.carry()
    assert second.closes == []
    one.come()
    clock.forward(50)
    wire.carry()
    assert second.closes == [Close.REPLACED]


def test_thousands_who_come_at_once_are_told_in_one_note() -> None:
    clock, wire, one, _ = sides()
    for number in range(1_000):
        who = ParticipantId(f"p{number}")
        one.audience.join(SHOW, who, Phone(participant=who))  # type: ignore[arg-type]
    clock.forward(50)
    ((_, note),) = wire.notes
    assert len(note.texts) == 1_000


def test_a_note_that_was_lost_is_not_waited_for_for_ever() -> None:
    clock, wire, one, two = sides()
    first = one.come()
    clock.forward(50)
    wire.notes.clear()
    clock.forward(11_000)
    other = ParticipantId("khác")
    one.audience.join(SHOW, other, Phone(participant=other))  # type: ignore[arg-type]
    clock.forward(50)
    second = two.come()
    clock.forward(50)
    wire.carry()
    assert (first.closes, second.closes) == ([Close.REPLACED], [])


def test_notes_of_other_kinds_and_of_strangers_close_nothing() -> None:
    clock, wire, one, two = sides()
    first = one.come()
    clock.forward(50)
    wire.carry()
    two.whisper(Note(kind="order", show=SHOW, texts=(AN,)))
    two.whisper(Note(kind="arrived", show=ShowCode("CCHC2"), texts=(AN,)))
    two.whisper(Note(kind="arrived", show=SHOW, texts=("ai đó",)))
    wire.carry()
    assert first.closes == []
