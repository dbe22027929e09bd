"""The socket that a server listens on, and where phones of this network find it."""

import socket
from collections.abc import Callable
from typing import Final

from quizserver.failures import Failure, cause_of

BACKLOG: Final = 4096
"""Connections that may wait for `accept`: while everybody joins at once, and while a
server starts that they come back to. As many as Linux allows unless told otherwise."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; 0 takes any free port.

    From now on who comes waits in the kernel instead of being refused.

    Raises:
        Failure: the address is taken or not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Failure(
            "failure.listen", host=host, port=port, cause=cause_of(error)
        ) from None
    listener.settimeout(0)
    return listener


def address_of(listener: socket.socket, *, speaks_tls: bool) -> str:
    """Return where phones of this network reach us: no public URL is set."""
    return _url(listener, _own_address, speaks_tls=speaks_tls)


def from_here(listener: socket.socket, *, speaks_tls: bool) -> str:
    """Return where programs of this machine reach us."""

    def this_machine() -> str:
        return "127.0.0.1" if listener.family == socket.AF_INET else "::1"

    return _url(listener, this_machine, speaks_tls=speaks_tls)


def _url(
    listener: socket.socket, anywhere: Callable[[], str], *, speaks_tls: bool
) -> str:
    """Return the socket's address; `anywhere` when it listens on all of them."""
    scheme = "https" if speaks_tls else "http"
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = anywhere()
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _own_address() -> str:
    """Return the address of the interface that leads outside; nothing is sent."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        probe.connect(("192.0.2.1", 9))  # a documentation address (RFC 5737)
        return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"
    finally:
        probe.close()
