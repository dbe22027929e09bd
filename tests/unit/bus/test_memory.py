"""The in-process bus: everybody hears everything, in order, a turn later."""

import asyncio

from quizserver.bus.memory import MemoryBus
from quizserver.domain.ids import ShowCode
from quizserver.live.ports import Note
from quizserver.live.rows import EventRow


def event(step: int) -> EventRow:
    return EventRow(
        show=ShowCode("CCHC1"),
        epoch="e1",
        step=step,
        at_ms=0,
        name="LobbyOpened",
        actor="Hoa",
        ref="",
        data="{}",
    )


async def turn() -> None:
    """Let the loop take one turn."""
    loop = asyncio.get_running_loop()
    turned: asyncio.Future[None] = loop.create_future()
    loop.call_soon(turned.set_result, None)
    await turned


async def test_every_receiver_gets_events_in_order() -> None:
    bus = MemoryBus()
    one: list[EventRow] = []
    two: list[EventRow] = []
    bus.subscribe(one.append)
    bus.subscribe(two.append)
    for step in range(5):
        await bus.publish(event(step))
    await turn()
    assert one == two == [event(step) for step in range(5)]


async def test_publishing_runs_no_receiver_before_it_returns() -> None:
    bus = MemoryBus()
    received: list[EventRow] = []
    bus.subscribe(received.append)
    await bus.publish(event(1))
    assert received == []


async def test_failing_receiver_keeps_nothing_from_the_others() -> None:
    bus = MemoryBus()
    received: list[EventRow] = []
    bugs: list[object] = []

    def fail(_event: EventRow) -> None:
        raise ZeroDivisionError

    asyncio.get_running_loop().set_exception_handler(lambda _, bug: bugs.append(bug))
    bus.subscribe(fail)
    bus.subscribe(received.append)
    await bus.publish(event(1))
    await turn()
    assert (len(received), len(bugs)) == (1, 1)


async def test_alone_there_is_nobody_to_whisper_to() -> None:
    bus = MemoryBus()
    heard: list[tuple[Note, bool]] = []
    bus.overhear(lambda note, is_own: heard.append((note, is_own)))
    bus.whisper(Note(kind="order", show=ShowCode("CCHC1"), texts=("reload",)))
    await turn()
    assert heard == []
