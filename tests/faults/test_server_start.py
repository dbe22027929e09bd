"""Who dials while the server starts waits for it instead of being refused (R1.5).

After a crash thousands of phones dial at once, and the start takes longer than their
first waits. The port is open before anything is loaded; nobody is told a word before
the shows are restored.
"""

import asyncio
import os
from pathlib import Path
from typing import Any

from tests.faults.handsets import Handset, History, crowd_names, join
from tests.faults.onair import LONG, FaultyServer, Premises, assert_calm, on_air


async def test_phone_that_dials_while_the_server_starts_is_let_in_and_not_refused(
    server: FaultyServer, place: Premises
) -> None:
    history = History()
    async with on_air(server, LONG, place) as show:
        (phone,) = await join(server.address, LONG, crowd_names(1), history)
        question = await show.open()
        server.kill()
        secret = WithheldSecret(place.folder / "secret")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.start())
            await secret.asked_for()
            # The server cannot know yet who anybody is, nor what is being played.
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            answer = tasks.create_task(reader.readline())
            online = tasks.create_task(_welcome(phone))
            secret.give()
        writer.close()
        assert answer.result() == b"HTTP/1.1 200 OK\r\n"
        assert online.result()["state"]["question"]["id"] == question
    assert_calm(server)


async def _welcome(phone: Handset) -> dict[str, Any]:
    """Dial once, and return what the server greets with."""
    async with phone.online():
        return await phone.hears("welcome")


class WithheldSecret:
    """The server's secret, which it gets when the test gives it: a pipe in its place.

    So a start is held where it has done nothing yet but load its code.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._secret = path.read_bytes()
        path.unlink()
        os.mkfifo(path, 0o600)
        self._pipe = -1

    async def asked_for(self) -> None:
        """Return when the server reads it."""
        self._pipe = await asyncio.to_thread(os.open, self._path, os.O_WRONLY)

    def give(self) -> None:
        """Let the start go on."""
        os.write(self._pipe, self._secret)
        os.close(self._pipe)
