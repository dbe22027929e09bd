"""What comes in on a phone's socket, up to whole messages.

The half of `gateway.connection` that reads: stamps, bounds, frames, fragments.
It says nothing to anybody and knows no participant; what it found goes to the
hooks at the end, which the connection fills in.
"""

import asyncio
from typing import Final

from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.timing import SPLIT_MS
from quizserver.gateway import frames
from quizserver.gateway.frames import ClientFrame, FrameError
from quizserver.gateway.plane import Plane
from quizserver.gateway.tracer import Tracer
from quizserver.wire.common import Close

# A connection's life. Plain integers: they are compared for every frame.
GREETING: Final = 0
"""Shaken hands, no `hello` yet."""
LIVE: Final = 1
"""Belongs to a participant of a show."""
CLOSING: Final = 2
"""Our close frame is out, or the phone's is answered."""
CLOSED: Final = 3
"""The socket is gone."""

SPLIT_NS: Final = SPLIT_MS * NS_PER_MS


class Inbound(asyncio.Protocol):
    """The reading half of a phone's socket."""

    __slots__ = (
        "_begun_ns",
        "_buffer",
        "_bytes_due_ns",
        "_frames_due_ns",
        "_heard_ns",
        "_parts",
        "_plane",
        "_state",
        "_tracer",
        "_transport",
    )

    _transport: asyncio.Transport

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._state = GREETING
        self._begun_ns = self._heard_ns = plane.now()
        self._bytes_due_ns = self._frames_due_ns = 0
        self._buffer = b""
        self._parts: list[bytes] | None = None
        self._tracer: Tracer | None = None

    def data_received(self, data: bytes) -> None:
        """Stamp, then read whatever frames are whole."""
        now_ns = self._plane.now()  # R of rule fair-1, before parsing (R4.2)
        self._heard_ns = now_ns
        if self._tracer is not None and self._tracer.awaits_bytes:
            self._tracer.first_bytes()
        is_over = self._spend_bytes(len(data), now_ns)
        if self._state >= CLOSING:
            self._await_close(data, is_over=is_over)
            return
        if self._buffer:
            data = self._buffer + data
            self._buffer = b""
        else:
            self._begun_ns = now_ns
        if (
            data[0] == 0x81
            and self._parts is None
            and len(data) > 5
            and 0x80 <= data[1] < 0xFE
            and len(data) == (data[1] & 0x7F) + 6
        ):
            # The short path: one whole, small, masked, unfragmented text frame.
            if self._spend_frame(now_ns):
                payload = frames.apply_mask(data[6:], data[2:6])
                self._text(payload, self._stamp(now_ns))
        else:
            self._read(data, now_ns)
        if is_over:
            self._shut_out(Close.TOO_MANY)

    def _stamp(self, now_ns: int) -> int:
        """Return R of the message that begins the buffer (R4.2).

        The network may cut a message in two, and its owner shall not pay for
        that: it counts from its first byte. But who sends one byte at T0,
        thinks, and sends the rest would have answered in no time: what comes in
        pieces more than 50 ms apart counts from its last.
        """
        return self._begun_ns if now_ns - self._begun_ns <= SPLIT_NS else now_ns

    def _read(self, data: bytes, now_ns: int) -> None:
        at = 0
        try:
            while self._state < CLOSING:
                frame = frames.next_frame(data, at, self._plane.limits.message_bytes)
                if frame is None:
                    self._buffer = data[at:]
                    return
                at = frame.end
                if self._spend_frame(now_ns):
                    self._take(frame, self._stamp(now_ns))
                self._begun_ns = now_ns  # of whatever follows in this segment
        except FrameError as error:
            self.close(error.code)

    def _take(self, frame: ClientFrame, received_ns: int) -> None:
        if frame.opcode in {frames.TEXT, frames.CONTINUATION}:
            self._join(frame, received_ns)
        else:
            self._control(frame, received_ns)

    def _join(self, frame: ClientFrame, received_ns: int) -> None:
        # RFC 6455 §5.4: fragments of a message follow each other; only control
        # frames may come between.
        if (frame.opcode == frames.CONTINUATION) == (self._parts is None):
            raise FrameError(frames.PROTOCOL_ERROR, "fragments out of order")
        parts = self._parts or []
        parts.append(frame.payload)
        limits = self._plane.limits
        if len(parts) > limits.fragments:
            self._shut_out(Close.TOO_MANY)
        elif sum(map(len, parts)) > limits.message_bytes:
            self.close(Close.TOO_BIG)
        elif frame.fin:
            self._parts = None
            self._text(b"".join(parts), received_ns)
        else:
            self._parts = parts

    def _await_close(self, data: bytes, *, is_over: bool) -> None:
        """Look for the phone's answer to our close frame, and for nothing else."""
        buffer, at = self._buffer + data, 0
        try:
            while frame := frames.next_frame(
                buffer, at, self._plane.limits.message_bytes
            ):
                at = frame.end
                if frame.opcode == frames.CLOSE:
                    self._transport.close()
                    return
            self._buffer = buffer[at:]
        except FrameError:
            self._shut_ears()
        if is_over:
            self._shut_ears()

    # bounds --------------------------------------------------------------------

    def _spend_bytes(self, count: int, now_ns: int) -> bool:
        # Conditions, not `max`: these two are for every segment and frame.
        due_ns = self._bytes_due_ns
        due_ns = (due_ns if due_ns > now_ns else now_ns) + count * self._plane.byte_ns
        self._bytes_due_ns = due_ns
        return due_ns - now_ns > self._plane.byte_burst_ns

    def _spend_frame(self, now_ns: int) -> bool:
        due_ns = self._frames_due_ns
        due_ns = (due_ns if due_ns > now_ns else now_ns) + self._plane.frame_ns
        self._frames_due_ns = due_ns
        if due_ns - now_ns <= self._plane.frame_burst_ns:
            return True
        self._shut_out(Close.TOO_MANY)
        return False

    def _shut_out(self, code: int) -> None:
        """Close on a phone that sends too much, without reading any more of it."""
        self.close(code)
        self._shut_ears()

    def _shut_ears(self) -> None:
        self._buffer = b""
        if not self._transport.is_closing():
            self._transport.pause_reading()

    # what the connection does with it -------------------------------------------

    def close(self, code: int) -> None:
        """Begin the closing handshake."""
        raise NotImplementedError

    def _text(self, payload: bytes, received_ns: int) -> None:
        raise NotImplementedError

    def _control(self, frame: ClientFrame, received_ns: int) -> None:
        raise NotImplementedError
