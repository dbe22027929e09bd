"""Takes a phone in: its handshake is checked and answered, its connection made.

The one place where that happens, whichever way the head of the handshake came here:
straight from the socket (`gateway.doorway`) or through uvicorn (`gateway.router`).
"""

import asyncio
from dataclasses import dataclass

from quizserver.gateway.connection import PhoneConnection
from quizserver.gateway.handshake import (
    HandshakeError,
    Request,
    accept,
    may_connect,
    refuse,
)
from quizserver.gateway.plane import Plane
from quizserver.live.site_names import is_own, own_names
from quizserver.wire.common import Close


@dataclass(frozen=True, slots=True)
class Reception:
    """Of one server: `names` are the host names it answers to."""

    plane: Plane
    public_url: str | None
    names: frozenset[str]

    def accept(self, request: Request) -> bytes:
        """Return the 101 response to a valid handshake of whatever socket.

        Raises:
            HandshakeError: with the status of RFC 6455, or 400 for a foreign name.
        """
        if not is_own(request.header(b"host"), self.names):
            # As for pages: a name of others must not pass as ours.
            raise HandshakeError(400, "unknown host name")
        return accept(request)

    def take_in(
        self,
        request: Request,
        accepted: bytes,
        transport: asyncio.Transport,
        connections: set[object],
    ) -> PhoneConnection:
        """Answer a phone; return its connection, made but not yet the protocol."""
        transport.write(accepted)
        self.plane.tally.handshakes += 1
        phone = PhoneConnection(self.plane, connections)
        phone.connection_made(transport)
        if not may_connect(
            request.header(b"origin"), request.header(b"host"), self.public_url
        ):
            # After the handshake: a page sees a close code, never a status.
            phone.close(Close.FORBIDDEN)
        return phone

    def refuse(self, error: HandshakeError, transport: asyncio.Transport) -> None:
        """Answer with the error's status and close."""
        self.plane.tally.refused += 1
        secure = transport.get_extra_info("sslcontext") is not None
        transport.write(refuse(error, secure=secure))
        transport.close()


def reception(plane: Plane, public_url: str | None) -> Reception:
    """Return the reception of the server at this public address."""
    return Reception(plane, public_url, own_names(public_url))
