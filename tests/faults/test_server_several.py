"""Two server processes with one ledger and one Redis: any of the four may fail.

Phones and hosts are at both. A process is killed or frozen in mid-question, Redis is
killed, frozen, emptied, PostgreSQL stopped: nothing acknowledged is lost, cues come
a second late at most, the deadline stands (Source: R1.4, R1.5, R3.1, R3.4).
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from quizserver.rehearsal.calls import Caller, Refused
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from tests.faults.crowd import MS
from tests.faults.handsets import GONE, Handset, History, crowd_names, join, judge
from tests.faults.onair import (
    LONG,
    QUICK,
    FaultyServer,
    Premises,
    Show,
    figures,
    sleep_until,
    spread,
)
from tests.postgres import Cluster
from tests.redis import RedisServer, redis_server
from tests.unit.store.recount import first_broken

pytestmark = pytest.mark.xdist_group("postgres")

PHONES: Final = 12
REPLACED: Final = 4409
LATE_MS: Final = 1_000
"""How late a cue may come through the other process."""


@dataclass
class Two:
    """Two processes, what they share, and a host at each."""

    servers: list[FaultyServer]
    shows: list[Show]
    redis: RedisServer
    postgres: Cluster
    ledger_url: str

    def calm(self, *, errors: bool = False) -> None:
        """Fail when a log holds a traceback, or an error unless one was made."""
        for server in self.servers:
            said = server.said()
            assert "Traceback" not in said, said
            assert errors or " error " not in said.lower(), said

    async def meanwhile(self, question: str, phones: list[Handset]) -> None:
        """Have phones answer at the process that they are at."""
        await asyncio.gather(*(insist(phone, question) for phone in phones))


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis of this test's own."""
    with redis_server() as server:
        yield server


@pytest.fixture
def servers(
    place_on_postgres: Premises, ledger_url: str, redis: RedisServer
) -> Iterator[list[FaultyServer]]:
    """Two processes on one data folder; the test starts them."""
    shared = {"QUIZ_DATABASE_URL": ledger_url, "QUIZ_REDIS_URL": redis.url}
    made = [
        FaultyServer(place_on_postgres.folder.parent, environment=shared)
        for _ in range(2)
    ]
    made[1].log = made[0].log.with_name("other.log")
    yield made
    for server in made:
        server.kill()


@pytest.fixture
def formation(
    servers: list[FaultyServer],
    place_on_postgres: Premises,
    redis: RedisServer,
    postgres: Cluster,
    ledger_url: str,
) -> "Formation":
    """What starts both with a show on air."""
    return Formation(servers, place_on_postgres, redis, postgres, ledger_url)


@dataclass
class Formation:
    """What `Two` are made of."""

    servers: list[FaultyServer]
    place: Premises
    redis: RedisServer
    postgres: Cluster
    ledger_url: str

    @asynccontextmanager
    async def on_air(self, code: str) -> AsyncIterator[Two]:
        """Start both processes and open the lobby of a show."""
        await asyncio.gather(*(server.start() for server in self.servers))
        async with AsyncExitStack() as stack:
            shows = []
            for server in self.servers:
                caller = await stack.enter_async_context(
                    Caller(server.address, self.place.owner)
                )
                director = Director(caller, code, Hints(), Pace())
                shows.append(Show(server, code, self.place, caller, director))
            two = Two(self.servers, shows, self.redis, self.postgres, self.ledger_url)
            await shows[0].command("open_lobby")
            await shows[1].until("lobby")
            yield two


async def joined(two: Two, history: History, people: int = PHONES) -> list[Handset]:
    """Register people at both processes, and return their phones in turn."""
    half = people // 2
    left, right = [
        await join(server.address, two.shows[0].code, crowd_names(half, name), history)
        for server, name in zip(two.servers, ("Trái", "Phải"), strict=True)
    ]
    return [phone for pair in zip(left, right, strict=True) for phone in pair]


async def insist(phone: Handset, question: str, move: str = "") -> float:
    """Answer until there is a receipt; return how long a move took, in ms.

    A phone whose server has gone dials the address `move`.
    """
    random, lost_ns, moved_ms = Random(phone.participant), 0, 0.0
    history, who = phone.history, phone.participant
    while not history.receipts_of(who, question):
        try:
            async with phone.online():
                await phone.hears("welcome", since=len(phone.heard))
                if lost_ns and not moved_ms:
                    moved_ms = (time.monotonic_ns() - lost_ns) / 1e6
                while not history.receipts_of(who, question):
                    await phone.answer(random.choice("ABCD"))
                    await soon(phone, random)
        except* (*GONE, Refused):
            lost_ns = lost_ns or time.monotonic_ns()
            phone.address = move or phone.address
            await asyncio.sleep(random.uniform(0.05, 0.2))
    return moved_ms


async def soon(phone: Handset, random: Random) -> None:
    """Wait for a receipt, as long as a phone does before it says its answer again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(random.uniform(0.2, 0.6)):
            await phone.receipt()


async def heard_at(phone: Handset, kind: str, since: int) -> int:
    """Wait for a message; return when it came, monotonic."""
    await phone.hears(kind, since=since)
    kinds = [one["type"] for one in phone.heard]
    return phone.at_ns[kinds.index(kind, since)]


async def opened(two: Two, at: int = 0) -> str:
    """Open the next question at one process; return its id when both have it."""
    question = await two.shows[at].open()
    await two.shows[1 - at].until("open")
    return question


async def test_a_show_is_one_whatever_process_one_is_at(formation: Formation) -> None:
    """Then Redis and PostgreSQL fail, and nobody loses anything."""
    history = History()
    async with formation.on_air(LONG) as two:
        phones = await joined(two, history)
        await one_show(two, phones)
        lags = [
            await redis_fails(two, phones, harm, history)
            for harm in ("kill", "freeze", "flush")
        ]
        back_ms = await postgres_fails(two, phones, 1.5)
        stored = await two.shows[1].answers()
    verdict = judge(history, stored)
    figures(
        "Redis killed, frozen, emptied, then PostgreSQL stopped, in mid-question",
        {
            "receipts": len(history.receipts),
            "lost, phantom, double, split": verdict.counts(),
            "cue later at the other process, ms": spread(lags),
            "storing again after PostgreSQL, ms": spread([back_ms]),
        },
        goal="0, 0, 0, 0; ≤ 1,000 ms",
    )
    assert not verdict, verdict
    assert len(stored) == 5 * len(phones)
    assert max(lags) <= LATE_MS
    assert first_broken(two.ledger_url) is None
    two.calm(errors=True)


async def one_show(two: Two, phones: list[Handset]) -> None:
    """Names, receipts, commands and connections are the same at both."""
    left = phones[0]
    await two.meanwhile(await opened(two), phones)
    # What was said at one process is known at the other.
    said = left.history.receipts_of(left.participant, left.question)[0]
    left.address = two.servers[1].address
    async with left.online():
        shown = (await left.hears("welcome", since=len(left.heard)))["state"]
        assert shown["your_answer"]["receipt"] == said["receipt"]
        await left.answer("D")
        again = await left.receipt(2)
        assert (again["receipt"], again["duplicate"]) == (said["receipt"], True)
        # The newest connection wins, also at another process.
        left.address = two.servers[0].address
        since = len(left.heard)
        async with left.online():
            await left.hears("welcome", since=since)
            await until(lambda: REPLACED in left.closes)
    await conflict(two)
    boards = [(await show.until("revealed"))["live"]["fastest"] for show in two.shows]
    for row in (*boards[0], *boards[1]):
        # That somebody tapped again is known where they did.
        row["flags"] = {*row["flags"]} - {"changed"}
    assert boards[0] == boards[1]
    assert {row["name"].split()[0] for row in boards[0]} <= {"Trái", "Phải"}
    for show in two.shows:
        await counted(show)


async def counted(show: Show) -> None:
    """Wait until a process knows of everybody: it counts once a second."""
    everybody = {"joined": PHONES, "accepted": PHONES}
    async with asyncio.timeout(20):
        while True:
            if everybody.items() <= (await show.state())["live"].items():
                return
            await asyncio.sleep(0.1)


async def conflict(two: Two) -> None:
    """Of commands that conflict one is carried out; a repeat is told the same."""
    step = (await two.shows[0].state())["step"]
    replies = await asyncio.gather(
        *(pressed(show, "lock", step) for show in two.shows for _ in range(3))
    )
    assert sorted(replies) == [*["done"] * 1, *["stale_step"] * 5]
    first = await two.shows[0].command("reveal", ref="bấm")
    assert await two.shows[1].command("reveal", ref="bấm") == first


async def pressed(show: Show, command: str, step: int) -> str:
    """Give a command at a step; return "done", or why not."""
    async with Caller(show.server.address, show.place.owner) as caller:
        try:
            host = Director(caller, show.code, Hints(), Pace())
            await host.command(command, step=step)
        except Refused as refused:
            return str(refused.body["error"]["code"])
    return "done"


async def redis_fails(
    two: Two, phones: list[Handset], harm: str, history: History
) -> float:
    """Play a question while Redis fails; return how much later the lock was heard."""
    question = await opened(two)
    if harm == "kill":
        two.redis.kill()
    elif harm == "freeze":
        two.redis.signal(signal.SIGSTOP)
    else:
        two.redis.flush()
    await two.meanwhile(question, phones)
    left, right = phones[0], phones[1]
    since = [len(phone.heard) for phone in (left, right)]
    async with left.online(), right.online():
        await asyncio.gather(
            *(
                p.hears("welcome", since=s)
                for p, s in zip((left, right), since, strict=True)
            )
        )
        locking = asyncio.gather(two.shows[0].command("lock"))
        here, there = await asyncio.gather(
            heard_at(left, "locked", since[0]), heard_at(right, "locked", since[1])
        )
        await locking
    await two.shows[1].command("reveal")
    if harm == "kill":
        two.redis.start()
    elif harm == "freeze":
        two.redis.signal(signal.SIGCONT)
    return abs(there - here) / 1e6


async def postgres_fails(two: Two, phones: list[Handset], away_s: float) -> float:
    """Play a question while PostgreSQL is away; return when all have receipts, ms."""
    question = await opened(two, at=1)
    await asyncio.to_thread(two.postgres.kill)
    told = len(phones[0].history.receipts)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(two.meanwhile(question, phones))
        await asyncio.sleep(away_s)
        assert len(phones[0].history.receipts) == told, "a receipt without a ledger"
        await asyncio.to_thread(two.postgres.start)
        back_ns = time.monotonic_ns()
    back_ms = (time.monotonic_ns() - back_ns) / 1e6
    await two.shows[0].lock_and_reveal()
    return back_ms


async def test_a_process_may_freeze_and_die_in_mid_question(
    formation: Formation,
) -> None:
    """Its phones go to the other; the deadline stands; who wakes writes nothing."""
    history = History()
    async with formation.on_air(QUICK) as two:
        phones = await joined(two, history)
        frozen = await freezes(two, phones)
        killed, moved = await dies(two, phones)
        stored = await two.shows[1].answers()
    verdict = judge(history, stored)
    figures(
        "A process frozen, and one killed, in mid-question",
        {
            "receipts": len(history.receipts),
            "lost, phantom, double, split": verdict.counts(),
            "locked after the deadline, ms": spread([frozen, killed]),
            "phones moved after, ms": spread(moved),
        },
        goal="0, 0, 0, 0; ≤ 1,000 ms; ≤ 8,000 ms",
    )
    assert not verdict, verdict
    assert max(frozen, killed) <= LATE_MS
    assert moved
    assert max(moved) <= 8_000
    assert first_broken(two.ledger_url) is None
    two.calm(errors=True)


async def freezes(two: Two, phones: list[Handset]) -> float:
    """Freeze the process where the host pressed, past the deadline.

    Returns how much later than the deadline a phone at the other heard the lock.
    """
    left, right = phones[0], phones[1]
    await opened(two)
    closes_ns = await two.shows[1].closes_at_ns()
    async with left.online(), right.online():
        await asyncio.gather(left.hears("welcome"), right.hears("welcome"))
        await asyncio.gather(left.answer("B"), right.answer("B"))
        await asyncio.gather(left.receipt(), right.receipt())
        two.servers[0].signal(signal.SIGSTOP)
        late_ms = (await heard_at(right, "locked", 0) - closes_ns) / 1e6
        reply = await two.shows[1].command("reveal")
        two.servers[0].signal(signal.SIGCONT)
        # It wakes, follows, and has nothing to say of its own.
        await left.hears("revealed")
        assert (await two.shows[0].until("revealed"))["step"] == reply["step"]
        cue = await right.hears("revealed")
        assert sum(cue["counts"].values()) == 2
    return late_ms


async def dies(two: Two, phones: list[Handset]) -> tuple[float, list[float]]:
    """Kill it while everybody answers; return how late the lock was, and the moves."""
    question = await opened(two)
    closes_ns = await two.shows[1].closes_at_ns()
    other = two.servers[1].address
    watching, rest = phones[1], phones[2:]
    async with watching.online(), asyncio.TaskGroup() as tasks:
        since = len(watching.heard)
        await watching.hears("welcome", since=since)
        moves = [tasks.create_task(insist(phone, question, other)) for phone in rest]
        two.servers[0].kill()
        late_ms = (await heard_at(watching, "locked", since) - closes_ns) / 1e6
    await two.shows[1].command("reveal")
    return late_ms, [ms for move in moves if (ms := move.result())]


async def test_when_all_processes_die_at_once_the_host_is_told_what_was_lost(
    formation: Formation,
) -> None:
    """P3, R1.6: the question goes on to its deadline; the host may void it."""
    history = History()
    async with formation.on_air(LONG) as two:
        phones = await joined(two, history, 4)
        question = await opened(two)
        await two.meanwhile(question, phones)
        for server in two.servers:
            server.kill()
        killed_ns = time.monotonic_ns()
        # Less than a second is a connection made anew as well; a start may be as quick.
        await sleep_until(killed_ns + 1_000 * MS)
        await asyncio.gather(*(server.start() for server in two.servers))
        state = await interrupted(two.shows[1])
        away_ms = (time.monotonic_ns() - killed_ns) / 1e6
        lines, stored = await two.shows[0].audit(), await two.shows[0].answers()
    assert state["phase"] == "open"
    # The last sign of life is up to half a second older than the death.
    assert 0 < state["question"]["lost_ms"] <= away_ms + 600
    names = [line.get("name") for line in lines]
    assert names.count("QuestionInterrupted") == 1
    assert not judge(history, stored)


async def interrupted(show: Show) -> dict[str, Any]:
    """Wait until the host is told that time was lost; return the state."""
    async with asyncio.timeout(20):
        while True:
            state = await show.state()
            if state["question"].get("lost_ms"):
                return state
            await asyncio.sleep(0.02)


async def test_workers_of_one_port_are_kept_running(
    place_on_postgres: Premises, ledger_url: str, redis: RedisServer
) -> None:
    shared = {"QUIZ_DATABASE_URL": ledger_url, "QUIZ_REDIS_URL": redis.url}
    folder = place_on_postgres.folder.parent
    server = FaultyServer(folder, "--workers", "2", environment=shared)
    try:
        await server.start()
        await until(lambda: len(children(server.pid)) == 2)
        killed, other = children(server.pid)
        os.kill(killed, signal.SIGKILL)
        await until(lambda: len({*children(server.pid)} - {killed}) == 2)
        assert other in children(server.pid)
        assert await is_ready(server)
        assert server.stop() == 0
        assert "another is started" in server.said()
    finally:
        server.kill()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(20):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.02)


async def is_ready(server: FaultyServer) -> bool:
    """Tell whether phones can join."""
    try:
        async with Caller(server.address) as caller:
            return bool((await caller.get("/readyz"))["ready"])
    except (*GONE, Refused):
        return False


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [
        int(one)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for one in (task / "children").read_text(encoding="ascii").split()
    ]
