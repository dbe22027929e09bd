"""Simulated phones in a process of their own, one company for each show.

The panel starts them: `quizserver rehearse` is run beside the server and speaks to it
as strangers' phones do, so that nothing it does can hold up the server. They leave when
the show is begun anew or ends; whoever is left goes with the server.
"""

import subprocess
import sys
from typing import Final

_LEAVE_S: Final = 2.0


class Company:
    """The processes of this server's rehearsals. Nothing here waits but `disperse`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._here: dict[str, subprocess.Popen[bytes]] = {}
        self._leaving: list[subprocess.Popen[bytes]] = []

    def send(self, show: str, phones: int) -> None:
        """Let `phones` join `show` in place of those that were there; 0: nobody."""
        self._leaving = [one for one in self._leaving if one.poll() is None]
        before = self._here.pop(show, None)
        if before is not None:
            before.terminate()
            self._leaving.append(before)
        if phones:
            self._here[show] = self._started(show, phones)

    def disperse(self) -> None:
        """Take everybody away and wait for it."""
        for show in tuple(self._here):
            self.send(show, 0)
        for process in self._leaving:
            try:
                process.wait(_LEAVE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _started(self, show: str, phones: int) -> subprocess.Popen[bytes]:
        order = [sys.executable, "-m", "quizserver", "rehearse", show]
        order += ["--phones", str(phones), "--url", self._address]
        return subprocess.Popen(  # noqa: S603 - our own program, and no shell
            order,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
