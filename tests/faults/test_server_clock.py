"""Open and close to the millisecond, whatever the clocks do (Source: R1.5, R4.2, R4.7).

The export says R and T0 on this machine's monotonic clock, which the phones of
these tests read too: so what a phone sent can be compared with when the server
says it came, without trusting either.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.faults.handsets import Handset, History, crowd_names, join, judge
from tests.faults.onair import (
    FAIR,
    QUICK,
    FaultyServer,
    Premises,
    assert_calm,
    figures,
    on_air,
    sleep_until,
    spread,
)

MS = 1_000_000
LASTS_MS = 2_000

pytestmark = pytest.mark.quiet


async def answer_at(phone: Handset, moment_ns: int, option: str = "A") -> None:
    """Answer at a moment and wait for the receipt."""
    await phone.hears("open")
    await sleep_until(moment_ns)
    await phone.answer(option)
    await phone.receipt()


@pytest.mark.parametrize(
    ("count", "declared_ms"),
    [
        # A busy machine reads late; only the long form holds the declared 20 ms.
        (40, 250),
        pytest.param(400, 20, marks=[pytest.mark.long, pytest.mark.timeout(300)]),
    ],
)
async def test_answers_around_the_deadline_count_by_when_they_came(
    server: FaultyServer, place: Premises, count: int, declared_ms: int
) -> None:
    """Phones answer from 300 ms before the deadline to 200 ms after it."""
    history = History()
    async with on_air(server, QUICK, place) as show, AsyncExitStack() as online:
        phones = await join(server.address, QUICK, crowd_names(count), history)
        for phone in phones:
            await online.enter_async_context(phone.online())
        await show.open()
        closes_ns = await show.closes_at_ns()
        async with asyncio.TaskGroup() as tasks:
            for number, phone in enumerate(phones):
                offset_ns = (number * 500 // count - 300) * MS
                tasks.create_task(answer_at(phone, closes_ns + offset_ns))
        stored = await show.answers()
    sent = {one.participant: one.sent_ns for one in history.sent}
    delays = [(row["R_ns"] - sent[row["participant"]]) / MS for row in stored]
    figures(
        f"{count} answers around the deadline",
        {
            "accepted": sum(row["status"] == "accepted" for row in stored),
            "late": sum(row["status"] == "late" for row in stored),
            "sent to stamped, ms": spread(delays),
        },
    )
    assert len(stored) == count
    assert not judge(history, stored)
    assert min(delays) >= 0
    for row in stored:
        ends_ns = row["T0_ns"] + LASTS_MS * MS
        came_in_time = row["R_ns"] < ends_ns
        assert (row["status"] == "accepted") is came_in_time
        assert row["time_ms"] == (row["R_ns"] - row["T0_ns"]) // MS
        if sent[row["participant"]] < ends_ns - declared_ms * MS:
            assert came_in_time, "refused though it was sent in time"
    assert_calm(server)


async def test_answer_before_the_question_opens_is_refused_and_not_stored(
    server: FaultyServer, place: Premises
) -> None:
    history = History()
    async with on_air(server, QUICK, place) as show:
        (phone,) = await join(server.address, QUICK, ["Vội"], history)
        async with phone.online():
            await phone.hears("welcome")
            phone.question, phone.nonce = "q1", "0" * 16
            await show.command("ask")
            await phone.answer("A")
            assert (await phone.receipt())["status"] == "not_open"
            await show.command("open")
            await phone.answer("A")  # rolling: the options are not out yet
            assert (await phone.receipt(2))["status"] == "not_open"
            await phone.hears("open")
            await phone.answer("B")
            assert (await phone.receipt(3))["status"] == "accepted"
            assert [row["option"] for row in await show.answers()] == ["B"]


async def test_server_frozen_across_the_deadline_closes_once_and_counts_nothing_late(
    server: FaultyServer, place: Premises
) -> None:
    history = History()
    async with on_air(server, QUICK, place) as show, AsyncExitStack() as online:
        phones = await join(server.address, QUICK, crowd_names(20), history)
        for phone in phones:
            await online.enter_async_context(phone.online())
        await show.open()
        closes_ns = await show.closes_at_ns()
        for phone in phones[:10]:
            await answer_at(phone, 0)
        server.signal(signal.SIGSTOP)
        for phone in phones[10:]:
            await phone.answer("A")
        await sleep_until(closes_ns + 300 * MS)
        server.signal(signal.SIGCONT)
        await show.until("locked")
        for phone in phones:
            await phone.receipt()
        stored, lines = await show.answers(), await show.audit()
    assert not judge(history, stored)
    # What came while nobody read was stamped when it was read: too late.
    assert [row["status"] for row in stored].count("accepted") == 10
    assert [row["status"] for row in stored].count("late") == 10
    names = [line["name"] for line in lines if line["kind"] == "event"]
    assert names.count("QuestionLocked") == 1
    assert_calm(server)


@pytest.fixture
def lied_to(place: Premises) -> Iterator[FaultyServer]:
    """A server whose wall clock a test may set (`step_clock`)."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        pytest.fail(
            "libfaketime is missing; install it with: apt-get install libfaketime"
        )
    folder = place.folder.parent
    environment = {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "wall"),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",  # its name before libfaketime 0.9.9
    }
    step_clock(folder, "+0")
    server = FaultyServer(folder, environment=environment)
    yield server
    server.kill()


def step_clock(folder: Path, by: str) -> None:
    """Set the server's wall clock: so far from the true one, "+1h"."""
    written = folder / "wall.new"
    written.write_text(by, encoding="ascii")
    written.replace(folder / "wall")


@pytest.mark.parametrize(
    "code", [QUICK, pytest.param(FAIR, marks=pytest.mark.long)], ids=str
)
async def test_stepped_wall_clock_moves_no_deadline_and_no_rank(
    lied_to: FaultyServer, place: Premises, code: str
) -> None:
    """An hour on, two back, half a second on, all within one question."""
    history, steps = History(), ("+1h", "-1h", "+0.5s", "+0")
    async with on_air(lied_to, code, place) as show, AsyncExitStack() as online:
        phones = await join(lied_to.address, code, crowd_names(5), history)
        for phone in phones:
            await online.enter_async_context(phone.online())
        await show.open()
        await show.reaches((await show.command("extend", ms=2_000))["step"])
        closes_ns, key = await show.closes_at_ns(), await show.key()
        for phone, step in zip(phones, (*steps, ""), strict=True):
            await phone.hears("open")
            await asyncio.sleep(0.2)
            await phone.answer(key)
            await phone.receipt()
            if step:
                step_clock(lied_to.folder, step)
        locked = await phones[0].hears("locked")
        locked_ns = phones[0].at_ns[phones[0].heard.index(locked)]
        await show.command("reveal")
        lines = await show.audit()
        results = await show.caller.get(f"/api/shows/{code}/results.json")
    check_times(phones, history, lines)
    grace_ms = 1_100 if code == FAIR else 0
    moved_ms = (locked_ns - closes_ns) / MS - grace_ms
    figures(
        f"wall clock stepped in mid-question, {code}",
        {"locked after the deadline, ms": f"{moved_ms:.1f}"},
        goal="≤ 50 ms",
    )
    assert -50 <= moved_ms <= 500
    ranking = results["questions"][0]["ranking"]
    assert [row["participant"] for row in ranking] == [p.participant for p in phones]
    assert was_stepped(lines), "the clock was not stepped: the test shows nothing"
    assert_calm(lied_to)


def check_times(
    phones: list[Handset], history: History, lines: list[dict[str, Any]]
) -> None:
    """Hold every stored time to what the phone's own clock says."""
    rows = {row["participant"]: row for row in lines if row["kind"] == "answer"}
    for phone in phones:
        row = rows[phone.participant]
        (sent,) = (s for s in history.sent if s.participant == phone.participant)
        took_ms = (sent.sent_ns - row["T0_ns"]) / MS
        assert -600 <= row["time_ms"] - took_ms <= 250, (row, took_ms)


def was_stepped(lines: list[dict[str, Any]]) -> bool:
    """Tell whether the times of day of the answers are hours apart."""
    hours = {line["at"][:13] for line in lines if line["kind"] == "answer"}
    return len(hours) >= 3
