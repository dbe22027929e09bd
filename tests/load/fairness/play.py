"""The show itself, inside the server's side of the network.

    python -m tests.load.fairness.play FOLDER PHONES_NS

Started by `lab`, which has put the plan and the programs into FOLDER. Starts the
real server, registers everybody, lets the phones in, plays every question by a
host's commands, ends the show, takes the audit export and has it verified.
"""

import asyncio
import json
import os
import resource
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.people import Person
from quizserver.rehearsal.phone import Hints, SimulatedPhone, join_all
from tests.load.fairness.files import Files, Plan
from tests.load.fairness.network import SERVER
from tests.load.fairness.people import KEY, OPTIONS, write_phones
from tests.server import ServerProcess

SHOW: Final = "FAIR"
PACK: Final = "fairness-lab"
PACE: Final = Pace(lobby=2, asked=0.2, locked=0.1, revealed=0.4, standings=0.2)
HERE_S: Final = 180
"""Longest until every phone is in the show."""

OPEN_FILES: Final = 20_000
SERVER_PRIORITY: Final = 10
"""Real time, as the lab's own programs have."""


class LabServer(ServerProcess):
    """A server that listens on the network of the lab too."""

    def _serve_arguments(self) -> list[str]:
        return ["--host", "0.0.0.0", "--port", str(self.port)]  # noqa: S104

    def threads(self) -> list[int]:
        """Return the threads of the server."""
        assert self._process is not None
        folder = Path(f"/proc/{self._process.pid}/task")
        return [int(thread.name) for thread in folder.iterdir()]

    def worked(self) -> dict[str, float]:
        """Return its seconds on a processor, and those it waited for one."""
        paths = [Path(f"/proc/{one}/schedstat") for one in self.threads()]
        facts = [one.read_text().split() for one in paths]
        ns = [sum(int(fact[at]) for fact in facts) for at in (0, 1)]
        return {"processor_s": ns[0] / 1e9, "waited_s": ns[1] / 1e9}


async def play(files: Files, phones_side: str) -> None:
    """Play the show; leave what was seen in the files."""
    plan, folder = files.plan, files.folder / "server"
    _write_pack(plan, folder / "data" / "packs" / PACK)
    server = LabServer(folder)
    try:
        await server.start()
        _make_way(server)
        await server.run("show", "create", SHOW, "--pack", PACK, "--timing", "fair-1")
        people = await _registered(server, plan)
        write_phones(plan.people(), people, files.phones)
        token = await server.token("host", SHOW)
        async with _phones(files, plan, server.port, phones_side) as phones:
            async with Caller(server.address, token) as caller:
                await Director(caller, SHOW, Hints(), PACE).play()
            files.tell("server", server.worked())
            files.tell("phones", json.loads(await _last_line(phones)))
        await _export(server, files)
    finally:
        server.stop()


async def _registered(server: ServerProcess, plan: Plan) -> list[str]:
    """Register everybody; keep who is who, return the tokens."""
    person = Person("Lê Thị Thử", "Sở Thử nghiệm", "lab", 0.5, 1.0)
    crowd = [
        SimulatedPhone(server.address, SHOW, person, Hints(), one.number)
        for one in plan.people()
    ]
    await join_all(server.address, crowd)
    joined = [one.joined for one in crowd if one.joined is not None]
    names = server.folder / "participants.json"
    names.write_text(json.dumps([one.participant for one in joined]))
    return [one.token for one in joined]


@asynccontextmanager
async def _phones(
    files: Files, plan: Plan, port: int, side: str
) -> AsyncIterator[Process]:
    """Run the phones; all of them are in the show when this is entered."""
    words = (SERVER, port, SHOW, files.phones, files.fingers, plan.questions)
    command = [files.program("phones"), *words, files.taps]
    phones = await asyncio.create_subprocess_exec(
        *("ip", "netns", "exec", side, *map(str, command)), stdout=PIPE
    )
    assert phones.stdout is not None
    try:
        async with asyncio.timeout(HERE_S):
            here = await phones.stdout.readline()
        if here != b"all here\n":
            raise RuntimeError("the phones did not come")
        yield phones
    finally:
        if phones.returncode is None:
            phones.terminate()
        await phones.wait()


async def _last_line(phones: Process) -> bytes:
    assert phones.stdout is not None
    async with asyncio.timeout(30):
        return await phones.stdout.readline()


async def _export(server: ServerProcess, files: Files) -> None:
    export = ("results", "export", SHOW, "--format", "audit", "--out")
    await server.run(*export, str(files.audit))
    files.tell("verified", (await server.run("results", "verify", str(files.audit))))


def _make_way(server: LabServer) -> None:
    """Leave the server's cores to the server; go where the lab is (lab.h).

    It also goes before all else that this machine may have to do, as on a machine
    of its own: what waits for somebody's editor says nothing about the server.
    """
    first = os.sched_param(SERVER_PRIORITY)
    for thread in server.threads():
        os.sched_setscheduler(thread, os.SCHED_RR, first)
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})


def _write_pack(plan: Plan, folder: Path) -> None:
    folder.mkdir(parents=True)
    text = "".join(f"{line}\n" for line in _pack_lines(plan))
    (folder / "pack.toml").write_text(text, encoding="utf-8")


def _pack_lines(plan: Plan) -> Iterator[str]:
    yield f'[pack]\nid = "{PACK}"\ntitle = "Fairness lab"\nlang = "en"'
    options = json.dumps([f"Option {letter}" for letter in OPTIONS])
    for number in range(1, plan.questions + 1):
        yield f'[[question]]\nid = "q{number}"\ntext = "Question {number}?"'
        yield f'options = {options}\nkey = "{KEY}"\nduration_ms = {plan.duration_ms}'
        yield 'source = "Invented"\nauthor = "Lab"\nreviewer = "Another"'


def main() -> None:
    """Play in the folder that is named."""
    # The lab itself has the last core (lab.h); the server gets the others.
    os.sched_setaffinity(0, set(range(max(1, (os.cpu_count() or 1) - 1))))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    for name in [name for name in os.environ if name.startswith("QUIZ_")]:
        del os.environ[name]
    asyncio.run(play(Files(Path(sys.argv[1])), sys.argv[2]))


if __name__ == "__main__":
    main()
