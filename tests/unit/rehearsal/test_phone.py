"""One simulated phone against a scripted server that speaks the wire."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection, serve

from quizserver.rehearsal.people import Person
from quizserver.rehearsal.phone import Hints, SimulatedPhone
from quizserver.wire import phone as m
from quizserver.wire.common import Close, Message, encode
from quizserver.wire.parts import (
    OptionPart,
    OwnAnswerPart,
    OwnStandingPart,
    QuestionPart,
    ShowPart,
)

AN = Person("Nguyễn Văn An", "Xã A", "ktv", knows=1.0, pace=1.0)
QUESTION = QuestionPart(
    id="q1",
    number=1,
    total=1,
    options=tuple(OptionPart(id=letter, text=letter) for letter in "ABCD"),
    nonce="n-1",
)
MARKS: dict[str, Any] = {"epoch": "e1", "step": 4}
PLACE = OwnStandingPart(right=1, total_ms=900, rank=1)
OPEN = m.Open(**MARKS, question=QUESTION, duration_ms=15_000)
ENDED = m.Ended(**MARKS, winner=())

Act = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def phone_of(*acts: Act, speed: float = 1_000.0) -> AsyncIterator[SimulatedPhone]:
    """Give a phone whose connections meet these acts, one after the other."""
    left = list(acts)

    async def play(socket: ServerConnection) -> None:
        hello = msgspec.json.decode(await socket.recv(), type=m.Hello)
        assert (hello.show, hello.token) == ("CCHC1", "t-1")
        await left.pop(0)(socket)

    async with serve(play, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        hints = Hints(keys={"q1": "B"}, speed=speed)
        phone = SimulatedPhone(f"http://127.0.0.1:{port}", "CCHC1", AN, hints, seed=1)
        phone.joined = m.Joined(
            participant="an", name="An", token="t-1", recovery_code="ABCD-2345"
        )
        yield phone


async def say(socket: ServerConnection, *messages: Message) -> None:
    """Send messages."""
    for message in messages:
        await socket.send(encode(message).decode())


async def tap(socket: ServerConnection) -> m.Answer:
    """Return the next answer."""
    return msgspec.json.decode(await socket.recv(), type=m.Answer)


def welcome(**state: Any) -> m.Welcome:
    """Return a welcome into this state."""
    return m.Welcome(
        v=1,
        epoch="e1",
        step=4,
        you=m.YouPart(id="an", name="An"),
        show=ShowPart(code="CCHC1", title="Số 1", questions=1, lang="vi"),
        state=m.State(**MARKS, **state),
    )


async def test_a_phone_plays_a_question_and_remembers_what_it_was_told() -> None:
    """R4.10: the tap goes out twice; the first receipt counts."""
    taps: list[m.Answer] = []
    receipt = m.Receipt(question="q1", option="B", status="accepted", receipt="R1")

    async def act(socket: ServerConnection) -> None:
        await say(socket, welcome(phase="asked"), OPEN)
        taps.extend([await tap(socket), await tap(socket)])
        await say(
            socket,
            receipt,
            msgspec.structs.replace(receipt, duplicate=True),
            m.Receipt(question="q9", option="A", status="not_open"),
            m.Revealed(**MARKS, question="q1", correct="B", counts={}, fastest=()),
            m.You(question="q1", right=True, show=PLACE),
            m.Presence(online=1),
            ENDED,
        )
        await socket.wait_closed()

    async with phone_of(act) as phone:
        await phone.run()
    assert [(one.option, one.nonce, one.copy) for one in taps] == [
        ("B", "n-1", 0),
        ("B", "n-1", 1),
    ]
    log = phone.log
    assert log.taps["q1"].receipt == receipt
    assert log.taps["q1"].receipt_ns > log.taps["q1"].sent_ns
    assert log.results["q1"].show == PLACE
    assert log.reveals["q1"].correct == "B"
    assert log.ended == ENDED
    assert len(log.connect_ns) == 1


async def test_a_tap_without_a_receipt_is_sent_again_after_a_restart() -> None:
    """R3.4: no receipt, no answer; the phone asks again by itself."""
    first, again = list[m.Answer](), list[m.Answer]()

    async def dies(socket: ServerConnection) -> None:
        await say(socket, welcome(phase="open", question=QUESTION, closes_in_ms=9_000))
        first.extend([await tap(socket), await tap(socket)])
        await socket.close(Close.RESTART)

    async def lives(socket: ServerConnection) -> None:
        await say(socket, welcome(phase="open", question=QUESTION, closes_in_ms=7_000))
        again.append(await tap(socket))
        await say(socket, ENDED)
        await socket.wait_closed()

    async with phone_of(dies, lives) as phone:
        await phone.run()
    assert again[0] == first[0]
    assert phone.log.closes == [Close.RESTART]


async def test_a_question_that_was_answered_is_not_answered_twice() -> None:
    async def act(socket: ServerConnection) -> None:
        given = OwnAnswerPart(
            question="q1", option="A", status="accepted", receipt="R1"
        )
        state = {"phase": "open", "question": QUESTION, "your_answer": given}
        await say(socket, welcome(**state), ENDED)
        await socket.wait_closed()

    async with phone_of(act) as phone:
        await phone.run()
    assert phone.log.taps == {}


@pytest.mark.parametrize("phase", ["ended", "confirmed", "published"])
async def test_a_phone_that_comes_back_after_the_end_leaves(phase: str) -> None:
    async def act(socket: ServerConnection) -> None:
        await say(socket, m.State(**MARKS, phase=phase))
        await socket.wait_closed()

    async with phone_of(act) as phone:
        async with asyncio.timeout(5):
            await phone.run()
    assert phone.log.ended is not None


@pytest.mark.parametrize("code", [Close.TOKEN, Close.REPLACED, Close.NO_SHOW])
async def test_a_close_that_is_final_is_not_answered_with_a_new_connection(
    code: Close,
) -> None:
    async def act(socket: ServerConnection) -> None:
        await socket.close(code)

    async with phone_of(act) as phone:
        await phone.run()
    assert phone.log.closes == [code]


async def test_who_thinks_too_long_does_not_answer() -> None:
    async def act(socket: ServerConnection) -> None:
        late = msgspec.structs.replace(OPEN, duration_ms=200)
        await say(socket, late, ENDED)
        await socket.wait_closed()

    async with phone_of(act) as phone:
        await phone.run()
    assert phone.log.taps == {}
    assert list(phone.log.opens) == ["q1"]
