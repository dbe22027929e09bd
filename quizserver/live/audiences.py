"""Whom the running show tells, as types: phones, panels and overlays.

The sockets (`gateway`) implement these and are handed in by `app`; what else
the show needs from outside is in `ports`.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from quizserver.domain.ids import ParticipantId, ShowCode

FrameFor = Callable[[ParticipantId], bytes | None]
"""The frame for one participant, or None to skip."""

OnSent = Callable[[ParticipantId, int], None]
"""Called with the moment (ns) just before a frame was written: S of R4.1."""


class Phones(Protocol):
    """All phones of this process, by show (`gateway`).

    Frames are ready WebSocket bytes (`wire.common.text_frame`). Fan-outs run
    in chunks with a turn of the loop between them and never wait for a phone.
    """

    def tell(self, show: ShowCode, frame: bytes) -> Awaitable[None]: ...
    def tell_in_passing(self, show: ShowCode, frame: bytes) -> Awaitable[bool]:
        """Tell everybody while no cue is told; return whether it was everybody."""
        ...

    def tell_each(self, show: ShowCode, frame_for: FrameFor) -> Awaitable[None]: ...
    def tell_timed(
        self, show: ShowCode, frame_for: FrameFor, seed: bytes, on_sent: OnSent
    ) -> Awaitable[None]:
        """Tell each their question with a ping, in the order of `seed` (R4.10)."""
        ...

    def tell_warm(self, show: ShowCode, frame: bytes, seed: bytes) -> Awaitable[None]:
        """Tell everybody, each with a ping; `tell_timed` follows with `seed`."""
        ...

    def tell_one(
        self, show: ShowCode, participant: ParticipantId, frame: bytes
    ) -> None: ...
    def online(self, show: ShowCode) -> int: ...
    def participants(self, show: ShowCode) -> list[ParticipantId]: ...
    def dismiss(
        self,
        show: ShowCode,
        code: int,
        participants: Iterable[ParticipantId] | None = None,
    ) -> None:
        """Close every phone of the show, or those of some, with a close code."""
        ...


class Screens(Protocol):
    """All host panels, or all overlays, of this process (`gateway`)."""

    def tell(self, show: ShowCode, payload: bytes) -> None: ...
    def watched(self, show: ShowCode) -> bool: ...
