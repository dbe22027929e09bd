"""The servers of a bench, each started on the first processor core.

A stand is one of them: our own, whole and on data of its own, or a peer of
`tests/load/peers`, which knows no quiz. All are told the same two things (tell
everybody a text, open a question) and are heard by the same phones.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from websockets.asyncio.client import ClientConnection, connect

from quizserver import shipped
from quizserver.rehearsal.calls import PatientCaller, Refused, is_ready_within
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from quizserver.rehearsal.swarm import Plan
from tests.load.bench.taken import port_is_taken
from tests.server import free_port

CORE: Final = 0
"""The servers' core; everything else of a bench runs on the others."""

PEERS: Final = Path(__file__).parents[1] / "peers"
SHOW: Final = "BENCH"
PACK: Final = "cchc-2023-so-1"
DURATION_MS: Final = 5_000
LEAST_MS: Final = 500
WITHIN_MS: Final = 2_000
_READY_S: Final = 30
_END_S: Final = 10


class Missing(Exception):
    """A peer cannot be had on this machine; `str()` says why."""


class Stand(Protocol):
    """A server that runs; `pid` is its process."""

    pid: int
    is_bare: bool

    async def start(self) -> None:
        """Start it, and return when it listens."""

    async def tell(self, size: int) -> tuple[int, int]:
        """Tell everybody a text of `size` bytes; return its step and when (ns)."""

    async def open(self) -> None:
        """Open the next question; return when everybody is being told."""

    def plan(self, phones: int) -> Plan:
        """Return whose phones come: one answer each, half a second later."""

    async def stop(self) -> None:
        """End it."""


def on_core(command: Sequence[str], log: Path, cwd: Path) -> subprocess.Popen[bytes]:
    """Start a server on its core.

    It keeps what it compiles, as an installed one does: half a second of a start.
    """
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with log.open("ab") as said:
        return subprocess.Popen(
            ["taskset", "--cpu-list", str(CORE), *command],
            stdout=said,
            stderr=said,
            cwd=cwd,
            env=kept,
        )


def text_of(step: int, size: int) -> str:
    """Return a notice as our server says it, filled up to `size` bytes."""
    message = {"type": "notice", "epoch": "0123abcd", "step": step, "text": ""}
    bare = json.dumps(message, separators=(",", ":"))
    return bare[:-2] + "x" * (size - len(bare)) + bare[-2:]


class Peer:
    """A server that knows no quiz. `command` has PORT where its port belongs."""

    is_bare = True

    def __init__(self, folder: Path, *command: str) -> None:
        self._folder = folder
        self._port = free_port()
        self._command = [part.replace("PORT", str(self._port)) for part in command]
        self._steps = self._questions = 0
        self.pid = 0

    async def start(self) -> None:
        """Start it, and return when it listens."""
        log = self._folder / "peer.log"
        # Node finds its modules beside the folder it is started in.
        self._process = on_core(self._command, log, Path.cwd())
        self.pid = self._process.pid
        async with asyncio.timeout(_READY_S):
            while not port_is_taken(self._port):
                if self._process.poll() is not None:
                    raise Missing(log.read_text("utf-8").strip().splitlines()[-1])
                await asyncio.sleep(0.05)
        self._link = await self._dialled()

    async def _dialled(self) -> ClientConnection:
        address = f"ws://127.0.0.1:{self._port}/ws/phone"
        return await connect(address, compression=None, ping_interval=None)

    async def tell(self, size: int) -> tuple[int, int]:
        """Tell everybody a text of `size` bytes; return its step and when (ns)."""
        self._steps += 1
        text = text_of(self._steps, size)
        at_ns = time.monotonic_ns()
        await self._link.send(f"GO {text}")
        return self._steps, at_ns

    async def open(self) -> None:
        """Open the next question, the same for everybody."""
        self._questions += 1
        self._steps += 1
        options = [{"id": letter, "text": "x" * 30} for letter in "ABCD"]
        question = {
            "id": f"q{self._questions}",
            "text": "x" * 120,
            "options": options,
            "nonce": "0123456789abcdef",
        }
        cue = {"type": "open", "epoch": "0123abcd", "step": self._steps}
        said = {**cue, "question": question, "duration_ms": DURATION_MS}
        await self._link.send(f"GO {json.dumps(said, separators=(',', ':'))}")

    def plan(self, phones: int) -> Plan:
        """Return phones that say no hello: a handshake is enough here."""
        return _plan(f"http://127.0.0.1:{self._port}", phones, is_bare=True)

    async def stop(self) -> None:
        """End it."""
        if not self.pid:
            return
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, _END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        await self._link.close()


class Ours:
    """The product, whole: accounts, ledger, show, and everything it always does."""

    is_bare = False

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str] = {},
        *,
        within_ms: int = WITHIN_MS,
        duration_ms: int = DURATION_MS,
    ) -> None:
        """Make one whose questions are answered at random within so long."""
        self._duration_ms = duration_ms
        self._folder = folder
        self._within_ms = within_ms
        self._environment = os.environ | environment
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self.pid = 0

    async def start(self) -> None:
        """Start it with a show in its lobby."""
        self._write_pack()
        await self.run()
        self._command("show", "create", SHOW, "--pack", PACK)
        said = self._command("account", "token", "--role", "owner", "--show", SHOW)
        self.caller = PatientCaller(self.address, said.split()[-1])
        self.director = Director(self.caller, SHOW, Hints(), Pace())
        await self.director.command("open_lobby")

    async def run(self) -> None:
        """Start the process, as it was; return when phones can come."""
        where = ("--host", "127.0.0.1", "--port", str(self._port))
        command = [sys.executable, "-m", "quizserver", "serve", *where, *self._data()]
        log = self._folder / "server.log"
        self._process = self._started(command, log)
        self.pid = self._process.pid
        runs = self._process.poll
        if not await is_ready_within(self.address, _READY_S, lambda: runs() is None):
            raise RuntimeError(log.read_text("utf-8"))

    async def tell(self, size: int) -> tuple[int, int]:
        """Post a notice; when, is before the command is even sent."""
        text = notice_of(size)
        at_ns = time.monotonic_ns()
        reply = await self.director.command("notice", text=text)
        return int(reply["step"]), at_ns

    async def open(self) -> None:
        """Bring the show to its next question and open it: three seconds of roll."""
        while True:
            state = await self.director.state()
            step = state.get("next", {}).get("command")
            if state["phase"] == "open":
                return
            if "opens_in_ms" in state:
                await asyncio.sleep(state["opens_in_ms"] / 1000)
            elif step in {None, "lock"}:
                await asyncio.sleep(0.1)
            else:
                await self._advance(str(step), state["step"])

    async def reveal(self) -> None:
        """Wait for the deadline and reveal the key."""
        while True:
            state = await self.director.state()
            if state["phase"] == "revealed":
                return
            if state.get("next", {}).get("command") == "reveal":
                await self._advance("reveal", state["step"])
            else:
                await asyncio.sleep(0.1)

    async def crash(self) -> None:
        """Kill it as a crash would, and start it again at once."""
        self._process.kill()
        self._process.wait()
        await self.run()

    def plan(self, phones: int) -> Plan:
        """Return phones that register, say hello and are checked."""
        return _plan(self.address, phones, self._within_ms)

    async def stop(self) -> None:
        """End it."""
        if not self.pid:
            return
        self._process.terminate()
        await asyncio.to_thread(self._process.wait, 3 * _END_S)
        self.caller.close()

    async def _advance(self, command: str, step: int) -> None:
        try:
            await self.director.command(command, step=step)
        except Refused as refused:
            if refused.status != 409:
                raise

    def _started(self, command: list[str], log: Path) -> "subprocess.Popen[bytes]":
        return on_core(command, log, Path.cwd())

    def _data(self) -> list[str]:
        return ["--data-dir", str(self._folder / "data")]

    def _command(self, *arguments: str) -> str:
        whole = [sys.executable, "-m", "quizserver", *arguments, *self._data()]
        return subprocess.run(
            whole, check=True, capture_output=True, text=True, env=self._environment
        ).stdout

    def _write_pack(self) -> None:
        asked = "[[question]]\n"
        pack = (shipped.questions() / PACK / "pack.toml").read_text("utf-8")
        folder = self._folder / "data" / "packs" / PACK
        folder.mkdir(parents=True)
        timed = pack.replace(asked, f"{asked}duration_ms = {self._duration_ms}\n")
        (folder / "pack.toml").write_text(timed, "utf-8")


def _plan(
    address: str, phones: int, within_ms: int = WITHIN_MS, *, is_bare: bool = False
) -> Plan:
    return Plan(
        address=address,
        show=SHOW,
        phones=phones,
        within_ms=LEAST_MS + within_ms,
        least_ms=LEAST_MS,
        copies=1,
        is_bare=is_bare,
    )


def notice_of(size: int) -> str:
    """Return a notice whose cue has `size` bytes: 200 letters at most, some longer."""
    left = size - len(text_of(10, 0))
    wide = max(0, -(-(left - 200) // 2))
    return "ế" * wide + "x" * (left - 3 * wide)


def node_modules() -> Path:
    """Return the folder that holds node's `ws`, made now if need be. Raises Missing."""
    home = Path("build") / "bench"
    modules = home / "node_modules"
    if not (modules / "ws").is_dir():
        home.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(home), "--no-save", "ws@8"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        except (OSError, subprocess.SubprocessError) as error:
            raise Missing(f"npm cannot install ws ({type(error).__name__})") from None
    # Node looks for modules beside the file that asks for them.
    shutil.copy(PEERS / "node_ws.js", home)
    return modules


def floor_program(folder: Path) -> Path:
    """Return the floor, compiled. Raises Missing."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise Missing("there is no C compiler (cc)")
    made = folder / "floor"
    source = str(PEERS / "floor.c")
    subprocess.run([compiler, "-O2", "-o", str(made), source], check=True)
    return made
