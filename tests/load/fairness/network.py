"""Two network namespaces of our own, and the path between them.

`Network` makes them and takes them away again, whatever happens in between. The
server's side has one address; on the phones' side every address of 10.0.0.0/8 is
local, so each phone has one of its own. Needs root and /dev/net/tun.
"""

import json
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE
from types import TracebackType
from typing import Any, Final, Self

SERVER: Final = "192.0.2.1"
"""The server's address: of the block for documentation, so nobody's."""

PHONES: Final = "10.0.0.0/8"
DEVICE: Final = "lab0"
"""Name of the TUN device on both sides, as in path.c."""

QUEUE: Final = 20_000
"""Packets the kernel keeps for the path: a burst to everybody must fit."""


class Network:
    """The two sides and the running path; a context."""

    def __init__(self, path: Path, networks: Path, log: Path, seed: int) -> None:
        name = f"quizlab-{os.getpid()}"
        self.server, self.phones = f"{name}-s", f"{name}-p"
        self.figures: dict[str, Any] = {}
        self._command = [str(path), self.server, self.phones, str(networks), str(log)]
        self._command.append(str(seed))
        self._path: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        try:
            self._build()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def _build(self) -> None:
        for side in (self.server, self.phones):
            _ip("netns", "add", side)
        self._path = subprocess.Popen(self._command, stdout=PIPE, text=True)
        assert self._path.stdout is not None
        if self._path.stdout.readline() != "ready\n":
            raise RuntimeError("the path did not start")
        for side in (self.server, self.phones):
            _ip("-n", side, "link", "set", "lo", "up")
            _ip("-n", side, "link", "set", DEVICE, "txqueuelen", str(QUEUE), "up")
        _ip("-n", self.server, "addr", "add", SERVER, "dev", DEVICE)
        _ip("-n", self.server, "route", "add", PHONES, "dev", DEVICE, "src", SERVER)
        _ip("-n", self.phones, "route", "add", "local", PHONES, "dev", "lo")
        _ip("-n", self.phones, "route", "add", SERVER, "dev", DEVICE)

    def _remove(self) -> None:
        if self._path is not None:
            self._path.send_signal(signal.SIGTERM)
            told, _ = self._path.communicate(timeout=30)
            self.figures = json.loads(told or "{}")
            self._path = None
        for side in (self.server, self.phones):
            _end_everything_in(side)
            subprocess.run(["ip", "netns", "del", side], check=False, stderr=DEVNULL)


def _end_everything_in(side: str) -> None:
    """End what still runs in a namespace of ours, as after Ctrl-C."""
    found = subprocess.run(
        ["ip", "netns", "pids", side], check=False, stdout=PIPE, stderr=DEVNULL
    )
    for number in found.stdout.split():
        with suppress(ProcessLookupError):
            os.kill(int(number), signal.SIGKILL)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
