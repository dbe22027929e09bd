"""Bounds around uvicorn's own WebSocket protocol, for hosts and overlays.

They are few, so they may cost a task each and speak Starlette; but one of them
must not be able to fill the memory or the loop either. Measured on the class as
it comes: pings without reading took 500 MB in 15 s, one-byte fragments made
every other request wait 9 s (reliability §0). Here inbound bytes, fragments and
sizes are bounded, a pong never waits in a buffer that nobody reads, and a
reader that is stuck is cut off.
"""

import asyncio
from typing import Any, ClassVar, cast

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import PayloadTooBig
from websockets.frames import Frame
from websockets.http11 import Response
from websockets.server import ServerProtocol
from websockets.typing import StatusLike

from quizserver.gateway.frames import INVALID_TEXT, FrameError, check_text, close_frame
from quizserver.gateway.limits import SECOND, Limits
from quizserver.gateway.sweep import Sweep
from quizserver.live.ports import Clock
from quizserver.live.response_headers import HSTS, REFUSAL
from quizserver.wire.common import Close


class _Handshake(ServerProtocol):
    """Refuses with the headers that every answer of ours carries."""

    secure = False

    def reject(self, status: StatusLike, text: str) -> Response:
        """Return the response that refuses a handshake."""
        response = super().reject(status, text)
        for name, value in REFUSAL.items():
            response.headers[name] = value
        if self.secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response


class ScreenProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with bytes, fragments and waits bounded."""

    clock: ClassVar[Clock]
    sweep: ClassVar[Sweep]
    limits: ClassVar[Limits]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn = _Handshake(
            max_size=self.limits.message_bytes, logger=self.conn.logger
        )
        self._since_ns = self.clock.monotonic_ns()
        self._paused_ns = 0
        self._shut_ns = 0
        self._bytes_due_ns = 0
        self._byte_ns = SECOND // self.limits.bytes_per_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the sweep."""
        super().connection_made(transport)
        cast("_Handshake", self.conn).secure = self.scheme == "wss"
        self.sweep.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave it."""
        self.sweep.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes after the handshake; past the bound, read no more."""
        if self._shut_ns:
            return
        if self.handshake_initiated and self._is_over(len(data)):
            self._shut(Close.TOO_MANY)
            return
        super().data_received(data)

    def pause_writing(self) -> None:
        """Start the deadline of a screen that does not read."""
        self._paused_ns = self.clock.monotonic_ns()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The screen reads."""
        self._paused_ns = 0
        super().resume_writing()

    def swept(self, now_ns: int) -> None:
        """Meet the deadlines; called once a lap."""
        limits = self.limits
        if self._shut_ns:
            is_due = now_ns - self._shut_ns >= limits.close_ns
        elif self._paused_ns:
            is_due = now_ns - self._paused_ns >= limits.stuck_ns
        else:
            is_late = now_ns - self._since_ns >= limits.hello_ns
            is_due = is_late and not self.handshake_complete
        if is_due:
            self.transport.abort()

    # uvicorn's events ----------------------------------------------------------

    def keepalive_timeout(self) -> None:
        """Give the link up; the application's next send ends its coroutine."""
        super().keepalive_timeout()
        self.disconnected = True

    def handle_ping(self) -> None:
        """Answer, but not into a buffer that nobody empties."""
        if self._paused_ns:
            self.conn.data_to_send()
        else:
            super().handle_ping()

    def handle_bytes(self, event: Frame) -> None:
        """Refuse: the wire is text (Source: docs/reference/wire.md §1)."""
        self._shut(Close.BINARY)

    def handle_cont(self, event: Frame) -> None:
        """Count fragments: the parser bounds their bytes, not their number."""
        if len(self.frames) >= self.limits.fragments:
            self._shut(Close.TOO_MANY)
        elif not self._shut_ns:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Pass a whole message on if it is text indeed."""
        if self._shut_ns:
            return
        try:
            check_text(b"".join(self.frames))
        except FrameError:
            self._shut(INVALID_TEXT)
            return
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """Close with the wire's own code for a message that is too long."""
        if self._shut_ns:
            return
        if isinstance(self.conn.parser_exc, PayloadTooBig):
            self.conn.data_to_send()
            self._shut(Close.TOO_BIG)
            return
        super().handle_parser_exception()
        self.disconnected = True

    def _is_over(self, count: int) -> bool:
        now_ns = self.clock.monotonic_ns()
        self._bytes_due_ns = max(self._bytes_due_ns, now_ns) + count * self._byte_ns
        allowed_ns = self.limits.burst_bytes * self._byte_ns
        return self._bytes_due_ns - now_ns > allowed_ns

    def _shut(self, code: int) -> None:
        """Send `code`, tell the application, read no more."""
        self._shut_ns = self.clock.monotonic_ns()
        if self.transport.is_closing():
            return
        if self.close_sent or not self.handshake_complete:
            self.transport.abort()
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self.close_sent = True
        # The application's next send ends its coroutine instead of an error.
        self.disconnected = True
        self.transport.write(close_frame(code))
        self.transport.pause_reading()


def screen_protocol(clock: Clock, sweep: Sweep, limits: Limits) -> type[ScreenProtocol]:
    """Return the WebSocket class of one server's hosts and overlays."""
    bound = {"clock": clock, "sweep": sweep, "limits": limits}
    return cast("type[ScreenProtocol]", type("BoundScreen", (ScreenProtocol,), bound))
