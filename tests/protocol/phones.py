"""A phone that only notes what it is told."""

from dataclasses import dataclass, field

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.timing import NO_TRIP, Trip
from quizserver.gateway.seams import LiveShow


@dataclass(eq=False)
class NotingPhone:
    """Implements `gateway.plane.Phone`."""

    show: ShowCode | None = None
    participant: ParticipantId | None = None
    live: LiveShow | None = None
    told: list[bytes] = field(default_factory=list)
    warmed: list[bytes] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    address: str = "192.0.2.1"
    is_writable: bool = True

    @property
    def is_open(self) -> bool:
        return not self.closed

    def admit(self, show: ShowCode, participant: ParticipantId, live: LiveShow) -> None:
        self.show, self.participant, self.live = show, participant, live

    def tell(self, frame: bytes) -> bool:
        if self.is_writable:
            self.told.append(frame)
        return self.is_writable

    def tell_timed(self, frame: bytes) -> int | None:
        return len(self.told) if self.tell(frame) else None

    def tell_warm(self, frame: bytes) -> None:
        self.warmed.append(frame)

    def trip(self) -> Trip:
        return NO_TRIP

    def say(self, frame: bytes) -> None:
        self.told.append(frame)

    def reply(self, payload: bytes) -> None:
        self.told.append(payload)

    def fulfil(self, payload: bytes) -> None:
        self.told.append(payload)

    def close(self, code: int) -> None:
        self.closed.append(code)
