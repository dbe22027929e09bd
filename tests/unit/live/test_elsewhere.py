"""What came in at another process is known here when it is needed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from quizserver.bus.memory import MemoryBus
from quizserver.domain.ids import ParticipantId, QuestionId
from quizserver.live.elsewhere import Elsewhere
from quizserver.live.ports import LedgerDown
from quizserver.live.rows import EventRow, RosterRow
from quizserver.live.shows import BEAT_NS, LOOK_NS, PULSE_NS
from quizserver.store import shared_ledger
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.sqlite import SqliteLedger
from quizserver.wire.parts import OutputPart
from tests.unit.live.house import (
    CODE,
    House,
    Message,
    StageClock,
    on_air,
    open_house,
    said,
    unreadable,
)
from tests.unit.live.test_sharing import Pair

Open = Callable[[], SqlLedger]


@pytest.fixture(autouse=True)
def long_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody pass for dead on a busy machine: hearts beat by the tests' clock."""
    monkeypatch.setattr(shared_ledger, "LIVES_MS", 3_600_000)


@asynccontextmanager
async def two_houses(open_shared: Open) -> AsyncIterator[Pair]:
    """Two processes on one bus and one PostgreSQL; the show is in its lobby."""
    clock, bus, ledger = StageClock(), MemoryBus(), open_shared()
    async with open_house(ledger, clock, bus=bus) as one:
        await one.create()
        async with open_house(open_shared(), clock, bus=bus) as two:
            reply = await one.ask("open_lobby")
            pair = Pair(one, two, clock, ledger)
            await reached(pair, reply.step)
            yield pair


async def reached(pair: Pair, step: int, *, takes_ms: int = 0) -> None:
    """Wait until both, and their screens, are there; meanwhile time may pass."""
    for house in (pair.one, pair.two):
        while step not in [one["step"] for one in house.hosts.heard("state")]:
            pair.clock.forward(takes_ms)
            await house.ledger.shows()
        while house.show.step < step:
            await house.ledger.shows()


async def opened(pair: Pair) -> None:
    """Ask the next question and open it on both."""
    await reached(pair, (await pair.one.ask("ask", step=None)).step)
    step = (await pair.one.ask("open", step=None)).step
    await reached(pair, step)
    pair.clock.forward(pair.one.show.rules.roll_ms)
    await reached(pair, step + 1)


async def done(pair: Pair, house: House, *commands: str) -> None:
    """Carry commands out at one process; both tell of them."""
    for command in commands:
        reply = await pair.ask(house, command)
        assert reply.error is None, reply
        await reached(pair, reply.step, takes_ms=20)


async def heard(pair: Pair, house: House, *, rejected: int) -> None:
    """Wait until the other process has told this one of itself."""
    while house.around.neighbours.said(CODE).rejected != rejected:
        pair.clock.forward(BEAT_NS // 10**6)
        for each in (pair.one, pair.two):
            await each.ledger.flush()
            await each.ledger.shows()


async def live_numbers(pair: Pair, house: House) -> Message:
    """Return the numbers of a pulse that begins now.

    Those of the next one to be heard may be older: it was counting already.
    """
    for _ in range(2):
        told = len(house.hosts.heard("live"))
        pair.clock.forward(PULSE_NS // 10**6)
        while len(house.hosts.heard("live")) == told:
            await asyncio.gather(*(house.ledger.shows() for _ in range(4)))
    numbers: Message = house.hosts.heard("live")[-1]["live"]
    return numbers


async def test_names_on_boards_are_those_of_whichever_process(
    open_shared: Open,
) -> None:
    """R5.1, R5.2: who registered and answered at one stands on the other's screens."""
    async with two_houses(open_shared) as pair:
        an = (await pair.one.join("Nguyễn Văn An")).participant
        binh = (await pair.two.join("Trần Thị Bình", show_name=False)).participant
        await opened(pair)
        await pair.one.tap(an, "B", 1_000)
        await pair.two.tap(binh, "B", 2_000)
        await done(pair, pair.one, "lock", "reveal", "standings")
        for house in (pair.one, pair.two):
            (cue,) = house.overlays.heard("revealed")
            names = [one["name"] for one in cue["fastest"]]
            assert names == ["Nguyễn Văn An", "T. T. B."]
            (board,) = house.overlays.heard("standings")
            assert [one["name"] for one in board["top"]] == names
            assert house.hosts.heard("state")[-1]["standings"][0]["name"] == names[0]


async def test_the_provisional_order_has_names(open_shared: Open) -> None:
    async with two_houses(open_shared) as pair:
        binh = (await pair.two.join("Trần Thị Bình")).participant
        await opened(pair)
        await pair.two.tap(binh, "B", 2_000)
        state = said(await pair.one.live.stage.host_state())
        (row,) = state["live"]["fastest"]
        assert row["name"] == "Trần Thị Bình"


async def test_a_phone_that_moves_sees_its_answer(open_shared: Open) -> None:
    """R2.2, R3.1: the snapshot of another process is the same."""
    async with two_houses(open_shared) as pair:
        an = (await pair.one.join("An")).participant
        await opened(pair)
        receipt = await pair.one.tap(an, "B", 1_000)
        for _ in range(2):
            seen = await pair.two.seen(an)
            assert seen["your_answer"]["receipt"] == receipt["receipt"]
        again = await pair.two.tap(an, "C", 3_000)
        assert (again["receipt"], again["duplicate"]) == (receipt["receipt"], True)
        with pytest.raises(LookupError):
            await pair.two.live.stage.snapshot(ParticipantId("nobody"))


async def test_numbers_are_those_of_all_processes(open_shared: Open) -> None:
    async with two_houses(open_shared) as pair:
        an = (await pair.one.join("An", via="ktv")).participant
        binh = (await pair.two.join("Bình")).participant
        await opened(pair)
        await pair.one.tap(an, "B", 1_000)
        await pair.two.tap(binh, "C", 2_000)
        await pair.two.tap(binh, "B", 16_000, nonce="x")
        pair.two.live.intake.tally.rejected = 1
        part = OutputPart(id="o1", view="stage", layout="16x9")
        pair.two.live.outputs.report(part, lambda _: None)
        pair.one.live.intake.tally.rejected = 2
        await heard(pair, pair.one, rejected=1)
        await heard(pair, pair.two, rejected=2)
        for house in (pair.one, pair.two):
            live = await live_numbers(pair, house)
            assert (live["online"], live["joined"]) == (2, 2)
            assert live["via"] == {"ktv": 1, "": 1}
            assert (live["answered"], live["rejected"]) == (2, 3)
            assert live["counts"] == {"A": 0, "B": 1, "C": 1, "D": 0}
            assert [one["id"] for one in live["outputs"]] == ["o1"]
            presence = house.overlays.heard("presence")[-1]
            assert (presence["online"], presence["answered"]) == (2, 2)
            shown = said(await house.live.stage.overlay_state())
            assert (shown["online"], shown["answered"]) == (2, 2)


async def test_numbers_stand_while_the_ledger_is_away(open_shared: Open) -> None:
    async with two_houses(open_shared) as pair:
        await pair.two.join("Bình")
        assert (await live_numbers(pair, pair.one))["joined"] == 1
        await pair.two.join("Chi")
        with unreadable(pair.ledger):
            told = len(pair.one.hosts.heard("live"))
            await pair.one.live.intake.recount()  # no question, nothing to count
            pair.clock.forward(PULSE_NS // 10**6)
            while len(pair.one.hosts.heard("live")) == told:
                await pair.one.ledger.flush()
        assert pair.one.hosts.heard("live")[-1]["live"]["joined"] == 1


async def test_a_count_that_comes_too_late_is_not_taken(open_shared: Open) -> None:
    async with two_houses(open_shared) as pair:
        binh = (await pair.two.join("Bình")).participant
        await opened(pair)
        await pair.two.tap(binh, "B", 2_000)
        intake, show = pair.one.live.intake, pair.one.live.stage.show
        counting = asyncio.gather(intake.recount())
        await asyncio.sleep(0)  # noqa: TID251 - one turn: the ledger is asked
        intake.follow(replace(show, current=None))
        await counting
        assert intake.tally.accepted == 0


async def test_nothing_is_counted_for_panels_that_nobody_watches(
    open_shared: Open,
) -> None:
    async with two_houses(open_shared) as pair:
        pair.one.hosts.is_there = False
        await pair.two.join("Bình")
        told = len(pair.two.hosts.heard("live"))
        pair.clock.forward(PULSE_NS // 10**6)
        while len(pair.two.hosts.heard("live")) == told:
            await pair.two.ledger.shows()
        await pair.one.ledger.shows()
        assert len(pair.one.live.roster) == 0


async def test_a_board_waits_for_the_names_on_it(
    open_shared: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that cannot be read now is not called hidden: the cue comes later."""
    async with two_houses(open_shared) as pair:
        binh = (await pair.two.join("Trần Thị Bình")).participant
        await opened(pair)
        await pair.two.tap(binh, "B", 2_000)
        real, phases = pair.ledger.roster, list[str]()

        async def away(*asked: object) -> list[RosterRow]:
            """Fail until the board is to be told, and once then."""
            phases.append(pair.one.live.stage.show.phase)
            if phases.count("revealed") < 2:
                raise LedgerDown("read_failed")
            return await real(*asked)  # type: ignore[arg-type]

        monkeypatch.setattr(pair.ledger, "roster", away)
        await done(pair, pair.two, "lock", "reveal")
        (cue,) = pair.one.overlays.heard("revealed")
        assert [one["name"] for one in cue["fastest"]] == ["Trần Thị Bình"]
        assert phases.count("revealed") >= 2, "it was asked for again"


async def test_who_may_have_answered_at_another_process_is_not_known(
    open_shared: Open,
) -> None:
    """A greeting without their own answer would have them answer again."""
    async with two_houses(open_shared) as pair:
        binh = ParticipantId((await pair.two.join("Bình")).participant)
        elsewhere = Elsewhere(
            pair.two.around, intake=pair.two.live.intake, roster=pair.two.live.roster
        )
        await opened(pair)
        assert not elsewhere.knows(binh)
        await pair.two.tap(binh, "B", 1_000)
        assert elsewhere.knows(binh)
        assert not elsewhere.knows(ParticipantId("nobody"))


async def test_what_screens_need_is_asked_for_until_it_comes(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        live, tries = house.live, list[int]()

        async def load() -> None:
            tries.append(house.clock.mono_ns)
            if len(tries) == 1:
                raise LedgerDown("read_failed")

        elsewhere = Elsewhere(house.around, intake=live.intake, roster=live.roster)
        loading = asyncio.gather(elsewhere.insist(load))
        again_ns = house.clock.mono_ns + 250_000_000
        await house.clock.sleeper(again_ns)
        house.clock.forward(250)
        await loading
        assert tries == [again_ns - 250_000_000, again_ns]


async def test_an_answer_is_judged_by_a_lock_that_was_not_heard_of(
    open_shared: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R4.7: what came after the host's lock counts at no process."""
    async with two_houses(open_shared) as pair:
        one, two = pair.one, pair.two
        binh, chi = [(await two.join(name)).participant for name in ("Bình", "Chi")]
        await opened(pair)
        pair.clock.forward(3_000)
        # Both look into the ledger, find nothing, and go to sleep again.
        await pair.clock.sleeper(pair.clock.mono_ns + LOOK_NS, many=2)
        with monkeypatch.context() as patch:
            patch.setattr(one.bus, "publish", lost)
            asking = asyncio.gather(one.ask("lock", step=None))
            while one.show.phase != "locked":
                await one.ledger.flush()
        # The second process still takes it for open, and takes both for in time.
        assert two.show.phase == "open"
        early, late = await asyncio.gather(
            two.tap(binh, "B", 2_900), two.tap(chi, "B", 3_200)
        )
        assert two.show.phase == "open"
        assert (early["status"], late["status"]) == ("accepted", "late")
        rows = await one.ledger.answers_to(CODE, one.show.epoch, QuestionId("q1"))
        stored = {row.participant: row for row in rows}
        assert '"duration_ms":3150' in stored[ParticipantId(chi)].evidence
        while not asking.done():
            pair.clock.forward(20)
            await one.ledger.shows()


async def lost(_: EventRow) -> None:
    """Carry nothing."""
