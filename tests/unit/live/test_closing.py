"""When a question's time is over, and what the seal of several processes may miss.

Two processes, each with its own ledger on one PostgreSQL. It misses nothing: an answer
that a slow process got in time is in the ranking. And nobody is told otherwise: one
that froze too long gives no receipt after the seal.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from quizserver.bus.memory import MemoryBus
from quizserver.domain import commands as c
from quizserver.domain.ids import QuestionId
from quizserver.domain.show import Show
from quizserver.live.closing import after_ns, lost_ms
from quizserver.store import shared_ledger
from quizserver.store.sql_ledger import SqlLedger
from tests.manual_clock import ManualClock
from tests.shows import Q1, at, carried, new_show, opening
from tests.unit.live.house import CODE, Gate, House, StageClock, open_house
from tests.unit.live.test_sharing import Pair

Open = Callable[[], SqlLedger]


BEFORE = carried(new_show(), c.OpenLobby())
OPEN = carried(BEFORE, *opening(Q1, 10_000))


@pytest.mark.parametrize(
    ("show", "away_ms", "now_ms", "lost"),
    [
        (OPEN, 14_000, 17_000, 3_000),  # in the middle
        (OPEN, 0, 17_000, 7_000),  # the last sign is older than the question
        (OPEN, 24_000, 60_000, 1_000),  # the deadline passed meanwhile
        (BEFORE, 14_000, 17_000, 0),  # nothing was open
    ],
)
def test_what_a_question_lost_is_of_its_own_time(
    show: Show, away_ms: int, now_ms: int, lost: int
) -> None:
    """R1.6."""
    clock = ManualClock(mono_ns=at(now_ms).mono_ns, boot=at(0).boot)
    assert lost_ms(clock, show, at(away_ms)) == lost


def test_a_span_ends_on_the_clock_of_this_process() -> None:
    clock = ManualClock(boot=at(0).boot)
    ends_ns = after_ns(clock, OPEN, lambda rule, duration_ms: duration_ms + 100)
    assert ends_ns == at(10_000 + 15_000 + 100).mono_ns


@pytest.fixture(autouse=True)
def long_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody pass for dead because this machine is busy."""
    monkeypatch.setattr(shared_ledger, "LIVES_MS", 3_600_000)


@asynccontextmanager
async def asked(open_shared: Open) -> AsyncIterator[Pair]:
    """Two processes, each with a participant; the question is open."""
    clock, bus = StageClock(), MemoryBus()
    left, right = open_shared(), open_shared()
    async with open_house(left, clock, bus=bus) as one:
        await one.create()
        await one.do("open_lobby")
        async with open_house(right, clock, bus=bus) as two:
            for house in (one, two):
                await house.ledger.beat("")
            pair = Pair(one, two, clock, left)
            step = (await one.ask("ask")).step
            await one.ask("open")
            for house in (one, two):
                await house.hosts.reached(step + 1)
            clock.forward(one.show.rules.roll_ms)
            for house in (one, two):
                await house.hosts.reached(step + 2)
                # Its conductor too: it wanted to open the question itself.
                while house.show.step < step + 2:
                    await house.ledger.flush()
            yield pair


async def sealed(pair: Pair, house: House) -> None:
    """Let time pass, in small steps, until a process knows of the seal."""
    for _ in range(1_000):
        if "QuestionSealed" in [row.name for row in await pair.ledger.events(CODE)]:
            await house.hosts.reached((await pair.ledger.events(CODE))[-1].step)
            return
        pair.clock.forward(20)
        await asyncio.gather(*(house.ledger.shows() for _ in range(4)))
    raise AssertionError("nobody seals")


async def test_both_close_and_one_seals_at_once(open_shared: Open) -> None:
    async with asked(open_shared) as pair:
        an = (await pair.one.join("An")).participant
        binh = (await pair.two.join("Bình")).participant
        assert (await pair.one.tap(an, "B", 2_000))["status"] == "accepted"
        assert (await pair.two.tap(binh, "B", 1_000))["status"] == "accepted"
        pair.clock.forward(15_000)
        await sealed(pair, pair.one)
        await sealed(pair, pair.two)
        reply = await pair.ask(pair.two, "reveal")
        assert reply.error is None, reply
        await pair.one.hosts.reached(reply.step)
        board = pair.one.show.play.board
        assert board is not None
        assert [one.participant for one in board.fastest] == [binh, an]


async def test_an_answer_that_a_slow_process_got_in_time_is_ranked(
    open_shared: Open,
) -> None:
    """R3.4, R4.7: its disk was slow, not the participant."""
    async with asked(open_shared) as pair:
        binh = (await pair.two.join("Bình")).participant
        gate = Gate(pair.two.ledger)
        told = pair.two.send(binh, "B", 14_000)
        pair.clock.forward(15_000)
        while pair.one.show.phase != "locked":
            await pair.ledger.flush()
        for _ in range(20):
            pair.clock.forward(20)
            await pair.ledger.shows()
        names = [row.name for row in await pair.ledger.events(CODE)]
        was_told = told.done()
        await gate.open()
        assert (names[-1], was_told) == ("QuestionLocked", False)
        assert (await told)["status"] == "accepted"
        await sealed(pair, pair.one)
        reply = await pair.ask(pair.one, "reveal")
        assert reply.error is None, reply
        board = pair.one.show.play.board
        assert board is not None
        assert [one.participant for one in board.fastest] == [binh]


async def test_a_process_that_froze_too_long_gives_no_false_receipt(
    open_shared: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R6.1: who knows the seal knows that no answer was added after it."""
    async with asked(open_shared) as pair:
        an = (await pair.one.join("An")).participant
        binh = (await pair.two.join("Bình")).participant
        assert (await pair.one.tap(an, "B", 2_000))["status"] == "accepted"
        gate = Gate(pair.two.ledger)
        told = pair.two.send(binh, "B", 1_000)
        # No heart beats while the gate is shut: it is as if two seconds had passed.
        monkeypatch.setattr(shared_ledger, "LIVES_MS", 0)
        pair.clock.forward(15_000)
        await sealed(pair, pair.one)
        reply = await pair.ask(pair.one, "reveal")
        assert reply.error is None, reply
        await gate.open()
        await pair.two.ledger.flush()
        await pair.two.hosts.reached(reply.step)
        assert not told.done()
        # The phone sends again, and hears what is true.
        again = await pair.two.tap(binh, "B", 17_000)
        assert again["status"] == "late"
        board = pair.two.live.stage.show.play.board
        assert board is not None
        assert [one.participant for one in board.fastest] == [an]
        rows = await pair.ledger.answers_to(CODE, pair.one.show.epoch, QuestionId("q1"))
        assert {row.participant: row.status for row in rows} == {
            an: "accepted",
            binh: "late",
        }


async def test_nobody_waits_for_ever_for_a_process_that_does_not_close(
    open_shared: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with asked(open_shared) as pair:
        third = open_shared()
        await third.beat("")
        pair.clock.forward(15_000)
        await sealed(pair, pair.one)
        assert "without waiting any longer" in caplog.text
