"""What a phone's socket measures around a question and its answer (R4)."""

import json
from collections.abc import Callable

import pytest

from quizserver.domain.timing import Trip
from quizserver.gateway.connection import PhoneConnection
from quizserver.wire.common import text_frame
from tests.protocol.clocks import START_NS, ManualClock
from tests.protocol.raw import PING, PONG, TEXT, RawSocket, connect, frame, turn
from tests.protocol.stub import CODE, Served, js, serving

MS = 1_000_000


async def join(raw: RawSocket, participant: str = "p1") -> None:
    token = f"token-{participant}"
    raw.send(frame(TEXT, js(type="hello", v=1, show=CODE, token=token)))
    assert json.loads(await raw.text())["type"] == "welcome"


async def ask(served: Served) -> list[int]:
    """Send a timed question to everybody; return their S."""
    sent: list[int] = []
    await served.audiences.phones.tell_timed(
        CODE, lambda _: text_frame(b"{}"), b"seed", lambda _, ns: sent.append(ns)
    )
    return sent


async def answered(served: Served, raw: RawSocket) -> Trip:
    """Answer over `raw`; return what the intake was handed."""
    raw.send(frame(TEXT, js(type="answer", question="a1", option="C")))
    while "receipt" not in await raw.text():
        pass
    return served.show.intake.trips[-1]


async def test_question_and_ping_come_in_one_segment(clock: ManualClock) -> None:
    """R4.10: else the ping's round trip would not be the question's."""
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        await ask(served)
        segment = await raw.reader.read(1_200)
        assert segment[:4] == b"\x81\x02{}"
        assert segment[4:6] == b"\x89\x04"
        assert len(segment) == 10


async def test_round_trip_is_that_of_the_questions_own_ping(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        sent = await ask(served)
        await raw.text()
        _, ping = await raw.read()
        await served.audiences.phones.tell_warm(CODE, text_frame(b"{}"), b"q")
        clock.advance(0.08)
        raw.send(frame(PONG, ping))
        trip = await answered(served, raw)
        assert sent == [START_NS]
        assert (trip.sent_ns, trip.pong_us, trip.ring_us) == (START_NS, 80_000, ())


async def test_ring_keeps_the_last_twelve_round_trips(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        for ms in range(1, 15):
            await served.audiences.phones.tell_warm(CODE, text_frame(b"{}"), b"q")
            await raw.text()
            _, ping = await raw.read()
            clock.advance(ms / 1_000)
            raw.send(frame(PONG, ping))
            await turn()
            clock.advance(1)
        trip = await answered(served, raw)
        assert trip.ring_us == tuple(ms * 1_000 for ms in range(3, 15))
        assert (trip.sent_ns, trip.pong_us) == (None, None)


@pytest.mark.parametrize(
    ("relays", "tier"), [(None, "pong"), (lambda _: False, "kernel")]
)
async def test_kernel_is_asked_about_phones_and_not_about_proxies(
    clock: ManualClock, relays: Callable[[str], bool] | None, tier: str
) -> None:
    """R4.4: over loopback a proxy brings the phones, unless we say otherwise."""
    async with serving(clock, relays=relays) as served, connect(served.port) as raw:
        await join(raw)
        await ask(served)
        trip = await answered(served, raw)
        assert trip.tier == tier
        assert (trip.rtt_before_us is None) == (tier == "pong")
        assert (trip.rtt_after_us is None) == (tier == "pong")
        assert (trip.rtt_min_us is None) == (tier == "pong")
        assert trip.retrans == 0


@pytest.mark.parametrize(
    ("relays", "network"),
    [(lambda _: False, b"\xcb\x00\x71"), (lambda _: True, b"")],
)
async def test_network_of_a_phone_goes_with_its_answer_and_no_proxys(
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    relays: Callable[[str], bool],
    network: bytes,
) -> None:
    """R4.11: who shares it can be compared; the address itself goes no further."""
    monkeypatch.setattr(PhoneConnection, "address", "203.0.113.7")
    async with serving(clock, relays=relays) as served, connect(served.port) as raw:
        await join(raw)
        assert (await answered(served, raw)).network == network


async def test_socket_that_never_carried_the_question_has_its_average(
    clock: ManualClock,
) -> None:
    """A new socket's round trip is proven too, so that it gains nothing."""
    async with (
        serving(clock, relays=lambda _: False) as served,
        connect(served.port) as raw,
    ):
        await join(raw)
        trip = await answered(served, raw)
        assert trip.tier == "kernel"
        assert trip.rtt_before_us == trip.rtt_after_us


async def test_question_kept_for_a_held_phone_has_no_stamp(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        served.show.stage.gate.clear()
        raw.send(frame(TEXT, js(type="hello", v=1, show=CODE, token="token-p1")))
        while not served.show.stage.asked:
            await turn()
        assert await ask(served) == []
        served.show.stage.gate.set()
        assert [await raw.text() for _ in range(2)][1] == "{}"
        assert (await answered(served, raw)).sent_ns is None


async def test_silent_phones_are_kept_warm_until_they_answer(
    clock: ManualClock,
) -> None:
    """R4.10: pings after 3.5, 7 and 10.5 s, within a lap of the sweep."""
    async with (
        serving(clock) as served,
        connect(served.port) as silent,
        connect(served.port) as quick,
    ):
        await join(silent, "p1")
        await join(quick, "p2")
        await ask(served)
        for raw in (silent, quick):
            assert (await raw.read())[0] == TEXT
            assert (await raw.read())[0] == PING
        await answered(served, quick)
        moments: list[float] = []
        for _ in range(13):
            before = len(moments)
            clock.advance(1)
            quick.send(frame(PING, b"here"))
            silent.send(frame(PING, b"here"))
            assert (await quick.read())[0] == PONG
            while (await silent.read())[0] != PONG:
                moments.append((clock.now_ns - START_NS) / 1e9)
            assert len(moments) - before <= 1
        assert moments == [pytest.approx(at, abs=0.8) for at in (4.2, 7.7, 11.2)]
