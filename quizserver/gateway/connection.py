"""One phone's socket: an `asyncio.Protocol`, and nothing else.

From the handshake on (`gateway.router`) a phone costs this object and its
transport: no task, queue, timer or coroutine. Cues are the same bytes for
everybody; the common inbound frame (one small masked text) takes a short path,
every other one goes through `gateway.frames`.

What it promises (Source: docs/reference/wire.md §1; R4.2):

- The receive stamp of an answer is taken before anything is parsed, in the
  segment that completes it. Not in the one that begins it: who sends the first
  byte early and thinks before the last would have answered in no time.
- Inbound bytes, frames, fragments and sizes are bounded before a message is
  looked at; a phone past a bound is closed with that bound's code.
- Nobody ever waits for a phone. A phone that does not read is *paused*: it is
  told nothing more, and gets one fresh `state` when it reads again. A phone
  whose snapshot is being made is *held*: what is told meanwhile follows it, in
  order. So a phone never misses a step without knowing.
- A closing handshake leaves the phone `close_ns` to read the code, since a
  reset would destroy it on the way; then the socket is dropped.

It knows no message of the quiz: text goes to the plane's door (`gateway.phone`).
"""

import asyncio
import logging
import secrets
import socket
from typing import Final, cast

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.gateway import frames
from quizserver.gateway.frames import ClientFrame, FrameError
from quizserver.gateway.plane import Plane
from quizserver.gateway.seams import LiveShow
from quizserver.wire.common import Close, WireError, text_frame

_LOG: Final = logging.getLogger(__name__)

# A connection's life. Plain integers: they are compared for every frame.
GREETING: Final = 0
"""Shaken hands, no `hello` yet."""
LIVE: Final = 1
"""Belongs to a participant of a show."""
CLOSING: Final = 2
"""Our close frame is out, or the phone's is answered."""
CLOSED: Final = 3
"""The socket is gone."""

_INTERNAL_ERROR: Final = 1011


class PhoneConnection(asyncio.Protocol):
    """One phone's socket, from the 101 response to its end."""

    __slots__ = (
        "_buffer",
        "_bytes_due_ns",
        "_connections",
        "_frames_due_ns",
        "_heard_ns",
        "_held",
        "_is_stale",
        "_parts",
        "_paused_ns",
        "_ping",
        "_pinged_ns",
        "_plane",
        "_since_ns",
        "_state",
        "_transport",
        "live",
        "participant",
        "rtt_ns",
        "show",
    )

    def __init__(self, plane: Plane, connections: set[object]) -> None:
        self._plane = plane
        self._connections = connections
        self._state = GREETING
        self._since_ns = self._heard_ns = self._pinged_ns = plane.now()
        self._bytes_due_ns = self._frames_due_ns = self._paused_ns = 0
        self._buffer = self._ping = b""
        self._parts: list[bytes] | None = None
        self._held: list[bytes] | None = None
        self._is_stale = False
        self.show: ShowCode | None = None
        self.participant: ParticipantId | None = None
        self.live: LiveShow | None = None
        self.rtt_ns = 0

    # asyncio's side ------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over a socket whose handshake is done."""
        self._transport = cast("asyncio.Transport", transport)
        limits = self._plane.limits
        sock = transport.get_extra_info("socket")
        if sock is not None:
            # Without a cap the kernel buffers up to 4 MB for a phone that sleeps.
            sock.setsockopt(
                socket.SOL_SOCKET, socket.SO_SNDBUF, limits.send_buffer_bytes
            )
        self._transport.set_write_buffer_limits(high=limits.pause_bytes)
        self._connections.add(self)
        self._plane.sweep.add(self)

    def data_received(self, data: bytes) -> None:
        """Stamp, then read whatever frames are whole."""
        received_ns = self._plane.now()  # R of rule fair-1, before parsing (R4.2)
        self._heard_ns = received_ns
        is_over = self._spend_bytes(len(data), received_ns)
        if self._state >= CLOSING:
            self._await_close(data, is_over=is_over)
            return
        if self._buffer:
            data = self._buffer + data
            self._buffer = b""
        if (
            data[0] == 0x81
            and self._parts is None
            and len(data) > 5
            and 0x80 <= data[1] < 0xFE
            and len(data) == (data[1] & 0x7F) + 6
        ):
            # The short path: one whole, small, masked, unfragmented text frame.
            if self._spend_frame(received_ns):
                self._text(frames.apply_mask(data[6:], data[2:6]), received_ns)
        else:
            self._read(data, received_ns)
        if is_over:
            self._shut_out(Close.TOO_MANY)

    def pause_writing(self) -> None:
        """Tell the phone nothing more until it reads again (P7)."""
        self._paused_ns = self._plane.now()
        if self._transport.get_write_buffer_size() > self._plane.limits.write_cap_bytes:
            self.close(Close.TOO_SLOW)

    def resume_writing(self) -> None:
        """Bring a phone that reads again up to date."""
        self._paused_ns = 0
        if self._is_stale and self._held is None:
            self._refresh()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget everything."""
        self._leave(CLOSED)
        self._plane.sweep.discard(self)
        self._connections.discard(self)
        self._buffer = b""
        self._parts = None

    # uvicorn's side ------------------------------------------------------------

    def shutdown(self) -> None:
        """Close with 1012: phones come back by themselves, with jitter."""
        self.close(Close.RESTART)
        if self._paused_ns:
            self._transport.abort()
        else:
            self._transport.close()

    # the door's and the audience's side ----------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether anything can still be said to this phone."""
        return self._state < CLOSING

    @property
    def is_paused(self) -> bool:
        """Whether the phone has stopped reading."""
        return self._paused_ns != 0

    @property
    def unsent_bytes(self) -> int:
        """How much of what was written waits in this process."""
        return self._transport.get_write_buffer_size()

    @property
    def address(self) -> str:
        """The peer's address as text, "" when unknown; never a reason (R2.4)."""
        peer = self._transport.get_extra_info("peername")
        return str(peer[0]) if peer else ""

    def admit(self, show: ShowCode, participant: ParticipantId, live: LiveShow) -> None:
        """Make this the connection of `participant`; it is held from now on."""
        self.show, self.participant, self.live = show, participant, live
        self._state = LIVE
        self._held = []

    def tell(self, frame: bytes) -> bool:
        """Write a cue's frame, or keep it for later; return whether written."""
        if self._held is None and not self._paused_ns:
            self._transport.write(frame)
            return True
        if self._held is None:
            self._is_stale = True
        elif len(self._held) < self._plane.limits.held_frames:
            self._held.append(frame)
        else:
            self._held.clear()
            self._is_stale = True
        return False

    def say(self, frame: bytes) -> None:
        """Write a personal frame at once; a paused phone learns it by its state."""
        if self._state >= CLOSING:
            return
        if self._paused_ns:
            self._is_stale = True
        else:
            self._transport.write(frame)

    def reply(self, payload: bytes) -> None:
        """Say one JSON text."""
        self.say(text_frame(payload))

    def fulfil(self, payload: bytes) -> None:
        """Write the snapshot a held phone waits for, and what was told since.

        A frame that the snapshot already covers is told twice; its step is not
        above the snapshot's, so the phone passes over it.
        """
        held, self._held = self._held, None
        if self._state >= CLOSING:
            return
        if self._paused_ns:
            self._is_stale = True
            return
        self._transport.write(text_frame(payload) + b"".join(held or ()))
        if self._is_stale:
            self._refresh()

    def close(self, code: int) -> None:
        """Send a close frame and leave the show; the socket follows."""
        if self._state >= CLOSING:
            return
        self._plane.tally.closes[code] += 1
        self._transport.write(frames.close_frame(code))
        self._leave(CLOSING)

    def on_pong(self, payload: bytes, received_ns: int) -> None:
        """Take the round trip of the last ping; other pongs say nothing."""
        if self._ping and payload == self._ping:
            self.rtt_ns = received_ns - self._pinged_ns
            self._ping = b""

    def ping(self, now_ns: int) -> None:
        """Write a ping that only a phone which has read it can answer."""
        self._ping = secrets.token_bytes(4)
        self._pinged_ns = now_ns
        self._transport.write(frames.ping_frame(self._ping))

    # the sweep's side ----------------------------------------------------------

    def swept(self, now_ns: int) -> None:
        """Meet this connection's deadlines; called once a lap."""
        limits = self._plane.limits
        if self._state == CLOSING:
            if now_ns - self._since_ns >= limits.close_ns:
                self._transport.abort()
        elif self._state == GREETING and now_ns - self._since_ns >= limits.hello_ns:
            self.close(Close.BAD_MESSAGE)
        elif self._paused_ns:
            if now_ns - self._paused_ns >= limits.stuck_ns:
                self.close(Close.TOO_SLOW)
        elif now_ns - self._heard_ns >= limits.dead_ns:
            self._plane.tally.dead += 1
            self._leave(CLOSING)
            self._transport.abort()
        elif now_ns - max(self._heard_ns, self._pinged_ns) >= limits.ping_ns:
            self.ping(now_ns)

    # reading -------------------------------------------------------------------

    def _read(self, data: bytes, received_ns: int) -> None:
        at = 0
        try:
            while self._state < CLOSING:
                frame = frames.next_frame(data, at, self._plane.limits.message_bytes)
                if frame is None:
                    self._buffer = data[at:]
                    return
                at = frame.end
                if self._spend_frame(received_ns):
                    self._take(frame, received_ns)
        except FrameError as error:
            self.close(error.code)

    def _take(self, frame: ClientFrame, received_ns: int) -> None:
        if frame.opcode in {frames.TEXT, frames.CONTINUATION}:
            self._join(frame, received_ns)
        elif frame.opcode == frames.PONG:
            self.on_pong(frame.payload, received_ns)
        elif frame.opcode == frames.PING:
            if not self._paused_ns:
                self._transport.write(frames.pong_frame(frame.payload))
        elif frame.opcode == frames.CLOSE:
            self._answer_close(frame.payload)
        else:
            self.close(frames.PROTOCOL_ERROR if self._parts else Close.BINARY)

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

    def _text(self, payload: bytes, received_ns: int) -> None:
        try:
            frames.check_text(payload)
            self._plane.door.heard(self, payload, received_ns)
        except WireError as error:
            self.close(error.close)
        except FrameError as error:
            self.close(error.code)
        except Exception:  # noqa: BLE001 - the border of the connection
            # One phone's trouble stays its own; the message itself is not logged.
            _LOG.exception("a phone's message failed")
            self.close(_INTERNAL_ERROR)

    def _answer_close(self, payload: bytes) -> None:
        # RFC 6455 §5.5.1: echo the code; then the server closes the connection.
        code = frames.reply_code(payload)
        self._plane.tally.closes[code or 1005] += 1
        self._transport.write(b"\x88\x00" if code is None else frames.close_frame(code))
        self._leave(CLOSING)
        self._transport.close()

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
        due_ns = max(self._bytes_due_ns, now_ns) + count * self._plane.byte_ns
        self._bytes_due_ns = due_ns
        return due_ns - now_ns > self._plane.byte_burst_ns

    def _spend_frame(self, now_ns: int) -> bool:
        due_ns = max(self._frames_due_ns, now_ns) + self._plane.frame_ns
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

    def _refresh(self) -> None:
        self._is_stale = False
        self._held = []
        self._plane.tally.resyncs += 1
        self._plane.door.stale(self)

    def _leave(self, state: int) -> None:
        was_in = self._state == LIVE
        self._state = state
        self._since_ns = self._plane.now()
        # A fan-out under way may still come by: what it brings is dropped.
        self._held = []
        if was_in:
            self._plane.door.left(self)
