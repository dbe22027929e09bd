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

from quizserver.gateway.handshake import HandshakeError, read_head
from quizserver.gateway.reception import Reception
from quizserver.gateway.screen import ScreenProtocol, screen_protocol

PHONE_PATH = b"/ws/phone"


class Router(asyncio.Protocol):
    """Stands in for the protocol it chooses until the transport has that one."""

    reception: ClassVar[Reception]
    screens: ClassVar[type[ScreenProtocol]]

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
            accepted = self.reception.accept(request)
        except HandshakeError as error:
            self.reception.refuse(error, self._transport)
            return
        if request.path == PHONE_PATH:
            connections = cast("set[object]", self._server_state.connections)
            self._switch_to(
                self.reception.take_in(request, accepted, self._transport, connections)
            )
        else:
            self._to_application(data)

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

    def _to_application(self, head: bytes) -> None:
        screen = self.screens(self._config, self._server_state, self._app_state)
        self._switch_to(screen)
        screen.connection_made(self._transport)
        screen.data_received(head)

    def _switch_to(self, chosen: asyncio.Protocol) -> None:
        self._chosen = chosen
        # uvicorn sets this router as the protocol after we return.
        asyncio.get_running_loop().call_soon(self._transport.set_protocol, chosen)


def router_for(reception: Reception) -> type[Router]:
    """Return the router class of one server, for `uvicorn.Config(ws=…)`."""
    plane = reception.plane
    screens = screen_protocol(plane.clock, plane.sweep, plane.limits)
    bound = {"reception": reception, "screens": screens}
    return type("BoundRouter", (Router,), bound)
