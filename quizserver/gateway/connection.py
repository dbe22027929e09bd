"""One phone's socket: an `asyncio.Protocol`, and nothing else.

From the handshake on (`gateway.router`) a phone costs this object and its
transport: no task, queue, timer or coroutine. Cues are the same bytes for
everybody; the common inbound frame (one small masked text) takes a short path,
every other one goes through `gateway.frames`.

What it promises (Source: docs/reference/wire.md §1; R4.2):

- The receive stamp of an answer is taken before anything is parsed, and inbound
  bytes, frames, fragments and sizes are bounded before a message is looked at
  (`gateway.inbound`); a phone past a bound is closed with that bound's code.
- The stamp of a timed question is taken just before its write, which carries a
  ping in the same segment (`gateway.tracer`).
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
from quizserver.domain.timing import Trip
from quizserver.gateway import frames
from quizserver.gateway.frames import ClientFrame, FrameError
from quizserver.gateway.inbound import CLOSED, CLOSING, GREETING, LIVE, Inbound
from quizserver.gateway.plane import Plane
from quizserver.gateway.seams import LiveShow
from quizserver.gateway.tracer import Tracer
from quizserver.live.origins import network_of
from quizserver.wire.common import Close, WireError, text_frame

_LOG: Final = logging.getLogger(__name__)

_INTERNAL_ERROR: Final = 1011


class PhoneConnection(Inbound):
    """One phone's socket, from the 101 response to its end."""

    __slots__ = (
        "_connections",
        "_held",
        "_is_stale",
        "_paused_ns",
        "_ping",
        "_pinged_ns",
        "_since_ns",
        "live",
        "participant",
        "rtt_ns",
        "show",
    )

    def __init__(self, plane: Plane, connections: set[object]) -> None:
        super().__init__(plane)
        self._connections = connections
        self._since_ns = self._pinged_ns = self._heard_ns
        self._paused_ns = 0
        self._ping = b""
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
            # A question must not wait for the acknowledgement of what came before.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport.set_write_buffer_limits(high=limits.pause_bytes)
        self._connections.add(self)
        self._plane.sweep.add(self)

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

    def tell_timed(self, frame: bytes) -> int | None:
        """Write the open question with a ping; return S, None when not written.

        One write, so that the ping's round trip is the question's (R4.10).
        """
        if self._held is not None or self._paused_ns:
            if self._tracer is not None:
                self._tracer.shown_again()
            self.tell(frame)
            return None
        tracer = self._traced()
        tracer.opens()
        sent_ns = self._write_pinged(frame)
        tracer.opened(sent_ns, self._ping)
        return sent_ns

    def tell_warm(self, frame: bytes) -> None:
        """Write a cue with a ping: the radio wakes, the ring gets a sample."""
        if self._held is not None or self._paused_ns:
            self.tell(frame)
        else:
            self._traced().pings()
            self._write_pinged(frame)

    def trip(self) -> Trip:
        """Return what was measured around the answer that came just now."""
        return self._traced().trip()

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
        if self._tracer is not None:
            self._tracer.shown_again()
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
        tracer = self._tracer
        if tracer is None:
            return
        if self._ping and payload == self._ping:
            self.rtt_ns = received_ns - self._pinged_ns
            self._ping = b""
            tracer.sampled(self.rtt_ns)
        tracer.ponged(payload, received_ns)

    def ping(self) -> None:
        """Write a ping that only a phone which has read it can answer."""
        self._traced().pings()
        self._write_pinged(b"")

    def _write_pinged(self, frame: bytes) -> int:
        """Write `frame` and a ping at once; return the moment just before."""
        self._ping = secrets.token_bytes(4)
        both = frame + frames.ping_frame(self._ping)
        self._pinged_ns = self._plane.now()
        self._transport.write(both)
        return self._pinged_ns

    def _traced(self) -> Tracer:
        if self._tracer is None:
            sees_phone = not self._plane.is_relay(self.address)
            sock = self._transport.get_extra_info("socket") if sees_phone else None
            network = network_of(self.address) if sees_phone else b""
            self._tracer = Tracer(sock, network)
        return self._tracer

    # the sweep's side ----------------------------------------------------------

    def swept(self, now_ns: int) -> None:
        """Meet this connection's deadlines; called once a lap."""
        limits = self._plane.limits
        is_dead = now_ns - self._heard_ns >= limits.dead_ns
        if self._state == CLOSING:
            if now_ns - self._since_ns >= limits.close_ns:
                self._transport.abort()
        elif self._state == GREETING and now_ns - self._since_ns >= limits.hello_ns:
            self.close(Close.BAD_MESSAGE)
        elif self._paused_ns:
            # One that vanished may be paused by what piled up since.
            if is_dead or now_ns - self._paused_ns >= limits.stuck_ns:
                self.close(Close.TOO_SLOW)
        elif is_dead:
            self._plane.tally.dead += 1
            self._leave(CLOSING)
            self._transport.abort()
        elif self._is_due(now_ns):
            self.ping()

    def _is_due(self, now_ns: int) -> bool:
        if self._tracer is not None and self._tracer.wants_ping(now_ns):
            return True
        quiet_ns = now_ns - max(self._heard_ns, self._pinged_ns)
        return quiet_ns >= self._plane.limits.ping_ns

    # what was read -------------------------------------------------------------

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

    def _control(self, frame: ClientFrame, received_ns: int) -> None:
        if frame.opcode == frames.PONG:
            self.on_pong(frame.payload, received_ns)
        elif frame.opcode == frames.PING:
            if not self._paused_ns:
                self._transport.write(frames.pong_frame(frame.payload))
        elif frame.opcode == frames.CLOSE:
            self._answer_close(frame.payload)
        else:
            self.close(frames.PROTOCOL_ERROR if self._parts else Close.BINARY)

    def _answer_close(self, payload: bytes) -> None:
        # RFC 6455 §5.5.1: echo the code; then the server closes the connection.
        code = frames.reply_code(payload)
        self._plane.tally.closes[code or 1005] += 1
        self._transport.write(b"\x88\x00" if code is None else frames.close_frame(code))
        self._leave(CLOSING)
        self._transport.close()

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
