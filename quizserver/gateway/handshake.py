"""The opening handshake of a phone (RFC 6455 §4.2), and who may connect.

uvicorn has parsed the request and replays its head as bytes with lower-case
header names; here it is checked and answered. No extension and no subprotocol
is ever offered: compression of 200-byte frames costs more than it saves, and
34 KB of memory a phone.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from quizserver.live.response_headers import refusal_lines

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

_STATUS: Final[Mapping[int, bytes]] = {
    400: b"400 Bad Request",
    405: b"405 Method Not Allowed",
    426: b"426 Upgrade Required",
    505: b"505 HTTP Version Not Supported",
}


class HandshakeError(Exception):
    """A request that cannot become a WebSocket; `status` answers it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request's head: names in lower case, repeated headers joined by ", "."""

    method: bytes
    path: bytes
    version: bytes
    headers: Mapping[bytes, bytes]

    def header(self, name: bytes) -> str:
        """Return a header's text, "" when it is missing."""
        return self.headers.get(name, b"").decode("latin-1")


def read_head(head: bytes) -> Request:
    """Return the request whose head these bytes are.

    Raises:
        HandshakeError: 400, when the request line has not three parts.
    """
    lines = head.split(b"\r\n")
    parts = lines[0].split(b" ")
    if len(parts) != 3:
        raise HandshakeError(400, "request line without three parts")
    headers: dict[bytes, bytes] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon:
            continue
        name, value = name.lower(), value.strip()
        headers[name] = headers[name] + b", " + value if name in headers else value
    path = parts[1].partition(b"?")[0]
    return Request(method=parts[0], path=path, version=parts[2], headers=headers)


def accept(request: Request) -> bytes:
    """Return the 101 response to a valid request.

    Raises:
        HandshakeError: with the status that RFC 6455 §4.2.1 and §4.4 ask for.
    """
    headers = request.headers
    if request.method != b"GET":
        raise HandshakeError(405, "method is not GET")
    if request.version != b"HTTP/1.1":
        raise HandshakeError(505, "not HTTP/1.1")
    if not headers.get(b"host"):
        raise HandshakeError(400, "no Host")
    if headers.get(b"upgrade", b"").lower() != b"websocket":
        raise HandshakeError(400, "no Upgrade to websocket")
    if b"upgrade" not in _tokens(headers.get(b"connection", b"")):
        raise HandshakeError(400, "no Connection: Upgrade")
    key = headers.get(b"sec-websocket-key", b"")
    if not _is_nonce(key):
        raise HandshakeError(400, "Sec-WebSocket-Key is not 16 bytes in base64")
    if headers.get(b"sec-websocket-version") != b"13":
        raise HandshakeError(426, "Sec-WebSocket-Version is not 13")
    digest = hashlib.sha1(key + _GUID, usedforsecurity=False).digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Accept: "
        + base64.b64encode(digest)
        + b"\r\n\r\n"
    )


def refuse(error: HandshakeError, *, secure: bool = False) -> bytes:
    """Return the response that refuses a handshake, `secure` over TLS."""
    body = str(error).encode() + b"\n"
    # §4.4: a server that does not know the version names those it does.
    version = b"Sec-WebSocket-Version: 13\r\n" if error.status == 426 else b""
    return (
        b"HTTP/1.1 "
        + _STATUS[error.status]
        + b"\r\n"
        + version
        + refusal_lines(secure=secure)
        + b"Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
        + b"Content-Length: %d\r\n\r\n" % len(body)
        + body
    )


def may_connect(
    origin: str, host: str, public_url: str | None, *, allow_null: bool = False
) -> bool:
    """Tell whether a page from `origin` may open a socket on `host`.

    No Origin means no browser: scripts and load generators, which have tokens
    of their own. A page must come from this host or from the public address;
    `null` is a local file, the overlay loader of OBS, and only for overlays.
    """
    if not origin:
        return True
    if origin == "null":
        return allow_null
    ours = {host.lower()}
    if public_url:
        ours.add(urlsplit(public_url).netloc.lower())
    return urlsplit(origin).netloc.lower() in ours


def _tokens(value: bytes) -> list[bytes]:
    return [token.strip().lower() for token in value.split(b",")]


def _is_nonce(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        return False
