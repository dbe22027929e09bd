"""What the kernel knows of a TCP connection: its round trip, its losses.

Linux's TCP_INFO is timed from acknowledgements, which no page and no ordinary
client can hold back; that makes it the proof of R4.4. Elsewhere there is none,
and answers have the tier `pong`. One call costs about 3 µs.
"""

import socket
import struct
import sys
from typing import Final, NamedTuple, Protocol

_HAS_INFO: Final = sys.platform == "linux"
_READ: Final = struct.Struct("=68xI28xI44xI").unpack
_SIZE: Final = 152
"""Of `struct tcp_info` (linux/tcp.h): tcpi_rtt at 68, tcpi_total_retrans at 100,
tcpi_min_rtt (since Linux 4.6) at 148, their end."""


class Socket(Protocol):
    """As much of a socket as a transport lends."""

    def getsockopt(self, level: int, option: int, size: int, /) -> bytes:
        """Read an option."""
        ...


class Sample(NamedTuple):
    """What TCP_INFO holds of a connection; spans in µs.

    `retrans` counts segments ever sent again; `rtt_min_us` is the lowest round
    trip of the last five minutes.
    """

    rtt_us: int
    retrans: int
    rtt_min_us: int


def read_sample(sock: Socket) -> Sample | None:
    """Return what TCP_INFO says now; None where there is no such thing."""
    if not _HAS_INFO:
        return None
    try:
        facts = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE)
    except OSError:
        return None  # closed meanwhile
    if len(facts) < _SIZE:
        return None
    return Sample._make(_READ(facts))
