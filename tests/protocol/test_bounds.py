"""Phones that are slow, silent, greedy or hostile: each bound and its code.

The clock stands still unless a test moves it, so an allowance never fills up
by itself and a deadline comes exactly when it is due.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from quizserver.gateway.connection import PhoneConnection
from quizserver.gateway.limits import Limits
from quizserver.wire.common import text_frame
from tests.protocol.clocks import ManualClock
from tests.protocol.raw import (
    PING,
    PONG,
    TEXT,
    Gone,
    RawSocket,
    closing,
    connect,
    dial,
    frame,
    turn,
)
from tests.protocol.stub import CODE, Served, js, serving

LAP_S = 1.1


async def join(raw: RawSocket, participant: str = "p1") -> None:
    token = f"token-{participant}"
    raw.send(frame(TEXT, js(type="hello", v=1, show=CODE, token=token)))
    assert json.loads(await raw.text())["type"] == "welcome"


async def tell(served: Served, payload: bytes) -> None:
    await served.audiences.phones.tell(CODE, text_frame(payload))


# deadlines ---------------------------------------------------------------------


async def test_phone_that_says_no_hello_is_closed_after_five_seconds(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        clock.advance(4.9)
        raw.send(frame(PING, b"still open"))
        assert await raw.read() == (PONG, b"still open")
        clock.advance(LAP_S)
        assert await raw.close_code() == 4400


async def test_pings_and_half_a_hello_do_not_move_the_deadline(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        for _ in range(4):
            clock.advance(1)
            raw.send(frame(PING))
            assert await raw.read() == (PONG, b"")
        await raw.send_apart(frame(TEXT, b'{"type":"hello"')[:9])
        clock.advance(1 + LAP_S)
        assert await raw.close_code() == 4400


async def test_silent_phone_is_pinged_every_ten_seconds(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        for _ in range(5):
            clock.advance(10 + LAP_S)
            opcode, payload = await raw.read()
            assert (opcode, len(payload)) == (PING, 4)
            raw.send(frame(PONG, payload))
            await heard(served, raw)


async def test_half_open_phone_is_found_within_25_seconds(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        clock.advance(21)
        assert served.audiences.phones.online(CODE) == 1
        clock.advance(4)
        assert await raw.gone()
        assert served.audiences.phones.online(CODE) == 0
        assert served.gateway.tally.dead == 1


async def test_phone_that_ignores_our_close_is_dropped(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        raw.send(frame(TEXT, b"?"))
        assert await raw.close_code() == 4400
        raw.send(frame(TEXT, b"I go on") * 20, frame(PING))
        await turn()
        assert len(served.server.server_state.connections) == 1
        clock.advance(2 + LAP_S)
        assert await raw.gone()


async def test_phone_that_answers_our_close_is_let_go_at_once(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        raw.send(frame(TEXT, b"?"))
        assert await raw.close_code() == 4400
        await raw.send_apart(closing(4400)[:3], closing(4400)[3:])
        assert await raw.rest() == b""
        assert not served.server.server_state.connections


async def test_round_trip_of_the_last_ping_is_known(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        phone = phone_of(served)
        clock.advance(11)
        _, payload = await raw.read()
        clock.advance(0.03)
        raw.send(frame(PONG, b"not yours"), frame(PONG, payload), frame(PONG, payload))
        await heard(served, raw)
        assert phone.rtt_ns == pytest.approx(30_000_000, abs=LAP_S * 1e9)
        assert phone.rtt_ns > 0


# what a phone may send ---------------------------------------------------------


async def test_twenty_messages_at_once_are_fine_and_one_more_is_not(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        raw.send(frame(PING) * 19)
        for _ in range(19):
            assert await raw.read() == (PONG, b"")
        raw.send(frame(PING))
        assert await raw.close_code() == 4429


async def test_five_messages_a_second_go_on_for_ever(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        for _ in range(60):
            clock.advance(0.2)
            raw.send(frame(PING))
            assert await raw.read() == (PONG, b"")
        assert served.audiences.phones.online(CODE) == 1


async def test_ten_messages_a_second_do_not(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        for _ in range(60):
            clock.advance(0.1)
            raw.send(frame(PING))
        assert await raw.close_code() == 4429


async def test_eight_kilobytes_at_once_are_fine_and_more_are_not(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        raw.send(frame(TEXT, js(type="hello", v=1, show=CODE, token="token-p1")))
        await raw.text()
        long = frame(TEXT, js(type="answer", question="q", option="A", pad="x" * 3900))
        await raw.send_apart(long, long)
        await raw.text()
        await raw.text()
        raw.send(long)
        assert await raw.close_code() == 4429


async def test_ping_flood_ends_with_4429_and_no_growth(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        try:
            for _ in range(200):
                raw.send(frame(PING, b"x" * 125) * 100)
                await raw.writer.drain()
        except ConnectionError:
            pass
        assert await raw.close_code() in {4429, 1006}
        assert served.audiences.phones.online(CODE) == 0
        clock.advance(2 + LAP_S)
        await turn()
        assert not served.server.server_state.connections
        assert served.gateway.tally.closes == {4429: 1}


@pytest.mark.parametrize("piece", [frame(0, b"x", fin=False), frame(0, fin=False)])
async def test_flood_of_fragments_ends_with_4429(
    piece: bytes, clock: ManualClock
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        raw.send(frame(TEXT, b"x", fin=False), piece * 10_000)
        assert await raw.close_code() == 4429


async def test_one_byte_a_segment_is_not_cheaper(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await raw.send_apart(*(bytes((byte,)) for byte in frame(PING, b"slow")))
        assert await raw.read() == (PONG, b"slow")


async def test_huge_message_is_refused_by_its_length(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        raw.send(frame(TEXT, b"x" * 200_000))
        assert await raw.close_code() == 4413


async def test_others_are_served_beside_a_flood(clock: ManualClock) -> None:
    async with (
        serving(clock) as served,
        connect(served.port) as honest,
        connect(served.port) as hostile,
    ):
        await join(honest)
        hostile.send(frame(0, fin=False) * 50_000)
        honest.send(frame(PING, b"mine"))
        assert await honest.read() == (PONG, b"mine")


# phones that do not read ---------------------------------------------------------


SMALL = Limits(send_buffer_bytes=4096, pause_bytes=8 * 1024)


def phone_of(served: Served) -> PhoneConnection:
    """Return the server's side of the only connection."""
    (phone,) = served.server.server_state.connections
    return cast("PhoneConnection", phone)


@asynccontextmanager
async def slow_phone(served: Served) -> AsyncIterator[RawSocket]:
    """Join with buffers so small that the server soon sees nobody reads."""
    async with dial(served.port, receive_buffer=4096, limit=2048) as raw:
        assert (await raw.upgrade("/ws/phone"))[0] == 101
        await join(raw, "slow")
        yield raw


async def until_paused(served: Served, payload: bytes) -> int:
    """Tell cues until the only phone is paused; return how many."""
    phone = phone_of(served)
    for count in range(1, 2000):
        await tell(served, payload)
        await turn()
        if phone.is_paused:
            return count
    raise AssertionError("never paused")


async def test_slow_phone_gets_one_fresh_state_when_it_reads_again(
    clock: ManualClock,
) -> None:
    async with serving(clock, limits=SMALL) as served, slow_phone(served) as raw:
        told = await until_paused(served, js(type="presence", pad="x" * 4000))
        served.show.stage.step = 77
        for _ in range(50):
            await tell(served, js(type="step", pad="x" * 4000))
        messages: list[dict[str, object]] = []
        while not messages or messages[-1]["type"] != "state":
            messages.append(json.loads(await raw.text()))
        assert messages[-1]["step"] == 77
        assert {one["type"] for one in messages[:-1]} == {"presence"}
        assert len(messages) - 1 == told
        assert served.gateway.tally.resyncs == 1
        await tell(served, b'{"type":"lobby"}')
        assert await raw.text() == '{"type":"lobby"}'


async def test_stuck_phone_is_closed_with_4408_and_freed(clock: ManualClock) -> None:
    async with serving(clock, limits=SMALL) as served, slow_phone(served):
        await until_paused(served, js(type="step", pad="x" * 4000))
        clock.advance(14)
        assert served.audiences.phones.online(CODE) == 1
        clock.advance(1 + LAP_S)
        assert served.audiences.phones.online(CODE) == 0
        assert served.gateway.tally.closes == {4408: 1}
        clock.advance(2 + LAP_S)
        await turn()
        assert not served.server.server_state.connections


async def test_phone_that_vanished_is_freed_in_time_though_cues_pile_up_for_it(
    clock: ManualClock,
) -> None:
    async with serving(clock, limits=SMALL) as served, slow_phone(served):
        clock.advance(20)
        await until_paused(served, js(type="step", pad="x" * 4000))
        clock.advance(2 + LAP_S)
        assert served.audiences.phones.online(CODE) == 0
        clock.advance(2 + LAP_S)
        await turn()
        assert not served.server.server_state.connections


async def test_slow_phone_does_not_delay_the_others(clock: ManualClock) -> None:
    async with (
        serving(clock, limits=SMALL) as served,
        slow_phone(served),
    ):
        await until_paused(served, js(type="step", pad="x" * 4000))
        async with connect(served.port) as quick:
            await join(quick, "quick")
            for number in range(100):
                await tell(served, js(type="step", step=number))
                assert json.loads(await quick.text())["step"] == number


async def test_pings_of_a_phone_that_does_not_read_are_not_answered(
    clock: ManualClock,
) -> None:
    async with serving(clock, limits=SMALL) as served, slow_phone(served) as raw:
        await until_paused(served, js(type="step", pad="x" * 4000))
        raw.send(frame(PING, b"x" * 125) * 15)
        raw.send(frame(TEXT, js(type="answer", question="a1", option="B")))
        while not served.show.intake.taken:
            await turn()
        assert phone_of(served).is_paused
        # Every frame up to the fresh state is a text: no pong is among them.
        while json.loads(await raw.text())["type"] != "state":
            continue


async def test_frame_beyond_the_cap_closes_the_phone(clock: ManualClock) -> None:
    limits = Limits(send_buffer_bytes=4096, pause_bytes=8192, write_cap_bytes=16_384)
    async with serving(clock, limits=limits) as served, slow_phone(served):
        await tell(served, js(type="step", pad="x" * 4_000_000))
        assert served.gateway.tally.closes == {4408: 1}


async def test_receipt_for_a_paused_phone_is_made_good_by_its_state(
    clock: ManualClock,
) -> None:
    async with serving(clock, limits=SMALL) as served, slow_phone(served) as raw:
        await until_paused(served, js(type="step", pad="x" * 4000))
        raw.send(frame(TEXT, js(type="answer", question="a1", option="B")))
        while not served.show.intake.taken:
            await turn()
        types = {json.loads(await raw.text())["type"]}
        while "state" not in types:
            types.add(json.loads(await raw.text())["type"])
        assert types == {"step", "state"}


async def heard(served: Served, raw: RawSocket) -> None:
    """Wait until the server has read everything sent so far."""
    raw.send(frame(PING, b"?"))
    assert await raw.read() == (PONG, b"?")


async def test_connection_that_ends_in_mid_frame_leaves_nothing(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served:
        async with connect(served.port) as raw:
            await join(raw)
            await raw.send_apart(frame(TEXT, b"hello")[:4])
            raw.writer.write_eof()
            with pytest.raises(Gone):
                await raw.read()
        assert served.audiences.phones.online(CODE) == 0
        assert not served.server.server_state.connections
