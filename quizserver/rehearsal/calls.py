"""JSON over HTTP/1.1 on one kept-alive connection: what a script needs.

Just enough of HTTP to speak to our own server without another dependency;
it follows no redirect.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

_LIMIT: Final = 16 * 1024 * 1024
_PATIENCE_S: Final = 30.0
_PAUSE_S: Final = 0.2
_LOOK_S: Final = 0.05


class Refused(Exception):
    """The server answered with another status than 2xx."""

    def __init__(self, status: int, body: Any) -> None:
        """Keep the status and the decoded body."""
        super().__init__(f"the server answered {status}: {body}")
        self.status = status
        self.body = body


class Caller:
    """One connection to a server; calls follow each other."""

    def __init__(
        self, address: str, token: str = "", trust: ssl.SSLContext | None = None
    ) -> None:
        """`trust` is for a server that no authority vouches for."""
        parts = urlsplit(address)
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = (trust or True) if parts.scheme == "https" else None
        self._netloc = parts.netloc
        self.token = token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def get(self, path: str) -> Any:
        """Return the JSON at `path`. Raises Refused, OSError."""
        return json.loads(await self.call("GET", path, b""))

    async def post(self, path: str, body: object) -> Any:
        """Send JSON and return the JSON answer. Raises Refused, OSError."""
        return json.loads(await self.call("POST", path, json.dumps(body).encode()))

    async def call(self, method: str, path: str, body: bytes) -> bytes:
        """Return the body of the answer. Raises Refused, OSError.

        A kept connection that the server has closed meanwhile is opened again
        once: every call of ours may be repeated.
        """
        kept = self._streams is not None
        try:
            status, answer = await self._exchange(method, path, body)
        except ConnectionError:
            if not kept:
                raise
            status, answer = await self._exchange(method, path, body)
        if status >= 300:
            raise Refused(status, json.loads(answer or b"null"))
        return answer

    async def _exchange(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        reader, writer = await self._connected()
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._netloc}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        if self.token:
            head.append(f"Authorization: Bearer {self.token}")
        try:
            writer.write("\r\n".join([*head, "", ""]).encode() + body)
            return await _read_answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            self.close()
            raise ConnectionError(str(error)) from None

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                self._host, self._port, ssl=self._tls, limit=_LIMIT
            )
        return self._streams


class PatientCaller(Caller):
    """A caller that outlasts a restart of the server.

    For calls that may be repeated, as every call of a host may: a command's `ref`
    makes it happen once.
    """

    async def call(self, method: str, path: str, body: bytes) -> bytes:
        """Return the body of the answer. Raises Refused, OSError."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                return await super().call(method, path, body)
            except OSError:
                if time.monotonic() > until:
                    raise
            await asyncio.sleep(_PAUSE_S)


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    fields = {
        name.strip().lower(): value.strip().lower()
        for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])
    }
    if fields.get("transfer-encoding") == "chunked":
        return status, await _read_chunks(reader)
    return status, await reader.readexactly(int(fields.get("content-length", "0")))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    """Return a chunked body (RFC 9112 §7.1); trailers are not expected."""
    body = bytearray()
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        chunk = await reader.readexactly(size + 2)
        if size == 0:
            return bytes(body)
        body += chunk[:-2]


async def is_ready_within(
    address: str, seconds: float, runs: Callable[[], bool]
) -> bool:
    """Wait until phones can join a server that starts, as long as it `runs`."""
    until = time.monotonic() + seconds
    while runs() and time.monotonic() < until:
        if await _is_ready(address):
            return True
        await asyncio.sleep(_LOOK_S)
    return False


async def _is_ready(address: str) -> bool:
    try:
        async with Caller(address) as caller:
            return bool((await caller.get("/readyz"))["ready"])
    except (OSError, Refused):
        return False
