"""A client that sends exactly the bytes it is told to.

Well-behaved clients cannot test a server's manners: they refuse to send what
must be refused. This one reads frames with its own few lines.
"""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

KEY = base64.b64encode(b"0123456789abcdef").decode()
MASK = b"\x37\xfa\x21\x3d"
PATIENCE_S = 5.0

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    is_masked: bool = True,
    length: bytes | None = None,
) -> bytes:
    """Build one frame; `length` replaces the length field, right or wrong."""
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    if length is None:
        length = shortest_length(len(payload))
    second = length[0] | (0x80 if is_masked else 0)
    head = bytes((first, second)) + length[1:]
    if not is_masked:
        return head + payload
    masked = bytes(byte ^ MASK[i % 4] for i, byte in enumerate(payload))
    return head + MASK + masked


def shortest_length(size: int) -> bytes:
    """Return the length field as RFC 6455 wants it, without the mask bit."""
    if size < 126:
        return bytes((size,))
    if size < 65_536:
        return b"\x7e" + size.to_bytes(2, "big")
    return b"\x7f" + size.to_bytes(8, "big")


def closing(code: int, reason: bytes = b"") -> bytes:
    """Build a close frame."""
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


class Gone(Exception):
    """The server hung up."""


class RawSocket:
    """One TCP connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, *pieces: bytes) -> None:
        """Write the pieces, one after the other."""
        for piece in pieces:
            self.writer.write(piece)

    async def send_apart(self, *pieces: bytes) -> None:
        """Write the pieces so that each comes in a segment of its own."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0.005)

    async def upgrade(self, path: str, **headers: str | None) -> tuple[int, bytes]:
        """Send an upgrade request; return the status and the response's head."""
        self.send(upgrade_request(path, **headers))
        return await self.response()

    async def response(self) -> tuple[int, bytes]:
        """Read the head of an HTTP response."""
        async with asyncio.timeout(PATIENCE_S):
            head = await self.reader.readuntil(b"\r\n\r\n")
        return int(head.split(b" ")[1]), head

    async def read(self) -> tuple[int, bytes]:
        """Read one frame: its opcode and payload. Raises Gone."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                first, second = await self.reader.readexactly(2)
                assert not second & 0x80, "a server never masks"
                assert not first & 0x70, "nothing reserved was agreed"
                size = second & 0x7F
                if size >= 126:
                    field = await self.reader.readexactly(2 if size == 126 else 8)
                    size = int.from_bytes(field, "big")
                return first & 0x0F, await self.reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Gone from error

    async def text(self) -> str:
        """Read one text message; pings on the way are answered."""
        while True:
            opcode, payload = await self.read()
            if opcode == PING:
                self.send(frame(PONG, payload))
                continue
            assert opcode == TEXT, (opcode, payload)
            return payload.decode()

    async def close_code(self) -> int:
        """Read up to the close frame; 1005 for one without, 1006 for none."""
        while True:
            try:
                opcode, payload = await self.read()
            except Gone:
                return 1006
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big") if payload else 1005

    async def rest(self) -> bytes:
        """Read to the end of the connection."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.reader.read()

    async def gone(self) -> bool:
        """Wait for the end of the connection; frames before it are dropped."""
        try:
            while True:
                await self.read()
        except Gone:
            return True


async def turn() -> None:
    """Let the server's side of the loop go on for a moment."""
    await asyncio.sleep(0.001)


def upgrade_request(path: str, **headers: str | None) -> bytes:
    """Build an upgrade request; a header given as None is left out."""
    fields: dict[str, str | None] = {
        "Host": "quiz.local",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
    }
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")


@asynccontextmanager
async def dial(
    port: int, *, receive_buffer: int | None = None, limit: int = 1 << 16
) -> AsyncIterator[RawSocket]:
    """Open a TCP connection to a local port and close it at the end.

    With a small `receive_buffer` (kernel) and `limit` (ours) the server soon
    notices that nobody reads.
    """
    sock = socket.socket()
    if receive_buffer is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=sock, limit=limit)
    try:
        yield RawSocket(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def connect(
    port: int, path: str = "/ws/phone", **headers: str | None
) -> AsyncIterator[RawSocket]:
    """Open a WebSocket."""
    async with dial(port) as raw:
        status, _ = await raw.upgrade(path, **headers)
        assert status == 101, status
        yield raw
