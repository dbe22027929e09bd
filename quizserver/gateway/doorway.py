"""The first moment of every socket: what comes first tells whose it is.

A phone's handshake, whole and alone, goes straight to the plane. uvicorn would make an
HTTP protocol for it, parse it, put it together again and hand it over to be parsed
once more, and that ten thousand times when everybody comes back; this is the smallest
object that can tell it from a page. Whatever is not exactly such a request goes the
long way, with the same outcome.

uvicorn makes one of these for each connection (`Config(http=…)`), with the arguments of
its own HTTP protocol.
"""

import asyncio
import re
from typing import Any, ClassVar, Final, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from quizserver.gateway.guard import GuardedHttp
from quizserver.gateway.handshake import HandshakeError, read_head
from quizserver.gateway.reception import Reception

_PHONES_REQUEST: Final = re.compile(
    rb"GET /ws/phone HTTP/1\.1\r\n"
    rb"(?i:(?!content-length:|transfer-encoding:|expect:)"
    rb"[!#$%&'*+.^_`|~0-9a-z-]++:[\t\x20-\x7e]*+\r\n)++\r\n"
)
"""A whole head of a phone's handshake and nothing behind it; no line of it is folded,
no name is odd, and no body is announced (RFC 9112 §5)."""


class Doorway(asyncio.Protocol):
    """Waits for the first bytes, as long as for a request's head."""

    __slots__ = (
        "_app_state",
        "_config",
        "_deadline_ns",
        "_loop",
        "_state",
        "_transport",
    )

    pages: ClassVar[type[GuardedHttp]]
    reception: ClassVar[Reception]

    _transport: asyncio.Transport

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._config = config
        self._state = server_state
        self._app_state = app_state
        self._loop = _loop
        self._deadline_ns = self.pages.head_deadline_ns()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait."""
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)
        self.pages.sweep.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget everything."""
        self._let_go()

    def shutdown(self) -> None:
        """Close: uvicorn ends."""
        self._transport.close()

    def swept(self, now_ns: int) -> None:
        """Drop whoever says nothing."""
        if now_ns >= self._deadline_ns:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Give the socket to the plane or to uvicorn."""
        if self._transport.is_closing():
            return
        if _is_phones_request(data, self.pages.limits.head_bytes):
            self._to_plane(data)
        else:
            self._to_pages(data)

    def _to_plane(self, head: bytes) -> None:
        try:
            request = read_head(head)
            accepted = self.reception.accept(request)
        except HandshakeError as error:
            self.reception.refuse(error, self._transport)
            return
        self._let_go()
        phone = self.reception.take_in(
            request, accepted, self._transport, self._connections
        )
        self._transport.set_protocol(phone)

    def _to_pages(self, data: bytes) -> None:
        self._let_go()
        http = self.pages(self._config, self._state, self._app_state, self._loop)
        http.keep_deadline(self._deadline_ns)
        http.connection_made(self._transport)
        # Before it reads: an upgrade sets the next one.
        self._transport.set_protocol(http)
        http.data_received(data)

    @property
    def _connections(self) -> set[object]:
        return cast("set[object]", self._state.connections)

    def _let_go(self) -> None:
        self.pages.sweep.discard(self)
        self._connections.discard(self)


def doorway_for(pages: type[GuardedHttp], reception: Reception) -> type[Doorway]:
    """Return the doorway of one server, for `uvicorn.Config(http=…)`."""
    bound = {"__slots__": (), "pages": pages, "reception": reception}
    return type("BoundDoorway", (Doorway,), bound)


def _is_phones_request(data: bytes, longest: int) -> bool:
    if len(data) > longest:
        return False
    low = data.lower()
    return (
        b"\r\nupgrade: websocket\r\n" in low
        and b"\r\nconnection: upgrade\r\n" in low
        and _PHONES_REQUEST.fullmatch(data) is not None
    )
