"""`quizserver loadtest` on a real server: what it tells is what the server stored.

Its phones are strangers in C who speak only the wire (Source: R3.4); a server that
is killed in mid-question must cost them nothing.
"""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.figures import Report
from quizserver.rehearsal.phone import Hints
from tests.faults.onair import FAIR, LONG, FaultyServer, Premises, Show

PHONES = 200
WITHIN_S = 1.5
WAIT_S = 100
"""Longest anything may take on a busy machine."""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own, so that the phones are compiled here, once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def token(place: Premises, tmp_path: Path) -> Path:
    """The file with the owner's token."""
    file = tmp_path / "token"
    file.write_text(f"{place.owner}\n")
    return file


@asynccontextmanager
async def loadtest(
    home: Path, *arguments: object, path: str = "/usr/bin:/bin", files: int = 10_000
) -> AsyncIterator[Process]:
    """Run the command; `path` is where it looks for a compiler."""
    limited = ("/bin/sh", "-c", f'ulimit -n {files}; exec "$@"', "sh")
    process = await asyncio.create_subprocess_exec(
        *(*limited, sys.executable, "-m", "quizserver", "loadtest"),
        *map(str, arguments),
        stdout=PIPE,
        stderr=PIPE,
        env={"HOME": str(home), "PATH": path, "QUIZ_LANG": "en"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def said(home: Path, *arguments: object, **more: Any) -> tuple[int, str, str]:
    """Run it to its end; return the exit code and what it said, also of failures."""
    async with loadtest(home, *arguments, **more) as process:
        return await ended(process)


async def ended(process: Process) -> tuple[int, str, str]:
    """Return the exit code and what was said, also of failures."""
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def show_of(server: FaultyServer, code: str, place: Premises, caller: Caller) -> Show:
    """Return the show as a host sees it."""
    return Show(server, code, place, caller, Director(caller, code, Hints(), Pace()))


def read(file: Path) -> Report:
    """Return the figures; a field that is missing or of another type raises."""
    text = file.read_bytes()
    report = msgspec.json.decode(text, type=Report)
    assert set(json.loads(text)) == set(Report.__struct_fields__)
    return report


async def test_the_figures_are_those_of_the_servers_export(
    server: FaultyServer, place: Premises, home: Path, tmp_path: Path
) -> None:
    await server.start()
    file = tmp_path / "figures.json"
    options = ("--phones", PHONES, "--questions", 1, "--answer-within", WITHIN_S)
    code, out, err = await said(
        home,
        *(f"{server.address}/{FAIR}", *options, "--data-dir", place.folder),
        *("--json", file),
    )
    assert code == 0, err
    assert "Receipts" in out
    report = read(file)
    async with Caller(server.address, place.owner) as caller:
        rows = await show_of(server, FAIR, place, caller).answers()
    answers = report.answers
    assert report.problems == ()
    assert (report.made_by, report.phones, report.questions) == ("compiled", PHONES, 1)
    assert report.connect.count == report.join.count == PHONES
    assert answers.taps == answers.receipts == report.stored == len(rows) == PHONES
    assert answers.copies == 2 * PHONES
    assert answers.duplicates == PHONES, "each copy has its receipt"
    assert Counter(row["status"] for row in rows) == Counter(
        {"accepted": answers.accepted, "late": answers.late}
    ) - Counter({"late": 0})
    assert 0 < answers.receipt.p50_ms <= answers.receipt.p99_ms < 5_000
    (one,) = report.receipts
    assert one.receipt == answers.receipt
    assert one.receipt.max_ms / 1000 <= one.took_s < WITHIN_S + 5
    _check_fan_outs(report)
    assert report.machine is not None
    assert report.machine.processes == 1
    assert 0 < report.machine.before_kib < report.machine.joined_kib
    assert 0 < report.machine.cpu_playing_s < report.machine.cpu_s


def _check_fan_outs(report: Report) -> None:
    cues = {fan_out.cue: fan_out for fan_out in report.fan_outs}
    assert {"roll", "open", "locked", "revealed", "you", "ended"} <= set(cues)
    opened = cues["open"]
    assert opened.phones == PHONES
    assert opened.stamp_to_first_ms is not None
    assert opened.stamp_to_last_ms is not None
    assert 0 < opened.stamp_to_first_ms < opened.stamp_to_last_ms < 5_000
    assert report.reveal_to_own.count == 1


async def test_a_kill_in_mid_question_costs_no_receipt(
    server: FaultyServer, place: Premises, token: Path, home: Path, tmp_path: Path
) -> None:
    await server.start()
    file = tmp_path / "figures.json"
    options = ("--phones", PHONES, "--questions", 1, "--answer-within", 5)
    where = (server.address, "--show", LONG, "--token-file", token)
    async with (
        loadtest(home, *where, *options, "--json", file) as played,
        Caller(server.address, place.owner) as caller,
    ):
        show = show_of(server, LONG, place, caller)
        await _answered(show, 1)
        server.kill()
        await server.start()
        await _answered(show, PHONES)
        await show.command("lock")
        code, _, err = await ended(played)
        rows = await show.answers()
    assert code == 0, err
    report = read(file)
    (outage,) = report.outages
    assert outage.lost == outage.back.count == report.reconnects == PHONES
    assert 0 < outage.listening_ms <= outage.first_back_ms
    assert outage.first_back_ms <= outage.back.p50_ms <= outage.back.p95_ms
    assert outage.back.max_ms == outage.over_ms
    assert report.closes == {"1006": PHONES}
    answers = report.answers
    assert answers.taps == answers.receipts == answers.accepted == PHONES
    assert report.stored == len(rows) == PHONES
    assert report.machine is None, "another process is another memory"


async def _answered(show: Show, least: int) -> None:
    """Wait until so many answers are stored."""
    async with asyncio.timeout(WAIT_S):
        while True:
            if len(await show.answers()) >= least:
                return
            await asyncio.sleep(0.2)


async def test_without_a_compiler_many_phones_are_refused(
    server: FaultyServer, token: Path, tmp_path: Path
) -> None:
    await server.start()
    where = (server.address, "--show", FAIR, "--token-file", token)
    code, _, err = await said(tmp_path, *where, "--phones", 501, path="/nowhere")
    assert (code, "no C compiler (cc)" in err, "500" in err) == (1, True, True)


async def test_without_a_compiler_and_a_token_a_few_play_along_until_they_are_stopped(
    server: FaultyServer, place: Premises, tmp_path: Path
) -> None:
    await server.start()
    options = ("--phones", 20, "--answer-within", 1, "--json", "-")
    where = f"{server.address}/{LONG}"
    async with (
        loadtest(tmp_path, where, *options, path="/nowhere") as few,
        Caller(server.address, place.owner) as caller,
    ):
        show = show_of(server, LONG, place, caller)
        await show.command("open_lobby")
        await _online(show, 20)
        await show.open()
        await _answered(show, 20)
        few.send_signal(signal.SIGINT)
        code, out, err = await ended(few)
    assert code == 0, out + err
    assert "no C compiler (cc)" in err
    assert f"somebody in the panel plays {LONG}" in err
    told: dict[str, Any] = json.loads(out)
    assert told["ok"] is True
    report = msgspec.convert(told["report"], Report)
    assert (report.made_by, report.stored) == ("python", None)
    assert report.answers.taps == report.answers.receipts == 20
    assert [fan_out.cue for fan_out in report.fan_outs] == ["open"]


async def _online(show: Show, phones: int) -> None:
    """Wait until so many phones are connected."""
    async with asyncio.timeout(WAIT_S):
        while True:
            if f"quizserver_phones_online {phones}.0" in await show.metrics():
                return
            await asyncio.sleep(0.05)


async def test_what_cannot_be_tested_is_said_in_a_sentence(
    server: FaultyServer, place: Premises, token: Path, home: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("no-such-token")
    here = (server.address, "--phones", 10, "--show", FAIR)
    nobody = await said(home, *here, "--token-file", token)
    assert (nobody[0], "there is no server at" in nobody[2]) == (1, True)
    await server.start()
    async with Caller(server.address, place.owner) as caller:
        for command in ("open_lobby", "ask"):
            await show_of(server, LONG, place, caller).command(command)
    few = await said(home, *here, "--token-file", token, files=105)
    assert "105; ask for at most" in few[2]
    tried = {
        "the token is not good": (*here, "--token-file", wrong),
        "has no show NONE1": (*here, "--token-file", token, "--show", "NONE1"),
        "has begun already": (*here, "--token-file", token, "--show", LONG),
    }
    for sentence, arguments in tried.items():
        code, out, err = await said(home, *arguments)
        assert (code, sentence in err, out) == (1, True, ""), err
