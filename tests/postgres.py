"""A PostgreSQL of the tests' own, which they may kill: data, socket and all.

PostgreSQL refuses to run as root, so where the tests do it runs as another user
of this machine. Nothing listens on the network.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg

_USERS: Final = ("postgres", "nobody")
"""Who runs it where the tests are root: the first that there is."""

_READY_S: Final = 30

_INITDB: Final = ("--no-sync", "--no-locale", "--no-instructions")

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "autovacuum": "off",
    # Not less: what is flushed here is what the tests are about.
    "synchronous_commit": "on",
    "fsync": "on",
    "log_min_messages": "error",
}


class Cluster:
    """One PostgreSQL server: `start` and `kill` it as often as you like."""

    def __init__(self, folder: Path) -> None:
        """Make an empty one in `folder`, whose path must be short."""
        self.folder = folder
        self._data = folder / "data"
        self._log = folder / "log"
        self._server: subprocess.Popen[Any] | None = None
        self._run("initdb", "-U", "quiz", "-A", "trust", "-E", "UTF8", *_INITDB)

    # --- the server -----------------------------------------------------------------

    def start(self) -> None:
        """Start it, and return when it takes connections; restart after a kill."""
        # Left by a postmaster that was killed; nothing of it lives any more.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                [program("postgres"), "-D", self._data, "-k", self.folder, *settings],
                stdout=log,
                stderr=log,
                cwd="/",
                **_unprivileged(),
            )
        wait_for(self._is_ready)

    def kill(self) -> None:
        """End it with kill -9, every process of it, as a crash of the machine would."""
        assert self._server is not None
        family = [self._server.pid, *_children(self._server.pid)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait()
        wait_for(lambda: not any(_lives(pid) for pid in family))
        self._server = None

    @property
    def runs(self) -> bool:
        """Whether it was started and not ended since."""
        return self._server is not None

    def signal(self, number: signal.Signals) -> None:
        """Send every process of it a signal: SIGSTOP freezes it."""
        assert self._server is not None
        for pid in (self._server.pid, *_children(self._server.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self) -> None:
        """End it as an operator would."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(_READY_S)
            self._server = None

    def said(self) -> str:
        """Return its log."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    # --- its databases --------------------------------------------------------------

    def url(self, database: str) -> str:
        """Return the URL of a database, which need not be there yet."""
        return f"postgresql://quiz@/{database}?host={self.folder}"

    def make(self, database: str, more: str = "template template0") -> str:
        """Make a database; return its URL. `more` is SQL of CREATE DATABASE."""
        self.run(f'create database "{database}" {more}')
        return self.url(database)

    @property
    def version(self) -> int:
        """Its major version."""
        return int(self.run("show server_version_num")[0][0]) // 10_000

    def copy(self, database: str, source: str) -> str:
        """Make a copy of a database that nobody uses; return its URL."""
        # The newer way of copying lets a sequence fall back behind what it has
        # given when the copy is killed soon after.
        how = "strategy file_copy" if self.version >= 15 else ""
        return self.make(database, f'template "{source}" {how}')

    def run(self, sql: str, database: str = "postgres") -> list[Any]:
        """Run a statement; return its rows."""
        with connected(self.url(database)) as db:
            found = db.execute(sql)
            return found.fetchall() if found.description else []

    # --- steps ----------------------------------------------------------------------

    def _is_ready(self) -> bool:
        try:
            self.run("select 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [program(name), "-D", self._data, *arguments],
            check=True,
            capture_output=True,
            cwd="/",
            **_unprivileged(),
        )


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Make a server that runs, and take it away again."""
    # Not under pytest's own folders: their paths are long for a socket, and
    # closed to the user it runs as.
    folder = Path(tempfile.mkdtemp(prefix="quiz-pg-", dir="/tmp"))
    made = None
    try:
        if who := _unprivileged():
            shutil.chown(folder, who["user"], who["group"])
        made = Cluster(folder)
        made.start()
        yield made
    finally:
        if made is not None:
            with suppress(AssertionError):
                made.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def connected(url: str) -> Iterator["psycopg.Connection[Any]"]:
    """Connect for a few statements, each of which stands for itself."""
    db = psycopg.connect(url, autocommit=True)
    try:
        yield db
    finally:
        db.close()


def wait_for(ready: Callable[[], bool]) -> None:
    """Return when it is so, looking fifty times a second, or fail."""
    look = threading.Event()
    for _ in range(50 * _READY_S):
        if ready():
            return
        look.wait(0.02)
    raise AssertionError("it took too long")


def program(name: str) -> str:
    """Return the path of a program of PostgreSQL; Debian keeps them by version."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next(map(str, newest), None)
    assert found is not None, f"{name} is missing; run: make system"
    return found


def _unprivileged() -> dict[str, Any]:
    """Return how a process is started as somebody who is not root."""
    if os.geteuid() != 0:
        return {}
    for user in _USERS:
        with suppress(KeyError):
            who = pwd.getpwnam(user)
            return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    raise AssertionError("neither postgres nor nobody is a user of this machine")


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(status.parent.name))
    return found


def _lives(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
