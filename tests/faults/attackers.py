"""Clients that mean harm, in a process of their own; run as a program.

    python -m tests.faults.attackers PORT SHOW TOKEN SECONDS

Every kind keeps a few connections at it, and comes back when it is thrown out.
It prints one line of JSON: how often each kind struck.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from tests.protocol.raw import BINARY, PING, TEXT, Gone, RawSocket, dial, frame

HEAD = "{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
ANSWER = b'{"type":"answer","question":"q1","option":"A","nonce":"0000000000000000"}'


class Attack:
    """What all kinds know: where, which show, a participant's token."""

    def __init__(self, port: int, show: str, token: str) -> None:
        self.port, self.show, self.token = port, show, token
        self.strikes: Counter[str] = Counter()

    def hello(self, token: str | None = None) -> bytes:
        """Return a hello frame, with our good token or another."""
        said = {"type": "hello", "v": 1, "show": self.show}
        said |= {"token": self.token if token is None else token}
        return frame(TEXT, json.dumps(said).encode())

    async def upgraded(self, raw: RawSocket, path: str = "/ws/phone") -> None:
        """Shake hands."""
        await raw.upgrade(path, Host=f"127.0.0.1:{self.port}")

    def head(self, line: str) -> bytes:
        """Return the beginning of a request."""
        return HEAD.format(line=line, port=self.port).encode()


async def ping_flood(attack: Attack, raw: RawSocket) -> None:
    """Ping as fast as the socket takes it, and read nothing."""
    await attack.upgraded(raw)
    raw.send(attack.hello())
    while True:
        raw.send(frame(PING, b"x" * 125) * 100)
        await raw.writer.drain()
        attack.strikes["ping flood"] += 100


async def panel_ping_flood(attack: Attack, raw: RawSocket) -> None:
    """The same on the door of the panels, without a hello."""
    await attack.upgraded(raw, "/ws/host")
    while True:
        raw.send(frame(PING, b"x" * 125) * 100)
        await raw.writer.drain()
        attack.strikes["panel ping flood"] += 100


async def fragments(attack: Attack, raw: RawSocket) -> None:
    """Send a message a byte at a time."""
    await attack.upgraded(raw)
    raw.send(frame(TEXT, b"{", fin=False))
    while True:
        raw.send(frame(0, b" ", fin=False) * 500)
        await raw.writer.drain()
        attack.strikes["one-byte fragments"] += 500


async def empty_fragments(attack: Attack, raw: RawSocket) -> None:
    """Send a message that never ends and never grows."""
    await attack.upgraded(raw)
    raw.send(frame(TEXT, b"{", fin=False))
    while True:
        raw.send(frame(0, b"", fin=False) * 500)
        await raw.writer.drain()
        attack.strikes["empty fragments"] += 500


async def headers(attack: Attack, raw: RawSocket) -> None:
    """Send headers without end."""
    raw.send(attack.head("GET /"))
    while True:
        raw.send(b"X-Y: " + b"z" * 4_000 + b"\r\n")
        await raw.writer.drain()
        attack.strikes["headers"] += 1


async def silence(attack: Attack, raw: RawSocket) -> None:
    """Connect and say nothing until thrown out."""
    attack.strikes["silent sockets"] += 1
    await raw.reader.read()


async def slow_body(attack: Attack, raw: RawSocket) -> None:
    """Promise a body and send it a byte at a time."""
    raw.send(attack.head("POST /api/phone/answers") + b"Content-Length: 900\r\n\r\n")
    while True:
        raw.send(b" ")
        await raw.writer.drain()
        await asyncio.sleep(0.2)
        attack.strikes["bytes of slow bodies"] += 1


async def huge(attack: Attack, raw: RawSocket) -> None:
    """Announce a message of 2^40 bytes."""
    await attack.upgraded(raw)
    length = b"\x7f" + (2**40).to_bytes(8, "big")
    raw.send(frame(TEXT, b"x" * 1_000, length=length))
    attack.strikes["2^40 bytes"] += 1
    await raw.close_code()


async def nonsense(attack: Attack, raw: RawSocket) -> None:
    """Send what is no message, each on a socket of its own."""
    kinds = (
        frame(TEXT, b"{" * 2_000),
        frame(TEXT, b"[" * 3_000 + b"]" * 1_000),
        frame(TEXT, b"\xff\xfe"),
        frame(BINARY, b"\x00" * 100),
        frame(TEXT, b"{}", is_masked=False),
        frame(TEXT, b'{"type":"hello","v":1,"show":7,"token":[]}'),
        attack.hello("p.LONG1.e.x.00000000.00000000000000000000000000000000"),
        attack.hello("é" * 100),
    )
    await attack.upgraded(raw)
    raw.send(kinds[attack.strikes["nonsense"] % len(kinds)])
    attack.strikes["nonsense"] += 1
    await raw.close_code()


async def early_answers(attack: Attack, raw: RawSocket) -> None:
    """Answer what is not open, with a nonce that was made up."""
    await attack.upgraded(raw)
    raw.send(attack.hello())
    while True:
        raw.send(frame(TEXT, ANSWER))
        await raw.writer.drain()
        attack.strikes["forged answers"] += 1
        await asyncio.sleep(0.05)


async def calls(attack: Attack, raw: RawSocket) -> None:
    """Call with bodies, paths, hosts and tokens that nobody should send."""
    body = b"[" * 9_000
    wrong = (
        attack.head("GET /../../etc/passwd") + b"\r\n",
        attack.head("GET /%00%ff%c0%ae") + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        attack.head("GET /rules") + b"Range: bytes=" + b"0-1," * 900 + b"5-6\r\n\r\n",
        attack.head(f"POST /api/shows/{attack.show}/participants")
        + f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body,
        attack.head("GET /api/phone/state") + b"Authorization: Bearer \xff\xff\r\n\r\n",
        attack.head("POST /api/phone/answers") + b"Content-Length: -1\r\n\r\n",
        attack.head("POST /api/phone/answers") + b"Content-Length: 999999999\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00" * 20,
    )
    raw.send(wrong[attack.strikes["wrong calls"] % len(wrong)])
    attack.strikes["wrong calls"] += 1
    await raw.response()


KINDS: tuple[tuple[Callable[[Attack, RawSocket], Awaitable[None]], int], ...] = (
    (ping_flood, 2),
    (panel_ping_flood, 2),
    (fragments, 2),
    (empty_fragments, 2),
    (headers, 2),
    (silence, 50),
    (slow_body, 10),
    (huge, 2),
    (nonsense, 2),
    (early_answers, 2),
    (calls, 2),
)
"""Every kind, and how many of it at a time."""

_BREATH_S = 0.02
_THROWN_OUT = (
    OSError,
    EOFError,
    Gone,
    TimeoutError,
    ValueError,
    AssertionError,
    asyncio.LimitOverrunError,
)
"""What being thrown out, as it should be, looks like from here."""


async def keep_at_it(
    attack: Attack, kind: Callable[[Attack, RawSocket], Awaitable[None]], end: float
) -> None:
    """Strike again and again until the end."""
    while time.monotonic() < end:
        try:
            async with asyncio.timeout(end - time.monotonic()):
                async with dial(attack.port, receive_buffer=4_096) as raw:
                    await kind(attack, raw)
        except _THROWN_OUT:
            pass
        await asyncio.sleep(_BREATH_S)


async def main(port: int, show: str, token: str, seconds: float) -> None:
    """Attack for so long, then tell how often."""
    attack, end = Attack(port, show, token), time.monotonic() + seconds
    async with asyncio.TaskGroup() as tasks:
        for kind, count in KINDS:
            for _ in range(count):
                tasks.create_task(keep_at_it(attack, kind, end))
    print(json.dumps(attack.strikes), flush=True)  # noqa: T201 - its one result


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])))
