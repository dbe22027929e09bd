"""What phones say and are told: hello, answers, cues, close codes."""

import json

import pytest

from quizserver.domain.ids import ParticipantId
from quizserver.live.ports import LedgerDown
from quizserver.wire.common import text_frame
from tests.protocol.clocks import START_NS, ManualClock
from tests.protocol.raw import CLOSE, PING, TEXT, RawSocket, connect, frame, turn
from tests.protocol.stub import CODE, Served, js, serving


def hello(participant: str = "p1", **changed: object) -> bytes:
    fields: dict[str, object] = {
        "type": "hello",
        "v": 1,
        "show": CODE,
        "token": f"token-{participant}",
    }
    return frame(TEXT, js(**(fields | changed)))


def answer(option: str = "B", question: str = "a1") -> bytes:
    message = js(type="answer", question=question, option=option, nonce="0" * 16)
    return frame(TEXT, message)


def seen(number: int = 7) -> bytes:
    return frame(TEXT, js(type="seen", number=number))


def cheer(**counts: int) -> bytes:
    return frame(TEXT, js(type="cheer", counts=counts))


async def join(raw: RawSocket, participant: str = "p1") -> None:
    raw.send(hello(participant))
    assert json.loads(await raw.text())["type"] == "welcome"


async def admitted(served: Served) -> None:
    """Wait until the phone is in the audience."""
    while served.audiences.phones.online(CODE) == 0:
        await turn()


async def tell(served: Served, payload: bytes) -> None:
    await served.audiences.phones.tell(CODE, text_frame(payload))


async def test_hello_is_answered_with_the_participants_welcome(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        raw.send(hello("lan"))
        assert json.loads(await raw.text())["you"] == "lan"
        assert served.audiences.phones.participants(CODE) == ["lan"]
        assert served.audiences.phones.online(CODE) == 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(hello(v=2), 4400, id="another version"),
        pytest.param(hello(show="NONE"), 4404, id="no such show"),
        pytest.param(hello(token="forged"), 4401, id="forged token"),
        pytest.param(hello(token=7), 4400, id="token of another type"),
        pytest.param(frame(TEXT, js(type="hello", v=1)), 4400, id="fields missing"),
        pytest.param(frame(TEXT, js(type="dance")), 4400, id="unknown type"),
        pytest.param(frame(TEXT, b"{"), 4400, id="no JSON"),
        pytest.param(frame(TEXT, b"[]"), 4400, id="no object"),
        pytest.param(answer(), 4400, id="answer before hello"),
        pytest.param(seen(), 4400, id="seen before hello"),
        pytest.param(cheer(heart=1), 4400, id="cheer before hello"),
        pytest.param(hello() + hello(), 4400, id="hello twice"),
        pytest.param(hello() + frame(TEXT, js(type="bye")), 1000, id="bye"),
        pytest.param(frame(TEXT, js(type="bye")), 1000, id="bye before hello"),
    ],
)
async def test_message_is_closed_with_its_code(
    sent: bytes, code: int, clock: ManualClock
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        raw.send(sent)
        assert await raw.close_code() == code
        assert served.audiences.phones.online(CODE) == 0
        assert served.gateway.tally.closes[code] == 1


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(LookupError("who?"), 4401), (LedgerDown(), 1012), (ValueError("bug"), 1012)],
)
async def test_welcome_that_cannot_be_made_closes_with(
    trouble: Exception, code: int, clock: ManualClock
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        served.show.stage.trouble = trouble
        raw.send(hello())
        assert await raw.close_code() == code


async def test_answer_reaches_the_intake_with_its_receive_stamp(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        clock.advance(2.5)
        raw.send(answer("C"))
        receipt = json.loads(await raw.text())
        assert receipt == {"type": "receipt", "question": "a1", "option": "C"}
        ((participant, taken, received_ns),) = served.show.intake.taken
        assert (participant, taken.option) == ("p1", "C")
        assert received_ns == START_NS + 2_500_000_000


async def test_number_that_a_viewer_sees_reaches_the_stage_with_its_stamp(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        clock.advance(2.5)
        raw.send(seen(7) + answer())
        await raw.text()
        assert served.show.stage.heard == [("p1", 7, START_NS + 2_500_000_000)]


async def test_cheers_reach_the_stage_with_their_stamp_and_nothing_answers(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        clock.advance(2.5)
        raw.send(cheer(heart=3, unheard_of=1) + answer())
        assert json.loads(await raw.text())["type"] == "receipt"
        counts = {"heart": 3, "unheard_of": 1}
        assert served.show.stage.cheers == [("p1", counts, START_NS + 2_500_000_000)]


async def test_answer_begun_early_is_stamped_when_it_is_whole(
    clock: ManualClock,
) -> None:
    """Who sends the first byte before thinking gains nothing (R4.2)."""
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        whole = answer()
        await raw.send_apart(whole[:1], whole[1:9])
        clock.advance(3)
        raw.send(whole[9:])
        await raw.text()
        assert served.show.intake.taken[0][2] == START_NS + 3_000_000_000


async def test_answer_cut_in_two_by_the_network_counts_from_its_first_byte(
    clock: ManualClock,
) -> None:
    """R4.2: 50 ms are allowed for that, and only to the message that was cut."""
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        whole = answer()
        await raw.send_apart(whole[:9])
        clock.advance(0.05)
        await raw.send_apart(whole[9:] + answer() + whole[:3])
        clock.advance(0.01)
        raw.send(whole[3:])
        for _ in range(3):
            await raw.text()
        stamps = [
            received_ns - START_NS for *_, received_ns in served.show.intake.taken
        ]
        assert stamps == [0, 50_000_000, 50_000_000]


async def test_bug_in_one_phones_message_closes_that_phone_only(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        serving(clock) as served,
        connect(served.port) as one,
        connect(served.port) as other,
    ):
        await join(one, "p1")
        await join(other, "p2")
        served.show.intake.trouble = ValueError("bug")
        one.send(answer())
        assert await one.close_code() == 1011
        assert served.audiences.phones.participants(CODE) == ["p2"]
        assert "0000" not in caplog.text, "messages are never logged"


async def test_cue_comes_to_everybody_as_the_same_bytes(clock: ManualClock) -> None:
    async with (
        serving(clock) as served,
        connect(served.port) as one,
        connect(served.port) as other,
    ):
        await join(one, "p1")
        await join(other, "p2")
        await tell(served, js(type="lobby", epoch="e", step=1))
        assert await one.text() == await other.text()


async def test_newer_connection_replaces_the_older(clock: ManualClock) -> None:
    async with (
        serving(clock) as served,
        connect(served.port) as older,
        connect(served.port) as newer,
    ):
        await join(older, "p1")
        await join(newer, "p1")
        assert await older.close_code() == 4409
        await tell(served, b'{"type":"lobby"}')
        assert await newer.text() == '{"type":"lobby"}'
        assert served.audiences.phones.online(CODE) == 1


async def test_cues_told_while_the_welcome_is_made_follow_it(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        served.show.stage.gate.clear()
        raw.send(hello())
        await admitted(served)
        await tell(served, b'{"type":"asked"}')
        await tell(served, b'{"type":"open"}')
        served.show.stage.gate.set()
        types = [json.loads(await raw.text())["type"] for _ in range(3)]
        assert types == ["welcome", "asked", "open"]


async def test_too_many_held_cues_become_one_fresh_state(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        served.show.stage.gate.clear()
        raw.send(hello())
        await admitted(served)
        for _ in range(33):
            await tell(served, b'{"type":"step"}')
        served.show.stage.gate.set()
        types = [json.loads(await raw.text())["type"] for _ in range(2)]
        assert types == ["welcome", "state"]


async def test_phone_that_left_while_waiting_gets_nothing(clock: ManualClock) -> None:
    async with serving(clock) as served:
        served.show.stage.gate.clear()
        async with connect(served.port) as raw:
            raw.send(hello() + frame(CLOSE))
            assert await raw.close_code() == 1005
        served.show.stage.gate.set()
        async with connect(served.port) as raw:
            await join(raw)
        assert served.gateway.tally.closes == {1005: 1}


async def test_shutdown_sends_every_phone_1012(clock: ManualClock) -> None:
    async with (
        serving(clock) as served,
        connect(served.port) as one,
        connect(served.port) as unknown,
    ):
        await join(one)
        for connection in list(served.server.server_state.connections):
            connection.shutdown()
        assert await one.close_code() == 1012
        assert await unknown.close_code() == 1012
        assert await one.gone()


async def test_personal_frame_reaches_only_its_phone(clock: ManualClock) -> None:
    async with (
        serving(clock) as served,
        connect(served.port) as one,
        connect(served.port) as other,
    ):
        await join(one, "p1")
        await join(other, "p2")
        phones = served.audiences.phones
        phones.tell_one(CODE, ParticipantId("p2"), text_frame(b'{"type":"you"}'))
        phones.tell_one(CODE, ParticipantId("nobody"), text_frame(b"{}"))
        await tell(served, b'{"type":"step"}')
        assert await other.text() == '{"type":"you"}'
        assert await one.text() == '{"type":"step"}'


async def test_each_phone_gets_its_own_frame_and_stamp(clock: ManualClock) -> None:
    async with (
        serving(clock) as served,
        connect(served.port) as one,
        connect(served.port) as other,
        connect(served.port) as third,
    ):
        for raw, name in ((one, "p1"), (other, "p2"), (third, "p3")):
            await join(raw, name)
        stamps: list[tuple[str, int]] = []

        def frame_for(participant: ParticipantId) -> bytes | None:
            clock.now_ns += 1_000
            return None if participant == "p2" else text_frame(participant.encode())

        await served.audiences.phones.tell_timed(
            CODE, frame_for, b"seed", lambda who, ns: stamps.append((who, ns))
        )
        assert (await one.text(), await third.text()) == ("p1", "p3")
        # All three are of one network, so in order of joining.
        assert stamps == [("p1", START_NS + 1_000), ("p3", START_NS + 3_000)]


async def test_ping_is_not_a_message(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        clock.advance(10)
        assert (await raw.read())[0] == PING


async def test_answer_into_a_show_that_was_reset_is_closed_with_4401(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        fresh = served.replace_show()
        raw.send(answer())
        assert await raw.close_code() == 4401
        assert not fresh.intake.taken


async def test_phones_of_a_show_can_be_dismissed(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port) as raw:
        await join(raw)
        served.audiences.phones.dismiss(CODE, 4401)
        assert await raw.close_code() == 4401
        assert served.audiences.phones.online_everywhere() == 0
