"""JSON over one connection, against a server that says exactly what we choose."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from quizserver.rehearsal.calls import Caller, Refused


class Said:
    """What a scripted server heard; one connection at a time."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.heard: list[bytes] = []
        self.connections = 0
        self.address = ""

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer each request with the next answer; end after the last."""
        self.connections += 1
        while self.answers:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r")[0])
            self.heard.append(head + await reader.readexactly(length))
            answer = self.answers.pop(0)
            writer.write(answer)
            await writer.drain()
            if not answer.endswith(b"}") and not answer.endswith(b"\r\n"):
                break
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def server(*answers: bytes) -> AsyncIterator[Said]:
    """Serve these answers on a free port."""
    said = Said(*answers)
    listening = await asyncio.start_server(said.serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        said.address = f"http://127.0.0.1:{port}"
        yield said


OK = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a": 1}'
NO = b'HTTP/1.1 409 Conflict\r\ncontent-length: 17\r\n\r\n{"error":"stale"}'
CHUNKED = (
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
    b'5;x=1\r\n{"a":\r\n3\r\n 2}\r\n0\r\n\r\n'
)


async def test_calls_follow_each_other_on_one_connection() -> None:
    async with server(OK, CHUNKED) as said, Caller(said.address, "t-1") as caller:
        assert await caller.get("/a") == {"a": 1}
        assert await caller.post("/b", {"x": "ễ"}) == {"a": 2}
        assert said.connections == 1
        first, second = said.heard
        assert first.startswith(b"GET /a HTTP/1.1\r\n")
        assert b"Authorization: Bearer t-1\r\n" in first
        assert second.startswith(b"POST /b HTTP/1.1\r\n")
        assert second.endswith(b'{"x": "\\u1ec5"}')


async def test_a_refusal_carries_status_and_body() -> None:
    async with server(NO) as said, Caller(said.address) as caller:
        with pytest.raises(Refused, match="409") as caught:
            await caller.post("/b", {})
        assert (caught.value.status, caught.value.body) == (409, {"error": "stale"})
        assert b"Authorization" not in said.heard[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{",
        b"HTTP/1.1 two hundred\r\n\r\n ",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n ",
        b"HTTP/1.1 200",
    ],
)
async def test_an_answer_that_is_cut_off_is_a_lost_connection(answer: bytes) -> None:
    async with server(answer) as said, Caller(said.address) as caller:
        with pytest.raises(ConnectionError):
            await caller.get("/a")


async def test_after_a_lost_connection_the_next_call_makes_another() -> None:
    async with server(b"HTTP/1.1 200", OK) as said, Caller(said.address) as caller:
        with pytest.raises(ConnectionError):
            await caller.get("/a")
        assert await caller.get("/a") == {"a": 1}
        assert said.connections == 2
        caller.close()
        caller.close()
