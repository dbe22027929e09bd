"""A server that is told to stop does, tidily, and exits with 0."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quizserver.desk.acts import ListShows
from quizserver.desk.line import NAME, ask
from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.people import form, invent
from tests.server import ServerProcess

TOP = Path(__file__).parents[2]
SHOW = "CCHC1"
CALLS = f"/api/shows/{SHOW}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server on a free port that has said where to go."""
    options = ["--port", "0", "--data-dir", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "quizserver", "serve", "--samples", *options],
        cwd=TOP,
        env={**os.environ, "QUIZ_HOST": "127.0.0.1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_stop_is_clean(
    server: subprocess.Popen[str], tmp_path: Path, order: signal.Signals
) -> None:
    assert ask(tmp_path, ListShows()) is not None
    server.send_signal(order)
    said, _ = server.communicate(timeout=20)
    assert server.returncode == 0, said
    assert "Traceback" not in said
    assert not (tmp_path / NAME).exists()


def test_killed_server_leaves_a_folder_that_serves_again(
    server: subprocess.Popen[str], tmp_path: Path
) -> None:
    before = ask(tmp_path, ListShows())
    server.kill()
    server.wait()
    command = [sys.executable, "-m", "quizserver", "show", "list", "--json"]
    done = subprocess.run(
        [*command, "--data-dir", str(tmp_path)],
        cwd=TOP,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert before is not None
    for show in before["shows"]:  # type: ignore[attr-defined]
        assert show["epoch"] in done.stdout


async def test_who_was_told_that_they_will_be_erased_is_when_the_server_is_stopped(
    tmp_path: Path,
) -> None:
    """R2.6: it waits for the question, and a stop does not forget it."""
    server = ServerProcess(tmp_path, "--samples")
    await server.start()
    try:
        token = await server.token("host", SHOW)
        first, second = invent(2, seed=1)
        async with Caller(server.address, token) as host:
            await command(host, "open_lobby")
            async with Caller(server.address) as door:
                seat = await door.post(f"{CALLS}/participants", form(first))
                other = await door.post(f"{CALLS}/participants", form(second))
            await command(host, "ask")
            await command(host, "open")
        async with Caller(server.address, seat["token"]) as phone:
            await phone.call("POST", f"{CALLS}/me/erase", b'{"confirm": true}')
            assert (await phone.get(f"{CALLS}/me"))["name"] == first.name
        async with Caller(server.address, other["token"]) as phone:
            await phone.post(f"{CALLS}/me", {"withdraw": ["show_name"]})
    finally:
        assert server.stop() == 0
    (ledger,) = (tmp_path / "data").glob("*.db")
    with closing(sqlite3.connect(ledger)) as database:
        left = database.execute("SELECT name FROM person").fetchall()
        told = database.execute("SELECT name FROM event ORDER BY step DESC LIMIT 2")
        assert (left, told.fetchall()) == (
            [(second.name,)],
            [("PeopleChanged",), ("PeopleErased",)],
        )


async def command(host: Caller, name: str) -> None:
    """Give a host's command."""
    await host.post(f"{CALLS}/commands", {"command": name, "ref": name})
