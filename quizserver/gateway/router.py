"""How a WebSocket's socket gets to its protocol: uvicorn's `ws=` class.

uvicorn makes one of these for each upgrade request, replays the request's head
into `data_received`, and only then sets it as the transport's protocol. So the
choice is made on the path in that head, and the chosen protocol takes the
transport over in the loop's next turn: phones go to the plane, every other
path to uvicorn's own protocol and from there to the application.

The constructor's arguments and this order are uvicorn internals: its version
is bounded in pyproject.toml and `tests/protocol/test_uvicorn_contract.py`
holds them.
"""

import asyncio
from typing import Any, ClassVar, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from quizserver.gateway.connection import PhoneConnection
from quizserver.gateway.handshake import (
    HandshakeError,
    Request,
    accept,
    may_connect,
    read_head,
    refuse,
)
from quizserver.gateway.plane import Plane
from quizserver.gateway.screen import ScreenProtocol, screen_protocol
from quizserver.live.site_names import is_own, own_names
from quizserver.wire.common import Close

PHONE_PATH = b"/ws/phone"


class Router(asyncio.Protocol):
    """Stands in for the protocol it chooses until the transport has that one."""

    plane: ClassVar[Plane]
    screens: ClassVar[type[ScreenProtocol]]
    public_url: ClassVar[str | None]
    names: ClassVar[frozenset[str]]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._config = config
        self._server_state = server_state
        self._app_state = app_state
        self._chosen: asyncio.Protocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport until the path is known."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Choose by the replayed head; pass on what comes before the switch."""
        if self._chosen is not None:
            self._chosen.data_received(data)
            return
        try:
            request = read_head(data)
            if not is_own(request.header(b"host"), self.names):
                # As for pages: a name of others must not pass as ours.
                raise HandshakeError(400, "unknown host name")
            accepted = accept(request)
            if request.path == PHONE_PATH:
                self._to_plane(request, accepted)
            else:
                self._to_application(data)
        except HandshakeError as error:
            self.plane.tally.refused += 1
            secure = self._transport.get_extra_info("sslcontext") is not None
            self._transport.write(refuse(error, secure=secure))
            self._transport.close()

    def pause_writing(self) -> None:
        """Pass on."""
        if self._chosen is not None:
            self._chosen.pause_writing()

    def resume_writing(self) -> None:
        """Pass on."""
        if self._chosen is not None:
            self._chosen.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on."""
        if self._chosen is not None:
            self._chosen.connection_lost(exc)

    def _to_plane(self, request: Request, accepted: bytes) -> None:
        self._transport.write(accepted)
        self.plane.tally.handshakes += 1
        connections = cast("set[object]", self._server_state.connections)
        phone = PhoneConnection(self.plane, connections)
        self._switch_to(phone)
        if not may_connect(
            request.header(b"origin"), request.header(b"host"), self.public_url
        ):
            # After the handshake: a page sees a close code, never a status.
            phone.close(Close.FORBIDDEN)

    def _to_application(self, head: bytes) -> None:
        screen = self.screens(self._config, self._server_state, self._app_state)
        self._switch_to(screen)
        screen.data_received(head)

    def _switch_to(self, chosen: asyncio.Protocol) -> None:
        self._chosen = chosen
        chosen.connection_made(self._transport)
        # uvicorn sets this router as the protocol after we return.
        asyncio.get_running_loop().call_soon(self._transport.set_protocol, chosen)


def router_for(plane: Plane, public_url: str | None) -> type[Router]:
    """Return the router class of one server, for `uvicorn.Config(ws=…)`."""
    screens = screen_protocol(plane.clock, plane.sweep, plane.limits)
    bound = {
        "plane": plane,
        "screens": screens,
        "public_url": public_url,
        "names": own_names(public_url),
    }
    return type("BoundRouter", (Router,), bound)
