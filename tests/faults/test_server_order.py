"""Row, flush, receipt: in this order, as the kernel saw it (Source: R3.4).

strace writes down what the real server asks of the kernel. A receipt's code is
in the row as it goes into SQLite's log and in the message as it goes into the
socket, so both can be found, and between them must lie a flush that returned.
"""

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from tests.faults.handsets import History, crowd_names, join
from tests.faults.onair import LONG, FaultyServer, Premises, assert_calm, on_air

PHONES = 30

_LINE = re.compile(r"(\d+) +(?:(\w+)\(\d+<([^>]*)>|<\.\.\. (\w+) resumed>)(.*)", re.S)
_TOLD = re.compile(r'\\"receipt\\":\\"([A-Z2-7]{8})\\"')


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: its place in the trace at its begin and at its return."""

    name: str
    file: str
    text: str
    begun: int
    returned: int


def calls(trace: str) -> Iterator[Call]:
    """Read a trace of several threads, whose calls may be cut in two."""
    cut: dict[str, tuple[str, str, str, int]] = {}
    for at, line in enumerate(trace.splitlines()):
        found = _LINE.match(line)
        if found is None:
            continue
        thread, name, file, resumed, text = found.groups()
        if resumed:
            name, file, before, begun = cut.pop(thread)
            yield Call(name, file, before + text, begun, at)
        elif text.endswith("<unfinished ...>"):
            cut[thread] = (name, file, text, at)
        else:
            yield Call(name, file, text, at, at)


@pytest.fixture
def traced(place: Premises) -> Iterator[FaultyServer]:
    """A server whose writes and flushes are written down."""
    if shutil.which("strace") is None:
        pytest.fail("strace is missing; install it with: apt-get install strace")
    trace = place.folder.parent / "trace"
    watched = "trace=pwrite64,fdatasync,fsync,write,writev,sendmsg,sendto"
    strace = ("strace", "-D", "-f", "-q", "-y", "-s", "6000", "-e", watched)
    server = FaultyServer(place.folder.parent, under=(*strace, "-o", str(trace)))
    yield server
    server.kill()


async def test_no_receipt_leaves_before_the_flush_that_covers_its_row(
    traced: FaultyServer, place: Premises
) -> None:
    history = History()
    async with on_air(traced, LONG, place) as show, AsyncExitStack() as online:
        phones = await join(traced.address, LONG, crowd_names(PHONES), history)
        for phone in phones:
            await online.enter_async_context(phone.online())
        await show.open()
        async with asyncio.TaskGroup() as tasks:
            for number, phone in enumerate(phones):
                await phone.hears("open")
                if number % 3:
                    tasks.create_task(phone.answer("ABCD"[number % 4]))
                else:
                    tasks.create_task(phone.answer_by_call("A"))
        for phone in phones:
            await phone.receipt()
    assert_calm(traced)
    codes = {said["receipt"] for _, said in history.receipts}
    assert len(codes) == PHONES
    assert too_early(await trace_of(traced), codes) == []


async def trace_of(server: FaultyServer) -> list[Call]:
    """Stop the server; return its calls when the tracer has written them all."""
    # Exited, or killed by the signal; a short number is padded.
    last = re.compile(rf"^{server.pid} +\+\+\+ ", re.M)
    server.stop()
    async with asyncio.timeout(20):
        while True:
            text = (server.folder / "trace").read_text(encoding="utf-8")
            if last.search(text):
                return list(calls(text))
            await asyncio.sleep(0.05)


def too_early(trace: list[Call], codes: set[str]) -> list[str]:
    """Return the receipts that left before their row was flushed."""
    flushes = [
        call
        for call in trace
        if call.name in {"fdatasync", "fsync"}
        and call.file.endswith("-wal")
        and call.text.endswith("= 0")
    ]
    rows = [call for call in trace if call.file.endswith("-wal")]
    told: dict[str, int] = {}
    for call in trace:
        if call.file.startswith("socket:"):
            for code in _TOLD.findall(call.text):
                told.setdefault(code, call.begun)
    assert told.keys() == codes, "the trace does not hold every receipt"
    early = []
    for code, left in told.items():
        written = next(row.returned for row in rows if code in row.text)
        if not any(written < f.begun and f.returned < left for f in flushes):
            early.append(code)
    return early
