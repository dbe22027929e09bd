"""A wire to PostgreSQL that a test can cut where it hurts: around a commit."""

import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

_NAME = ".s.PGSQL.5432"
_COMMIT = b"commit\0"

Cut = Literal["before", "after", "silent", ""]
"""Where the next commit is cut off: before it arrives, or before it is answered.

"silent" is as "after", and the server hears nothing of it: its side stays open.
"""


class Wire:
    """Passes bytes on between a client and a server's socket."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.folder = folder
        self.cut: Cut = ""
        self.on_cut: Callable[[], None] = lambda: None
        """Called when a commit was cut off, before the client learns of it."""
        self._server = server / _NAME
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / _NAME))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no connection any more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass, args=[client], daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        with client, server, suppress(OSError), selectors.DefaultSelector() as ready:
            server.connect(str(self._server))
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    said = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]
                    if not said or self._cuts(said, client, key.data):
                        return
                    key.data.sendall(said)

    def _cuts(self, said: bytes, client: socket.socket, to: socket.socket) -> bool:
        cut = self.cut
        if not cut or _COMMIT not in said:
            return False
        self.cut = ""
        if cut != "before":
            to.sendall(said)
            to.recv(1 << 16)
        self.on_cut()
        if cut == "silent":
            client.shutdown(socket.SHUT_RDWR)
            to.recv(1 << 16)  # until the server ends it
        return True


@contextmanager
def wire_to(server: Path, folder: Path) -> Iterator[Wire]:
    """Lend a wire that listens in `folder`."""
    wire = Wire(server, folder)
    try:
        yield wire
    finally:
        wire.close()
