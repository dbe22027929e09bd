"""Bounds in time and size around uvicorn's HTTP protocol.

uvicorn has no deadline for a request's head or body and takes 20 MB of headers
(measured; reliability P9). Every phone's socket starts here, so the deadlines
are met by the one sweep, not by a timer for each. A request past a bound is
answered with its status and the connection closed.
"""

import asyncio
import socket
from typing import Any, ClassVar, Final, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from quizserver.gateway.limits import SECOND, HttpLimits
from quizserver.gateway.sweep import Sweep
from quizserver.live.ports import Clock
from quizserver.live.response_headers import refusal_lines

_IDLE: Final = 0
"""Between requests: uvicorn's keep-alive timer is at work."""
_HEAD: Final = 1
_BODY: Final = 2
_ANSWERING: Final = 3


class GuardedHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol with every wait and every size bounded."""

    clock: ClassVar[Clock]
    sweep: ClassVar[Sweep]
    limits: ClassVar[HttpLimits]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._part = _HEAD
        self._deadline_ns = self.head_deadline_ns()
        self._paused_ns = 0
        self._size = 0
        self._body_cap = self.limits.body_bytes
        self._is_refused = False

    @classmethod
    def head_deadline_ns(cls) -> int:
        """Return until when a head that begins now may take."""
        return cls.clock.monotonic_ns() + cls.limits.head_ns

    def keep_deadline(self, deadline_ns: int) -> None:
        """Let the first head's time have begun before this object was made."""
        self._deadline_ns = deadline_ns

    # connection ----------------------------------------------------------------

    def connection_made(  # type: ignore[override]  # as uvicorn narrows it
        self, transport: asyncio.Transport
    ) -> None:
        """Start the deadline of the first head."""
        super().connection_made(transport)
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family != socket.AF_UNIX:
            # For pages and sockets alike: uvicorn's workers leave it off.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sweep.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the sweep."""
        self.sweep.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head; the callbacks below see the rest."""
        if self._is_refused:
            return
        if self._part == _IDLE:
            # Any byte, even an empty line, stops the keep-alive timer.
            self._begin_head()
        if self._part == _HEAD:
            self._size += len(data)
        super().data_received(data)
        if self._part == _HEAD and self._size > self.limits.head_bytes:
            self._refuse(431)

    def handle_websocket_upgrade(self) -> None:
        """Let the connection go: from here on it has another guard."""
        if self._is_refused:
            return
        self.sweep.discard(self)
        super().handle_websocket_upgrade()
        # The parser and this object hold each other; without this every phone
        # would keep both until the garbage collector comes by.
        self.parser = None  # type: ignore[assignment]  # as uvicorn itself does

    def pause_writing(self) -> None:
        """Start the deadline of a reader that takes nothing."""
        self._paused_ns = self.clock.monotonic_ns()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The reader reads."""
        self._paused_ns = 0
        super().resume_writing()

    def swept(self, now_ns: int) -> None:
        """Meet the deadlines; called once a lap."""
        if self._paused_ns and now_ns - self._paused_ns >= self.limits.stuck_ns:
            self.transport.abort()
        elif self._is_refused:
            # Its last words have not gone out for a whole lap.
            self.transport.abort()
        elif self._part in {_HEAD, _BODY} and now_ns >= self._deadline_ns:
            if self._size:
                self._refuse(408)
            else:
                self.transport.abort()

    # parser's callbacks --------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins, perhaps behind another one in the same segment."""
        super().on_message_begin()
        if self._part != _HEAD:
            self._begin_head()

    def on_headers_complete(self) -> None:
        """Check the head's size and the length it announces."""
        head = sum(len(name) + len(value) + 4 for name, value in self.headers)
        if len(self.url) + head > self.limits.head_bytes:
            self._refuse(431)
            return
        self._begin_body()
        if self._is_refused:
            return
        super().on_headers_complete()
        if len(self.pipeline) > self.limits.pipelined:
            self._refuse(429)

    def on_body(self, body: bytes) -> None:
        """Count the body as it comes, announced or chunked."""
        if self._is_refused:
            return
        self._size += len(body)
        if self._size > self._body_cap:
            self._refuse(413)
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole: now we are the ones who take time."""
        if self._is_refused:
            return
        self._part = _ANSWERING
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, unless one has begun."""
        super().on_response_complete()
        if self._part == _ANSWERING and not self.pipeline:
            self._part = _IDLE

    # refusing ------------------------------------------------------------------

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; uvicorn's own answer lacks the headers."""
        self._refuse(400)

    def _begin_head(self) -> None:
        self._part, self._size = _HEAD, 0
        self._deadline_ns = self.head_deadline_ns()

    def _begin_body(self) -> None:
        """Start the body's deadline: a fixed time, and more for a long one."""
        limits, announced = self.limits, _announced(self.headers)
        self._part, self._size = _BODY, 0
        self._body_cap = self._cap_of(self.url)
        allowed_ns = limits.body_ns + announced * SECOND // limits.body_bytes_per_s
        self._deadline_ns = self.clock.monotonic_ns() + allowed_ns
        if announced > self._body_cap:
            self._refuse(413)

    def _cap_of(self, url: bytes) -> int:
        for prefix, cap in self.limits.large_bodies:
            if url.startswith(prefix):
                return cap
        return self.limits.body_bytes

    def _refuse(self, status: int) -> None:
        if self._is_refused:
            return
        self._is_refused = True
        cycle = cast("RequestResponseCycle | None", self.cycle)
        has_answer_under_way = (
            cycle is not None and cycle.response_started and not cycle.response_complete
        )
        if not has_answer_under_way:
            self.transport.write(
                STATUS_LINE[status]
                + refusal_lines(secure=self.scheme == "https")
                + b"connection: close\r\ncontent-length: 0\r\n\r\n"
            )
        self.transport.close()


def guarded_http(clock: Clock, sweep: Sweep, limits: HttpLimits) -> type[GuardedHttp]:
    """Return the HTTP class of one server, for `uvicorn.Config(http=…)`."""
    bound = {"clock": clock, "sweep": sweep, "limits": limits}
    return type("BoundHttp", (GuardedHttp,), bound)


def _announced(headers: list[tuple[bytes, bytes]]) -> int:
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
