"""Several processes with one ledger: one truth, whatever the bus brings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from quizserver.bus.memory import MemoryBus
from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.domain.timing import SPLIT_MS
from quizserver.live.ports import Note
from quizserver.live.rows import EventRow
from quizserver.live.shows import LOOK_NS, ShowExists
from quizserver.live.tasks import Tasks
from quizserver.store.sql_ledger import SqlLedger
from quizserver.wire.common import Close
from quizserver.wire.host import Reply
from quizserver.wire.parts import OutputPart
from tests.shows import pack
from tests.unit.live.house import (
    CODE,
    HOA,
    House,
    Sign,
    StageClock,
    open_house,
    unreadable,
)

OTHER = ShowCode("CCHC2")
LOOK_MS = LOOK_NS // 1_000_000


@dataclass
class Pair:
    """Two processes on one machine: one clock, one ledger."""

    one: House
    two: House
    clock: StageClock
    ledger: SqlLedger

    async def looked(self, looks: int = 1) -> None:
        """Let both look into the ledger, and tell what they found."""
        for _ in range(looks):
            self.clock.forward(LOOK_MS)
            await self.quiet()

    async def quiet(self) -> None:
        """Wait until all that was queued, read or written before is done."""
        for _ in range(5):
            await self.ledger.flush()
            await self.ledger.shows()
            await asyncio.gather(*(self.ledger.shows() for _ in range(4)))

    async def ask(self, house: House, command: str) -> Reply:
        """Send a command; time passes meanwhile, for what may have to end before."""
        asking = asyncio.gather(house.ask(command, step=None))
        while not asking.done():
            self.clock.forward(20)
            await self.ledger.shows()
        (reply,) = await asking
        return reply

    async def agree(self) -> None:
        """Assert that both, and their screens, are where the ledger is."""
        steps = [row.step for row in await self.ledger.events(CODE)]
        assert steps == list(range(1, len(steps) + 1))
        for house in (self.one, self.two):
            await house.hosts.reached(steps[-1])
            assert house.show.step == house.live.stage.show.step == steps[-1]
            assert house.hosts.heard("state")[-1]["step"] == steps[-1]
        assert self.one.show == self.two.show
        assert self.one.live.stage.show == self.two.live.stage.show


@asynccontextmanager
async def both(
    ledger: SqlLedger, *buses: MemoryBus, rules: Rules | None = None
) -> AsyncIterator[Pair]:
    """Start two processes, each on its bus; the show is in its lobby."""
    clock, (left, right) = StageClock(), buses
    async with open_house(ledger, clock, bus=left) as one:
        await one.create(rules)
        await one.do("open_lobby")
        async with open_house(ledger, clock, bus=right) as two:
            yield Pair(one, two, clock, ledger)


@asynccontextmanager
async def joined(ledger: SqlLedger) -> AsyncIterator[Pair]:
    """Two processes on one bus."""
    bus = MemoryBus()
    async with both(ledger, bus, bus) as pair:
        yield pair


@asynccontextmanager
async def apart(ledger: SqlLedger) -> AsyncIterator[Pair]:
    """Two processes whose bus carries nothing between them."""
    async with both(ledger, MemoryBus(), MemoryBus()) as pair:
        yield pair


async def of_tomorrow(ledger: SqlLedger) -> EventRow:
    """Write an event that no process of today can follow."""
    last = (await ledger.events(CODE))[-1]
    row = replace(last, step=last.step + 1, name="of_tomorrow", ref="")
    await ledger.append(row, head=None)
    return row


# --- one writer per step (R1.4) ----------------------------------------------------


async def test_of_clicks_on_two_processes_with_one_step_one_moves_the_show(
    ledger: SqlLedger,
) -> None:
    async with apart(ledger) as pair:
        step = pair.one.show.step
        clicks = [
            house.ask("advance", step=step)
            for _ in range(25)
            for house in (pair.one, pair.two)
        ]
        replies = await asyncio.gather(*clicks)
        assert [r.step for r in replies if r.error is None] == [step + 1]
        assert [r.error for r in replies if r.error] == ["stale_step"] * 49
        await pair.looked()
        await pair.agree()


async def test_conflicting_commands_without_a_step_are_decided_one_after_the_other(
    ledger: SqlLedger,
) -> None:
    """Each that is said to be done is a step; who came second is judged anew."""
    async with apart(ledger) as pair:
        before = pair.one.show.step
        commands = [
            house.ask(command, step=None, text="Xin chờ", reason="Mất tín hiệu")
            for _ in range(10)
            for house, command in ((pair.one, "pause"), (pair.two, "resume"))
        ]
        replies = await asyncio.gather(*commands)
        done = sorted(reply.step for reply in replies if reply.error is None)
        assert done == list(range(before + 1, before + 1 + len(done)))
        assert {r.error for r in replies if r.error} <= {"not_now"}
        names = [row.name for row in await ledger.events(CODE, after=before)]
        assert names == ["ShowPaused", "ShowResumed"] * (len(done) // 2) + [
            "ShowPaused"
        ] * (len(done) % 2)
        await pair.looked()
        await pair.agree()


async def test_a_ref_is_answered_by_any_process(ledger: SqlLedger) -> None:
    """R1.4: the reply was lost with the first process; the click was not."""
    async with apart(ledger) as pair:
        first = await pair.one.ask("ask", ref="bấm-1")
        assert await pair.two.ask("ask", ref="bấm-1", step=None) == first
        assert await pair.two.ask("ask", ref="bấm-1") == first
        await pair.looked()
        await pair.agree()


async def test_a_ref_that_two_processes_get_at_once_is_carried_out_once(
    ledger: SqlLedger,
) -> None:
    async with apart(ledger) as pair:
        said = await asyncio.gather(
            *(house.ask("ask", ref="bấm-1") for house in (pair.one, pair.two))
        )
        assert said[0] == said[1]
        assert said[0].error is None
        assert len(await ledger.events(CODE)) == 3


# --- what is carried, and what is not ------------------------------------------------


async def test_what_the_bus_brings_is_told_at_once(ledger: SqlLedger) -> None:
    async with joined(ledger) as pair:
        reply = await pair.one.ask("ask")
        await pair.two.hosts.reached(reply.step)
        await pair.agree()


async def test_what_the_bus_loses_is_read_from_the_ledger(ledger: SqlLedger) -> None:
    async with apart(ledger) as pair:
        reply = await pair.one.ask("ask")
        await pair.quiet()
        assert pair.two.show.step == reply.step - 1
        await pair.looked()
        await pair.agree()


async def test_a_gap_on_the_bus_is_filled_from_the_ledger(ledger: SqlLedger) -> None:
    async with apart(ledger) as pair:
        await pair.one.do("notice", text="một")
        await pair.one.do("notice", text="hai")
        newest = (await ledger.events(CODE))[-1]
        await pair.two.bus.publish(newest)
        await pair.agree()
        # Every step was told once.
        steps = [one["step"] for one in pair.two.hosts.heard("state")]
        assert steps == [newest.step - 1, newest.step]


async def test_a_show_that_cannot_be_followed_hides_no_other(
    ledger: SqlLedger, caplog: pytest.LogCaptureFixture
) -> None:
    """As when a newer version of the server writes what an older one cannot read."""
    async with apart(ledger) as pair:
        await pair.one.shows.create(
            OTHER, pack(), title="Số 2", lang="vi", rules=Rules(), actor="Hoa"
        )
        other = pair.one.shows.get(OTHER)
        assert other is not None
        await other.conductor.command(HOA, pair.one.message("open_lobby", step=None))
        await pair.looked(4)
        await of_tomorrow(ledger)
        await other.conductor.command(HOA, pair.one.message("ask", step=None))
        await pair.looked()
        followed = pair.two.shows.get(OTHER)
        assert followed is not None
        assert followed.conductor.show.step == other.conductor.show.step
    assert "cannot be followed" in caplog.text


async def test_a_show_is_restored_once_whatever_is_heard_meanwhile(
    ledger: SqlLedger,
) -> None:
    """Else it would have two timers here, and two who tell its screens."""
    clock, bus = StageClock(), MemoryBus()
    async with open_house(ledger, clock, bus=bus) as one:
        await one.create()
        (row,) = await ledger.events(CODE)
        async with asyncio.TaskGroup() as group:
            tasks = Tasks(group)
            two = House(ledger, clock, tasks, Sign(), bus)
            starting = group.create_task(two.shows.start())
            await asyncio.sleep(0)  # noqa: TID251 - one turn: it listens
            await bus.publish(row)
            await starting
            await Pair(one, two, clock, ledger).quiet()
            running = [str(task.get_coro()) for task in asyncio.all_tasks()]
            tasks.cancel()
    assert len([name for name in running if "Stage.run" in name]) == 2


async def test_an_event_after_one_that_cannot_be_followed_ends_no_process(
    ledger: SqlLedger, caplog: pytest.LogCaptureFixture
) -> None:
    """What is missing between the two is looked for, and cannot be read."""
    async with apart(ledger) as pair:
        unknown = await of_tomorrow(ledger)
        pair.two.live.conductor.follow(replace(unknown, step=unknown.step + 1))
        await pair.quiet()
        assert pair.two.show.step == unknown.step - 1
    assert "cannot be followed" in caplog.text


async def test_an_event_that_comes_while_a_command_is_carried_out_is_followed(
    ledger: SqlLedger,
) -> None:
    async with apart(ledger) as pair:
        await pair.one.ask("notice", text="một")
        late = (await ledger.events(CODE))[-1]
        asked = asyncio.gather(pair.two.ask("notice", step=None, text="hai"))
        await asyncio.sleep(0)  # noqa: TID251 - one turn: the command has its lock
        pair.two.live.conductor.follow(late)
        (reply,) = await asked
        assert reply.error is None
        await pair.looked()
        await pair.agree()


async def test_old_events_and_those_of_another_run_change_nothing(
    ledger: SqlLedger,
) -> None:
    async with joined(ledger) as pair:
        show = pair.two.show
        (first, *_) = await ledger.events(CODE)
        for row in (first, _of_another_run(first, show.step + 1)):
            pair.two.live.conductor.follow(row)
        assert pair.two.show is show


def _of_another_run(row: EventRow, step: int) -> EventRow:
    return EventRow(
        show=row.show,
        epoch="another",
        step=step,
        at_ms=row.at_ms,
        name=row.name,
        actor=row.actor,
        ref=row.ref,
        data=row.data,
    )


async def test_while_the_ledger_cannot_be_read_nothing_is_lost(
    ledger: SqlLedger,
) -> None:
    async with apart(ledger) as pair:
        reply = await pair.one.ask("ask")
        row = (await ledger.events(CODE))[-1]
        with unreadable(ledger):
            refused = await pair.two.ask("notice", step=None, text="một")
            assert refused.error == "ledger_down"
            # A gap cannot be filled now, and is later.
            pair.two.live.conductor.follow(
                EventRow(
                    show=row.show,
                    epoch=row.epoch,
                    step=row.step + 5,
                    at_ms=row.at_ms,
                    name=row.name,
                    actor=row.actor,
                    ref="",
                    data=row.data,
                )
            )
            await asyncio.sleep(0)  # noqa: TID251 - the reading has begun
            pair.clock.forward(LOOK_MS)
            await ledger.flush()
        await pair.looked(2)
        assert pair.two.show.step == reply.step
        await pair.agree()


class Half(MemoryBus):
    """One end of a bus of two processes, for notes only."""

    def __init__(self, others: list["Half"]) -> None:
        super().__init__()
        self.others = others
        self.hearers: list[Callable[[Note, bool], None]] = []
        others.append(self)

    def overhear(self, hear: Callable[[Note, bool], None]) -> None:
        """Call `hear` with each note."""
        self.hearers.append(hear)

    def whisper(self, note: Note) -> None:
        """Carry a note to both ends at once."""
        for half in self.others:
            for hear in half.hearers:
                hear(note, half is self)


async def test_a_host_can_order_overlays_of_every_process(ledger: SqlLedger) -> None:
    ends: list[Half] = []
    async with both(ledger, Half(ends), Half(ends)) as pair:
        told: list[str] = []
        for house, name in ((pair.one, "o1"), (pair.two, "o2")):
            part = OutputPart(id=name, view="stage", layout="16x9")
            house.live.outputs.report(part, lambda text: told.append(text.decode()))
        pair.one.live.outputs.order("identify", None)
        pair.one.live.outputs.order("reload", "o2")
        assert told == [
            '{"type":"identify","number":1}',
            '{"type":"identify","number":1}',
            '{"type":"reload"}',
        ]
        pair.one.bus.whisper(Note(kind="other", show=CODE, texts=()))
        pair.one.bus.whisper(Note(kind="order", show=OTHER, texts=("reload",)))
        assert len(told) == 3


async def test_a_show_that_somebody_makes_is_there_at_once(ledger: SqlLedger) -> None:
    async with joined(ledger) as pair:
        made = await pair.one.shows.create(
            OTHER, pack(), title="Số 2", lang="vi", rules=Rules(), actor="Hoa"
        )
        while (live := pair.two.shows.get(OTHER)) is None:
            await pair.quiet()
        assert live.stage.show == made.stage.show


async def test_what_is_said_of_a_run_that_cannot_be_read_is_looked_for_later(
    ledger: SqlLedger,
) -> None:
    async with joined(ledger) as pair:
        (first, *_) = await ledger.events(CODE)
        with unreadable(ledger):
            await pair.one.bus.publish(_of_another_run(first, 1))
            await ledger.flush()
        await pair.one.do("notice", text="một")
        await pair.looked(4)
        await pair.agree()


# --- timers (R1.5) ----------------------------------------------------------------


async def test_every_process_closes_and_one_event_is_written(
    ledger: SqlLedger,
) -> None:
    """Nobody has to notice that a process died: the others ring as well."""
    async with apart(ledger) as pair:
        await pair.one.do("ask", "open")
        await pair.looked()
        await pair.agree()
        pair.clock.forward(pair.one.show.rules.roll_ms)
        await pair.quiet()
        await pair.looked()
        await pair.agree()
        assert pair.one.show.phase == "open"
        pair.clock.forward(15_000)
        await pair.quiet()
        await pair.looked(2)
        await pair.agree()
        names = [row.name for row in await ledger.events(CODE)]
        assert names[-4:] == [
            "QuestionRolled",
            "QuestionOpened",
            "QuestionLocked",
            "QuestionSealed",
        ]


async def test_the_deadline_is_kept_when_the_process_that_opened_dies(
    ledger: SqlLedger,
) -> None:
    clock = StageClock()
    async with open_house(ledger, clock, bus=MemoryBus()) as two:
        async with open_house(ledger, clock, bus=MemoryBus()) as one:
            pair = Pair(one, two, clock, ledger)
            await one.create()
            await pair.looked(4)
            await one.do("open_lobby", "ask")
            await pair.looked(4)
            await one.do("open")
            step = one.show.step
            await pair.looked()
            await pair.agree()
            one.live.conductor.stop()  # as death does; the clock is the machine's
        await two.pass_by(two.show.rules.roll_ms - LOOK_MS)
        assert (await two.pass_by(15_000))["phase"] == "locked"
        clock.forward(SPLIT_MS)
        await two.hosts.reached(step + 3)
        assert two.show.awaits_seal is False


async def test_a_taken_step_that_cannot_be_read_is_tried_again(
    ledger: SqlLedger,
) -> None:
    async with apart(ledger) as pair:
        await pair.one.do("ask", "open")
        await pair.looked()
        await pair.one.do("notice", text="một")
        with unreadable(ledger):
            pair.clock.forward(pair.one.show.rules.roll_ms)
            again_ns = pair.clock.mono_ns + 200_000_000
            await pair.clock.alarm(again_ns)
        pair.clock.forward(200)
        await pair.quiet()
        await pair.looked(2)
        await pair.agree()
        assert pair.two.show.phase == "open"


# --- shows of others --------------------------------------------------------------


async def test_a_show_that_another_process_made_is_found(ledger: SqlLedger) -> None:
    async with apart(ledger) as pair:
        other = ShowCode("CCHC2")
        await pair.one.shows.create(
            other, pack(), title="Số 2", lang="vi", rules=Rules(), actor="Hoa"
        )
        assert pair.two.shows.get(other) is None
        with pytest.raises(ShowExists):
            await pair.two.shows.create(
                other, pack(), title="Số 2", lang="vi", rules=Rules(), actor="Hoa"
            )
        assert pair.two.shows.get(other) is not None


async def test_a_reset_on_another_process_begins_anew_here(ledger: SqlLedger) -> None:
    async with apart(ledger) as pair:
        await pair.one.shows.reset(CODE, HOA)
        await pair.looked(4)
        assert pair.two.show == pair.one.show
        assert pair.two.crowd.dismissed == [(CODE, Close.TOKEN)]
        assert pair.two.hosts.heard("state")[-1]["epoch"] == pair.one.show.epoch
        reply = await pair.two.ask("open_lobby")
        assert reply.error is None
        await pair.looked(4)
        await pair.agree()


async def test_what_another_process_set_a_moment_before_a_reset_is_set_again(
    ledger: SqlLedger,
) -> None:
    async with apart(ledger) as pair:
        order = tuple(reversed(pair.one.show.order))
        reply = await pair.two.ask("reorder", step=None, order=order)
        assert reply.error is None
        assert pair.one.show.order != order, "the bus brought it"
        await pair.one.shows.reset(CODE, HOA)
        assert pair.one.show.order == order


async def test_a_key_that_another_process_corrected_stays_so_after_a_reset(
    ledger: SqlLedger,
) -> None:
    async with apart(ledger) as pair:
        for command in ("ask", "open"):
            assert (await pair.ask(pair.one, command)).error is None
        await pair.looked(20)
        for command in ("lock", "reveal"):
            assert (await pair.ask(pair.one, command)).error is None
        first = pair.one.show.order[0]
        reply = await pair.two.ask(
            "correct_key", step=None, question=first, option="A", reason="Nhầm đáp án"
        )
        assert reply.error is None
        assert pair.one.show.questions[first].key != "A", "the bus brought it"
        await pair.one.shows.reset(CODE, HOA)
        assert pair.one.show.questions[first].key == "A"


async def test_what_cannot_be_followed_keeps_no_show_from_beginning_anew(
    ledger: SqlLedger, caplog: pytest.LogCaptureFixture
) -> None:
    """It may be the only cure."""
    async with apart(ledger) as pair:
        unknown = await of_tomorrow(ledger)
        await pair.one.shows.reset(CODE, HOA)
        assert pair.one.show.epoch != unknown.epoch
    assert "cannot be followed" in caplog.text


async def test_who_joins_the_old_run_before_its_end_is_heard_of_is_not_kept(
    ledger: SqlLedger,
) -> None:
    """R2.6: each process erases again when it goes on to the new run."""
    async with apart(ledger) as pair:
        old = pair.one.show.epoch
        await pair.one.shows.reset(CODE, HOA)
        await pair.quiet()
        await pair.two.join("An", connect=False)
        assert len(await ledger.registrations(CODE, old)) == 1
        await pair.looked(4)
        await pair.quiet()
        assert await ledger.registrations(CODE, old) == []
