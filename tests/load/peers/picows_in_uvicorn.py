"""picows' protocol as uvicorn's `ws` class: it gets the socket and the head at once."""

import asyncio
import logging
from typing import Any, Final, cast

from picows import (  # type: ignore[import-not-found]  # no dependency of ours
    WSAutoPingStrategy,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
)
from picows.picows import WSProtocol  # type: ignore[import-not-found]  # as above

from quizserver.wire.common import text_frame
from tests.load.peers.speech import receipt_for

_LOG: Final = logging.getLogger("picows")
_LOG.setLevel(logging.ERROR)
_here: set[WSTransport] = set()


class Listener(WSListener):  # type: ignore[misc]  # without picows it is Any
    """One phone."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Add it."""
        _here.add(transport)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Forget it."""
        _here.discard(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Tell everybody, or answer."""
        if frame.msg_type != WSMsgType.TEXT:
            return
        payload = frame.get_payload_as_bytes()
        if payload.startswith(b"GO "):
            told = text_frame(payload[3:])
            for other in _here:
                other.underlying_transport.write(told)
        else:
            receipt = receipt_for(payload.decode()).encode()
            transport.send(WSMsgType.TEXT, receipt)


class Hosted(asyncio.Protocol):
    """What uvicorn makes."""

    def __init__(self, config: Any, server_state: Any, app_state: Any) -> None:
        pings = (False, 60, 60, WSAutoPingStrategy.PING_WHEN_IDLE)
        self._protocol = WSProtocol(
            *(None, None, False, lambda request: Listener(), _LOG, True, 60),
            *(*pings, True, 4096, None, 2048),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Pass the socket on."""
        self._transport = cast("asyncio.Transport", transport)
        self._protocol.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Pass the head on, and get out of the way."""
        self._protocol.get_buffer(-1)[: len(data)] = data
        self._protocol.buffer_updated(len(data))
        switch = self._transport.set_protocol
        asyncio.get_running_loop().call_soon(switch, self._protocol)
