"""Three ways to serve phones inside uvicorn, each bare: KIND PORT.

All are uvicorn's `ws` class on its one port, and all do the same: a text told to
everybody, a receipt for an answer. `plane` is ours (`gateway.connection` with its
bounds, behind a door that knows no quiz), `sans-io` the parser of `websockets` behind
a short path for the common frame, `picows` picows' own protocol. The last needs
picows, which is no dependency of ours.
"""

import asyncio
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, cast

import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.speedups import apply_mask

from quizserver.gateway.limits import Limits
from quizserver.gateway.plane import Phone, Plane
from quizserver.gateway.reception import reception
from quizserver.gateway.router import router_for
from quizserver.gateway.sweep import Sweep
from quizserver.live.clock import SystemClock
from quizserver.wire.common import text_frame
from tests.load.peers.speech import receipt_for

_GO: Final = b"GO "
_here: set[Any] = set()


class EchoDoor:
    """A door that knows no quiz."""

    def heard(self, phone: Phone, payload: bytes, received_ns: int) -> None:
        """Tell everybody, or answer."""
        if payload.startswith(_GO):
            frame = text_frame(payload[3:])
            for other in cast("set[Phone]", _here):
                other.tell(frame)
            return
        _here.add(phone)
        phone.reply(receipt_for(payload.decode()).encode())

    def stale(self, phone: Phone) -> None:
        """Nothing to catch up with."""

    def left(self, phone: Phone) -> None:
        """Forget it."""
        _here.discard(phone)


def plane() -> type[asyncio.Protocol]:
    """Return our router: everybody on its phones' path is on the plane."""
    clock, limits = SystemClock(), Limits(hello_ns=10**18, dead_ns=10**18)
    sweep = Sweep(clock, limits.lap_ns)
    made = Plane(clock, limits, sweep, EchoDoor(), lambda address: False)
    bound = router_for(reception(made, None))

    class Counted(bound):  # type: ignore[misc, valid-type]  # made at run time
        def _switch_to(self, chosen: asyncio.Protocol) -> None:
            super()._switch_to(chosen)
            _here.add(chosen)

    return Counted


class SansIo(asyncio.Protocol):
    """`websockets` without its input and output, one object a phone."""

    def __init__(self, config: Any, server_state: Any, app_state: Any) -> None:
        self._parser = ServerProtocol(max_size=4096)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        _here.discard(self)

    def data_received(self, data: bytes) -> None:
        """Take the common frame by the short path, everything else by the parser."""
        size = len(data)
        if (
            self in _here
            and data[0] == 0x81
            and size > 5
            and size == (data[1] & 0x7F) + 6
        ):
            self._text(apply_mask(data[6:], data[2:6]))
            return
        self._parser.receive_data(data)
        for event in self._parser.events_received():
            if isinstance(event, Request):
                self._shake(event)
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._text(bytes(event.data))
        self._flush()

    def _shake(self, request: Request) -> None:
        self._parser.send_response(self._parser.accept(request))
        _here.add(self)
        # uvicorn set us as the protocol already or does so after we return.
        loop = asyncio.get_running_loop()
        loop.call_soon(self.transport.set_protocol, self)

    def _text(self, payload: bytes) -> None:
        if payload.startswith(_GO):
            frame = text_frame(payload[3:])
            for other in _here:
                other.transport.write(frame)
            return
        self.transport.write(text_frame(receipt_for(payload.decode()).encode()))

    def _flush(self) -> None:
        try:
            for data in self._parser.data_to_send():
                self.transport.write(data)
        except InvalidState:
            self.transport.close()


def picows() -> type[asyncio.Protocol]:
    """Return picows' protocol, made for uvicorn; needs picows."""
    hosted = import_module("tests.load.peers.picows_in_uvicorn")
    return cast("type[asyncio.Protocol]", hosted.Hosted)


KINDS: Final[dict[str, Callable[[], type[asyncio.Protocol]]]] = {
    "plane": plane,
    "sans-io": lambda: SansIo,
    "picows": picows,
}


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve no page."""


if __name__ == "__main__":
    uvicorn.run(
        nothing,
        host="127.0.0.1",
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        ws=KINDS[sys.argv[1]](),
        backlog=4096,
        access_log=False,
        log_level="warning",
        lifespan="off",
    )
