"""A Redis of the tests' own, which they may kill, freeze and empty.

Nothing listens on the network and nothing is kept on the disk.
"""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from tests.postgres import wait_for


class RedisServer:
    """One server: `start` and `kill` it as often as you like."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self._server: subprocess.Popen[Any] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start it empty, and return when it takes connections."""
        options = ["--port", "0", "--save", "", "--appendonly", "no"]
        self._server = subprocess.Popen(
            ["redis-server", "--unixsocket", self._socket, *options],
            stdout=subprocess.DEVNULL,
            cwd=self._socket.parent,
        )
        wait_for(self._is_ready)

    def kill(self) -> None:
        """End it with kill -9; nothing of it is left."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal: SIGSTOP freezes it."""
        assert self._server is not None
        self._server.send_signal(number)

    def flush(self) -> None:
        """Empty it."""
        with Redis.from_url(self.url) as redis:
            redis.flushall()

    def _is_ready(self) -> bool:
        try:
            with Redis.from_url(self.url) as redis:
                return bool(redis.ping())
        except RedisError:
            return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Make a server that runs, and take it away again."""
    folder = Path(tempfile.mkdtemp(prefix="quiz-redis-", dir="/tmp"))
    made = RedisServer(folder)
    try:
        made.start()
        yield made
    finally:
        made.kill()
        shutil.rmtree(folder, ignore_errors=True)
