"""Several server processes on one port: started, kept running, stopped together.

The parent opens the port once and serves nothing itself. A worker that dies is
started anew; what waits on the port meanwhile is taken by the others. Workers watch
their standard input: it ends with the parent, whatever ended that.
"""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, Literal

from quizserver import premises
from quizserver.app import Running
from quizserver.failures import Failure
from quizserver.settings import Settings
from quizserver.store.ledger import on_postgres, prepare_shared

_LOG: Final = logging.getLogger(__name__)

_PAUSE_S: Final = 0.5
"""Before a worker is started anew, so that one that cannot run costs little."""

_STOP_S: Final = 15
"""How long a worker may take to end well."""

Command = Callable[[int, bool], Sequence[str]]
"""Makes a worker's command line: on which descriptor it listens, whether it greets."""


def refuse_alone(settings: Settings, workers: int) -> None:
    """Refuse more than one process where they have nothing to share.

    Raises:
        Failure: PostgreSQL or Redis is not set.
    """
    missing = [
        name
        for name, is_there in (
            ("QUIZ_DATABASE_URL=postgresql://…", on_postgres(settings.database)),
            ("QUIZ_REDIS_URL=redis://…", bool(settings.redis_url)),
        )
        if not is_there
    ]
    if missing:
        raise Failure("cli.workers.alone", workers=workers, missing=" ".join(missing))


def supervise(
    settings: Settings, workers: int, command: Command, listener: socket.socket
) -> None:
    """Run so many workers on an open port until Ctrl-C or SIGTERM.

    Raises:
        Failure: the folder, the secret or the database cannot be used.
    """
    premises.prepare_folder(settings.data_dir)
    secret = premises.read_secret(settings.secret)
    prepare_shared(settings.database, secret=secret)
    asyncio.run(Crew(listener.fileno(), command).run(workers))


class Crew:
    """The workers of one port."""

    def __init__(self, port: int, command: Command) -> None:
        """Start workers by `command` on the port of this descriptor."""
        self._port = port
        self._command = command
        self._stopping = asyncio.Event()
        self._running: set[asyncio.subprocess.Process] = set()

    async def run(self, workers: int) -> None:
        """Keep so many running until Ctrl-C or SIGTERM."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        async with asyncio.TaskGroup() as group:
            for worker in range(workers):
                group.create_task(self._keep(greets=worker == 0))

    async def _keep(self, *, greets: bool) -> None:
        """Keep one worker running; it greets once."""
        while not self._stopping.is_set():
            try:
                process = await self._started(greets=greets)
            except OSError as error:  # of memory or processes there are none left
                _LOG.error("a worker cannot be started (%s)", error.strerror)
            else:
                code, greets = await process.wait(), False
                self._running.discard(process)
                if not self._stopping.is_set():
                    said = "worker %d ended (%d); another is started"
                    _LOG.error(said, process.pid, code)
            with suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE_S):
                    await self._stopping.wait()

    async def _started(self, *, greets: bool) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *self._command(self._port, greets),
            stdin=asyncio.subprocess.PIPE,
            pass_fds=[self._port],
            # Ctrl-C is for the parent alone, which tells the workers once.
            process_group=0,
        )
        self._running.add(process)
        if self._stopping.is_set():  # while it was being started
            process.terminate()
        return process

    def _stop(self) -> None:
        """Stop every worker as an operator would; who does not stop is killed."""
        if not self._stopping.is_set():
            self._stopping.set()
            asyncio.get_running_loop().call_later(_STOP_S, self._signal, "kill")
        self._signal("terminate")

    def _signal(self, how: Literal["kill", "terminate"]) -> None:
        for process in self._running:
            with suppress(ProcessLookupError):
                getattr(process, how)()


def on_a_leash(
    ready: Callable[[Running], Awaitable[None]],
) -> Callable[[Running], Awaitable[None]]:
    """Have a worker stop when its parent has gone."""

    async def tied(server: Running) -> None:
        stdin = sys.stdin.fileno()
        loop = asyncio.get_running_loop()

        def end() -> None:
            loop.remove_reader(stdin)
            signal.raise_signal(signal.SIGINT)

        loop.add_reader(stdin, end)
        await ready(server)

    return tied
