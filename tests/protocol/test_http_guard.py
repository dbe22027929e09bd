"""HTTP connections that are slow, huge or never end."""

from typing import cast

import pytest

from quizserver.gateway.guard import GuardedHttp
from quizserver.gateway.limits import HttpLimits
from tests.protocol.clocks import ManualClock
from tests.protocol.raw import dial, turn, upgrade_request
from tests.protocol.stub import serving

LAP_S = 1.1
HEAD = b"GET / HTTP/1.1\r\nHost: quiz.local\r\n"


def post(body: bytes, *, announced: int | None = None, path: str = "/") -> bytes:
    size = len(body) if announced is None else announced
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()
        + body
    )


async def test_request_is_served_and_the_connection_kept(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        for _ in range(3):
            raw.send(post(b"x" * 100))
            status, _ = await raw.response()
            assert status == 200
            assert await raw.reader.readexactly(8) == b"POST 100"
            clock.advance(3)


async def test_connection_that_says_nothing_is_dropped(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        await turn()
        clock.advance(4.9)
        assert len(served.server.server_state.connections) == 1
        clock.advance(LAP_S)
        assert await raw.rest() == b""
        assert not served.server.server_state.connections


@pytest.mark.parametrize(
    "sent",
    [HEAD, HEAD[:3], HEAD + b"X-Slow: ", b"\r\n\r\n"],
    ids=["half a head", "half a line", "half a header", "empty lines"],
)
async def test_head_that_does_not_end_is_answered_408(
    sent: bytes, clock: ManualClock
) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        await raw.send_apart(sent)
        clock.advance(5 + LAP_S)
        assert (await raw.response())[0] == 408
        assert await raw.rest() == b""


async def test_dripping_does_not_move_the_deadline(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        for byte in HEAD[:5]:
            await raw.send_apart(bytes((byte,)))
            clock.advance(1)
        clock.advance(LAP_S)
        assert (await raw.response())[0] == 408


async def test_second_request_has_a_deadline_too(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(post(b""))
        assert (await raw.response())[0] == 200
        await raw.reader.readexactly(6)
        clock.advance(60)
        await raw.send_apart(b"\r\n")
        clock.advance(5 + LAP_S)
        assert (await raw.response())[0] == 408


@pytest.mark.parametrize(
    "headers",
    [b"X: " + b"y" * 17_000, b"X: y\r\n" * 4000, b"Cookie: " + b"c" * 1_000_000],
    ids=["one long", "many", "a flood"],
)
async def test_head_beyond_16_kilobytes_is_answered_431(
    headers: bytes, clock: ManualClock
) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(HEAD + headers + b"\r\n\r\n")
        assert (await raw.response())[0] == 431


async def test_long_head_is_refused_before_it_ends(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(HEAD + b"X: " + b"y" * 17_000)
        assert (await raw.response())[0] == 431


async def test_long_address_is_answered_431(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await raw.response())[0] == 431


async def test_body_announced_too_long_is_answered_413(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(post(b"", announced=64 * 1024 + 1))
        assert (await raw.response())[0] == 413


async def test_body_of_just_the_cap_is_taken(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(post(b"x" * 64 * 1024))
        assert (await raw.response())[0] == 200


async def test_chunked_body_is_counted_as_it_comes(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(17):
            raw.send(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        assert (await raw.response())[0] == 413


async def test_uploads_have_a_cap_of_their_own(clock: ManualClock) -> None:
    limits = HttpLimits(large_bodies=((b"/api/packs", 1_000_000),))
    async with serving(clock, http_limits=limits) as served:
        for path, status in (("/api/packs", 404), ("/", 413)):
            async with dial(served.port) as raw:
                raw.send(post(b"x" * 100_000, path=path))
                assert (await raw.response())[0] == status


async def test_slow_body_is_answered_408_without_a_traceback(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        await raw.send_apart(post(b"x" * 10, announced=100))
        clock.advance(10 + LAP_S)
        assert (await raw.response())[0] == 408
        assert await raw.rest() == b""
        await turn()
        assert "Traceback" not in caplog.text
        assert "Exception" not in caplog.text


async def test_visitor_who_hangs_up_in_mid_request_is_no_error(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(clock) as served:
        async with dial(served.port) as raw:
            await raw.send_apart(post(b"x" * 10, announced=100))
        while served.server.server_state.tasks:
            await turn()
        assert "Exception" not in caplog.text


async def test_upgraded_connection_leaves_the_http_deadlines(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        clock.advance(4)
        assert (await raw.upgrade("/ws/host"))[0] == 101
        clock.advance(3)
        await turn()
        assert len(served.server.server_state.connections) == 1


async def test_two_requests_in_one_segment_are_both_answered(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(post(b"one") + post(b"three"))
        assert (await raw.response())[0] == 200
        assert await raw.reader.readexactly(6) == b"POST 3"
        assert (await raw.response())[0] == 200
        assert await raw.reader.readexactly(6) == b"POST 5"
        clock.advance(30)
        assert len(served.server.server_state.connections) == 1


async def test_upgrade_with_a_huge_head_is_refused(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(upgrade_request("/ws/phone", X_Pad="x" * 17_000))
        assert (await raw.response())[0] == 431
        assert await raw.rest() == b""
        assert served.gateway.tally.handshakes == 0


async def test_flood_of_requests_in_one_segment_is_cut(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(post(b"") * 2000)
        answered = await raw.rest()
        assert answered.count(b"HTTP/1.1") <= 1
        assert not served.server.server_state.connections


async def test_long_body_may_take_longer(clock: ManualClock) -> None:
    limits = HttpLimits(large_bodies=((b"/", 1 << 20),))
    async with serving(clock, http_limits=limits) as served, dial(served.port) as raw:
        await raw.send_apart(post(b"x" * 1000, announced=640 * 1024))
        clock.advance(29)
        assert len(served.server.server_state.connections) == 1
        clock.advance(1 + LAP_S)
        assert (await raw.response())[0] == 408


async def test_reader_that_takes_nothing_of_a_page_is_cut(clock: ManualClock) -> None:
    async with (
        serving(clock) as served,
        dial(served.port, receive_buffer=4096, limit=2048) as raw,
    ):
        raw.send(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await raw.response())[0] == 200
        (connection,) = served.server.server_state.connections
        while not cast("GuardedHttp", connection).flow.write_paused:
            await turn()
        clock.advance(59)
        assert len(served.server.server_state.connections) == 1
        clock.advance(1 + LAP_S)
        await turn()
        assert not served.server.server_state.connections
