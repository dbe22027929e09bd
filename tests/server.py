"""The real server as its own process, for tests that start, kill and restart it."""

import asyncio
import os
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from quizserver.desk.acts import AddToken
from quizserver.desk.line import ask
from quizserver.live.access import Role
from quizserver.rehearsal.calls import Caller, Refused
from quizserver.rehearsal.trust import pinned

READY_S = 60
"""Longest a start may take on a busy machine."""


PORTS: Final = range(20_000, 32_000)
"""Below those that outgoing connections take: while a server is down, no phone that
dials may get its port."""


def free_port() -> int:
    """Return a port that nobody uses now."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("0.0.0.0", port))  # noqa: S104 - on no address
            return port


class ServerProcess:
    """`quizserver serve` on data of its own; the same port at every start."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {"QUIZ_DATA_DIR": str(folder / "data")}
        self._trust: ssl.SSLContext | None = None

    def speak_tls(self, certificate: Path, key: Path) -> None:
        """Have it speak TLS itself from its next start on."""
        self.address = f"https://127.0.0.1:{self.port}"
        self._trust = pinned(certificate)
        self._settings["QUIZ_TLS_CERTIFICATE"] = str(certificate)
        self._settings["QUIZ_TLS_KEY"] = str(key)

    async def start(self) -> None:
        """Start, and return when phones can join."""
        self._process = self._spawned()
        async with asyncio.timeout(READY_S):
            while not await self._is_ready():
                assert self._process.poll() is None, self.said()
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """Kill it as a crash would: SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Stop it as an operator would: SIGTERM; return the exit code."""
        return self._end(signal.SIGTERM)

    def said(self) -> str:
        """Return what it has printed since its first start."""
        return self.log.read_text(encoding="utf-8")

    def link(self, path: str) -> str:
        """Return the newest printed address that holds `path`."""
        found = re.findall(rf"{self.address}{re.escape(path)}\S*", self.said())
        return str(found[-1])

    async def run(self, *arguments: str) -> str:
        """Run another `quizserver` command on the same data; return what it says."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "quizserver",
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment(),
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    async def token(self, role: str, show: str) -> str:
        """Return a new bearer token, as the command does; a second sooner."""
        act = AddToken(role=Role(role), show=show)
        told = await asyncio.to_thread(ask, self.folder / "data", act)
        assert told is not None, "no server runs"
        return str(told["token"])

    def _spawned(self) -> subprocess.Popen[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "quizserver", "serve", *self._serve_arguments()],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
            )

    def _serve_arguments(self) -> list[str]:
        where = ["--host", "127.0.0.1", "--port", str(self.port)]
        return [*where, *self._arguments]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self._settings}

    async def _is_ready(self) -> bool:
        try:
            async with Caller(self.address, trust=self._trust) as caller:
                return bool((await caller.get("/readyz"))["ready"])
        except (OSError, Refused):
            return False

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(READY_S)
        self._process = None
        return code
