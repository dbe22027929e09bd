"""A server that says what a test chooses, as awkwardly as the protocols allow.

It registers over HTTP with chunked bodies, cuts its frames into single bytes, and
keeps what each phone sent. One object for all phones of a test.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any, Final

from quizserver.wire.common import text_frame

GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""What a server mixes into the key (RFC 6455 §1.3)."""


@dataclass
class Link:
    """One phone's socket, after the handshake."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    masks: list[bytes] = field(default_factory=list)

    async def hears(self) -> tuple[int, bytes]:
        """Return the opcode and the text of the next frame."""
        first, second = await self.reader.readexactly(2)
        assert first & 0xF0 == 0x80, "one final frame without extensions"
        assert second & 0x80, "a client masks (RFC 6455 §5.3)"
        size = second & 127
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        mask = await self.reader.readexactly(4)
        self.masks.append(mask)
        body = await self.reader.readexactly(size)
        return first & 15, bytes(b ^ mask[at & 3] for at, b in enumerate(body))

    async def message(self) -> dict[str, Any]:
        """Return the next message."""
        opcode, body = await self.hears()
        assert opcode == 1
        message: dict[str, Any] = json.loads(body)
        return message

    async def says(self, *, bytewise: bool = False, **message: object) -> None:
        """Send a message, byte by byte if asked."""
        await self.sends(text_frame(_text(message)), bytewise=bytewise)

    async def sends(self, frame: bytes, *, bytewise: bool = False) -> None:
        """Send bytes as they are."""
        for part in (
            [frame[n : n + 1] for n in range(len(frame))] if bytewise else [frame]
        ):
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0)  # noqa: TID251 - lets each byte leave by itself

    async def welcomes(self, **state: object) -> dict[str, Any]:
        """Take the hello and answer it; return it."""
        hello = await self.message()
        known = {"epoch": "e1", "step": 1, "phase": "lobby", **state}
        await self.says(type="welcome", v=1, you={"id": "p"}, state=known)
        return hello

    async def closes(self, code: int) -> None:
        """Close with a code, and wait until the phone has answered."""
        await self.sends(b"\x88\x02" + code.to_bytes(2, "big"))
        while await self.reader.read(1024):
            pass


Scene = Callable[[Link, int], Awaitable[None]]
"""What happens on the n-th socket, from 0."""


class OddServer:
    """Registers everybody and plays a scene on each socket."""

    def __init__(self, scene: Scene) -> None:
        self.address = ""
        self.joined = self.sockets = 0
        self.faults: list[BaseException] = []
        self._scene = scene

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer calls, or play a scene; an assertion that fails is kept."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"GET /ws/phone "):
                    await self._shake(head, reader, writer)
                    break
                await self._register(head, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except AssertionError as fault:
            self.faults.append(fault)
        finally:
            writer.close()

    async def _register(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        assert head.startswith(b"POST /api/shows/ODD1/participants HTTP/1.1\r\n")
        size = int(head.lower().split(b"content-length: ")[1].split(b"\r")[0])
        form = json.loads(await reader.readexactly(size))
        assert set(form) == {"name", "unit", "via", "consent"}
        self.joined += 1
        body = _text({"participant": "p", "token": f"t{self.joined}"})
        half, rest = body[:9], body[9:]
        writer.write(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (9, half, len(rest), rest))
        await writer.drain()

    async def _shake(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        key = head.split(b"Sec-WebSocket-Key: ")[1].split(b"\r")[0]
        accept = b64encode(sha1(key + GUID, usedforsecurity=False).digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        number, self.sockets = self.sockets, self.sockets + 1
        await self._scene(Link(reader, writer), number)


def _text(value: object) -> bytes:
    """Return JSON as the server writes it: without spaces, in UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@asynccontextmanager
async def odd_server(scene: Scene) -> AsyncIterator[OddServer]:
    """Serve on a free port; what was wrong with a phone is raised at the end."""
    odd = OddServer(scene)
    server = await asyncio.start_server(odd.serve, "127.0.0.1", 0)
    async with server:
        odd.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield odd
    for fault in odd.faults:
        raise fault
