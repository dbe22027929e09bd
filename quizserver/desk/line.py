"""The way from a command to the server that runs: a socket in the data folder.

One JSON line in, one JSON line out, then the connection ends. Whoever may open
the socket (mode 0600) may read the database beside it, so there is no other
password. It carries acts and refusals; it knows nothing of what they do.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from quizserver.desk.acts import Act, Told
from quizserver.failures import Failure, cause_of
from quizserver.texts.catalogue import LANGS

NAME: Final = "desk.sock"
"""The socket's file in the data folder."""

_ANY: Final = "desk*.sock"
_LONGEST: Final = 64 * 1024
_SAID_WITHIN_S: Final = 5
_ANSWERED_WITHIN_S: Final = 300
_LONGEST_ADDRESS: Final = 100
"""Bytes of a path that every system takes as a socket's address."""

Perform = Callable[[Act], Awaitable[Told]]


class _Done(msgspec.Struct, tag="done", frozen=True):
    told: Told


class _Refused(msgspec.Struct, tag="refused", frozen=True):
    """Why not, in every language: the server does not know the asker's."""

    sentences: dict[str, str]


class ServerRefused(Failure):
    """The running server refused an act, with these sentences by language."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__()
        self._sentences = sentences

    def in_words(self, lang: str) -> str:
        """Return what the server said."""
        return self._sentences[lang]


_ACTS: "Final[msgspec.json.Decoder[Act]]" = msgspec.json.Decoder(Act)
_REPLIES: "Final[msgspec.json.Decoder[_Done | _Refused]]" = msgspec.json.Decoder(
    _Done | _Refused
)


@asynccontextmanager
async def open_line(
    folder: Path, perform: Perform, *, several: bool = False
) -> AsyncIterator[None]:
    """Take acts on the socket in `folder` for as long as the context is open.

    The caller owns the database, so a socket that lies there is of a server
    that is gone, and is replaced; of `several` that share it each has its own.
    """
    path = folder / NAME
    if several:
        _forget_the_dead(folder)
        path = folder / f"desk-{os.getpid()}.sock"

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(ConnectionError, TimeoutError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_SAID_WITHIN_S):
                said = await reader.readline()
            writer.write(msgspec.json.encode(await _reply(perform, said)) + b"\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(answer, sock=_bound(path), limit=_LONGEST)
    try:
        yield
    finally:
        server.close()
        with suppress(OSError):
            path.unlink()


def ask(folder: Path, act: Act) -> Told | None:
    """Return what the running server tells of `act`; None when none runs.

    Raises:
        Failure: the server refused, or gave no answer.
    """
    for path in sorted(folder.glob(_ANY)):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            try:
                with _address(path) as address:
                    line.connect(address)
            except (FileNotFoundError, ConnectionRefusedError):
                continue  # of a server that is gone
            except OSError as error:
                raise Failure(
                    "desk.no_line", file=str(path), cause=cause_of(error)
                ) from None
            line.settimeout(_ANSWERED_WITHIN_S)
            return _told(_exchange(line, msgspec.json.encode(act) + b"\n"))
    return None


def _exchange(line: socket.socket, said: bytes) -> bytes:
    try:
        line.sendall(said)
        with line.makefile("rb") as answer:
            return answer.readline()
    except OSError:
        return b""


def _told(reply: bytes) -> Told:
    try:
        decoded = _REPLIES.decode(reply)
    except msgspec.DecodeError:
        raise Failure("desk.no_answer") from None
    if isinstance(decoded, _Refused):
        raise ServerRefused(decoded.sentences)
    return decoded.told


async def _reply(perform: Perform, said: bytes) -> _Done | _Refused:
    try:
        return _Done(await perform(_ACTS.decode(said)))
    except msgspec.DecodeError as error:
        return _refused(Failure("desk.unknown_act", cause=str(error)))
    except Failure as failure:
        return _refused(failure)


def _refused(failure: Failure) -> _Refused:
    return _Refused({lang: failure.in_words(lang) for lang in LANGS})


def _forget_the_dead(folder: Path) -> None:
    """Remove the sockets of processes that were killed."""
    for path in folder.glob("desk-*.sock"):
        try:
            os.kill(int(path.stem.removeprefix("desk-")), 0)
        except ProcessLookupError:
            path.unlink(missing_ok=True)
        except (ValueError, OSError):
            continue  # not one of ours, or alive


def _bound(path: Path) -> socket.socket:
    """Return a socket at `path` that nobody else may open. Raises Failure."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        with _address(path) as address:
            line.bind(address)
        path.chmod(0o600)
    except OSError as error:
        line.close()
        raise Failure("desk.no_socket", file=str(path), cause=cause_of(error)) from None
    return line


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """Give `path` in a form short enough for a socket's address."""
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS or sys.platform != "linux":
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
