"""Simulated phones in a process of their own, one company for each show.

The panel starts them: `quizserver rehearse` is run beside the server and speaks to it
as strangers' phones do, so that nothing it does can hold up the server. They leave when
the show is begun anew or ends; whoever is left goes with the server. What fails is told
to the hosts.
"""

import logging
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_LOG: Final = logging.getLogger(__name__)

_LEAVE_S: Final = 2.0
_SAID: Final = 1
"""The exit code of a command that has said in one sentence why it failed."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The process of one show's phones, and where it says what went wrong."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]


class Company:
    """The processes of this server's rehearsals. Nothing here waits but `disperse`."""

    def __init__(self, address: str, certificate: Path | None = None) -> None:
        """`certificate` is the server's own, where it speaks TLS itself."""
        self._address = address
        self._certificate = certificate
        self._here: dict[str, _Group] = {}
        self._leaving: list[_Group] = []
        self._troubles: dict[str, str] = {}

    def send(self, show: str, phones: int, page: str) -> None:
        """Let `phones` join `show` in place of those that were there; 0: nobody.

        `page` is the secret by which the server knows them.
        """
        self._leaving = [one for one in self._leaving if not _has_gone(one)]
        self._troubles.pop(show, None)
        before = self._here.pop(show, None)
        if before is not None:
            before.process.terminate()
            self._leaving.append(before)
        if phones:
            self._here[show] = self._started(show, phones, page)

    def trouble(self, show: str) -> str | None:
        """Return why the phones of `show` stopped; "" when they did not say it.

        None as long as nothing went wrong.
        """
        group = self._here.get(show)
        code = group.process.poll() if group is not None else None
        if group is not None and code is not None:
            del self._here[show]
            if code:
                self._troubles[show] = _why(group, code)
            group.errors.close()
        return self._troubles.get(show)

    def disperse(self) -> None:
        """Take everybody away and wait for it."""
        for show in tuple(self._here):
            self.send(show, 0, "")
        for group in self._leaving:
            try:
                group.process.wait(_LEAVE_S)
            except subprocess.TimeoutExpired:
                group.process.kill()
                group.process.wait()
            group.errors.close()

    def _started(self, show: str, phones: int, page: str) -> _Group:
        order = [sys.executable, "-m", "quizserver", "rehearse", show]
        order += ["--phones", str(phones), "--url", self._address, "--page-follows"]
        if self._certificate is not None:
            order += ["--certificate", str(self._certificate)]
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        process = subprocess.Popen(  # noqa: S603 - our own program, and no shell
            order,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        assert process.stdin is not None, "it was asked for"
        # Not as an argument or in the environment: others may read those.
        with suppress(BrokenPipeError), process.stdin as line:  # it may be gone
            line.write(f"{page}\n".encode())
        return _Group(process, errors)


def _has_gone(group: _Group) -> bool:
    """Tell whether a process that was asked to leave has left."""
    if group.process.poll() is None:
        return False
    group.errors.close()
    return True


def _why(group: _Group, code: int) -> str:
    """Return the last sentence of a process that failed; log all of it."""
    group.errors.seek(0)
    said = group.errors.read().decode(errors="replace").strip()
    _LOG.warning("the simulated phones stopped (exit code %d): %s", code, said)
    return said.splitlines()[-1] if code == _SAID and said else ""
