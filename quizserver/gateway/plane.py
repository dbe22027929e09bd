"""What all phones of a process share: bounds, clock, sweep, door and counts.

The plane itself is `gateway.connection` (one object a phone), `gateway.router`
(how a socket gets there) and `gateway.sweep` (the one timer); this is the
object that ties them, so that each phone holds a single reference.
"""

from collections import Counter
from collections.abc import Callable
from typing import Protocol

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.timing import Trip
from quizserver.gateway.limits import SECOND, Limits
from quizserver.gateway.seams import LiveShow
from quizserver.gateway.sweep import Sweep
from quizserver.live.ports import Clock


class Phone(Protocol):
    """A phone's connection, as the door and the audience see it."""

    show: ShowCode | None
    participant: ParticipantId | None
    live: LiveShow | None

    @property
    def address(self) -> str:
        """The peer's address as text, "" when unknown; never a reason (R2.4)."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether anything can still be said to this phone."""
        ...

    def admit(self, show: ShowCode, participant: ParticipantId, live: LiveShow) -> None:
        """Make this the connection of `participant`; it is held from now on."""
        ...

    def tell(self, frame: bytes) -> bool:
        """Write a cue's frame, or keep it for later; return whether written."""
        ...

    def tell_timed(self, frame: bytes) -> int | None:
        """Write the open question with a ping; return S, None when not written."""
        ...

    def tell_warm(self, frame: bytes) -> None:
        """Write a cue with a ping, or keep the cue for later."""
        ...

    def trip(self) -> Trip:
        """Return what was measured around the answer that came just now."""
        ...

    def say(self, frame: bytes) -> None:
        """Write a personal frame at once; a paused phone learns it by its state."""
        ...

    def reply(self, payload: bytes) -> None:
        """Say one JSON text."""
        ...

    def fulfil(self, payload: bytes) -> None:
        """Write the snapshot a held phone waits for, and what was told since."""
        ...

    def close(self, code: int) -> None:
        """Send a close frame and leave the show; the socket follows."""
        ...


class Door(Protocol):
    """Where the phones' messages go (`gateway.phone`)."""

    def heard(self, phone: Phone, payload: bytes, received_ns: int) -> None:
        """Take one text message. Raises WireError to have the phone closed."""
        ...

    def stale(self, phone: Phone) -> None:
        """Have a fresh state made for a held phone (`Phone.fulfil`)."""
        ...

    def left(self, phone: Phone) -> None:
        """Forget a phone that is closing or gone."""
        ...


class Tally:
    """What happened on the plane since the start, for `/metrics`."""

    __slots__ = ("closes", "dead", "handshakes", "refused", "resyncs")

    def __init__(self) -> None:
        self.handshakes = 0
        self.refused = 0
        self.dead = 0
        self.resyncs = 0
        self.closes: Counter[int] = Counter()


class Plane:
    """What all phones of a process share: one object, so that each is small."""

    __slots__ = (
        "byte_burst_ns",
        "byte_ns",
        "clock",
        "door",
        "frame_burst_ns",
        "frame_ns",
        "is_relay",
        "limits",
        "now",
        "sweep",
        "tally",
    )

    def __init__(
        self,
        clock: Clock,
        limits: Limits,
        sweep: Sweep,
        door: Door,
        is_relay: Callable[[str], bool],
    ) -> None:
        self.clock = clock
        self.is_relay = is_relay
        # The bound method, since it is read for every segment that comes in.
        self.now = clock.monotonic_ns
        self.limits = limits
        self.sweep = sweep
        self.door = door
        self.tally = Tally()
        # Allowances as time: each byte and frame takes its span of the future,
        # and that future may be at most a burst long. One integer a phone each.
        self.byte_ns = SECOND // limits.bytes_per_s
        self.byte_burst_ns = self.byte_ns * limits.burst_bytes
        self.frame_ns = SECOND // limits.frames_per_s
        self.frame_burst_ns = self.frame_ns * limits.burst_frames
