"""Every bound of a connection, in one table.

A phone behind a bad network stays far below each of them; a hostile one meets
them before anything else has looked at what it sent. Nothing here depends on
the address a connection comes from (Source: R2.4).
"""

from dataclasses import dataclass
from typing import Final

from quizserver.wire.common import MAX_INBOUND

SECOND: Final = 1_000_000_000
"""Nanoseconds in a second: all moments and spans of the gateway are in ns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one connection; `_ns` are spans, `_bytes` sizes.

    Attributes:
        message_bytes: longest inbound message; a longer one is closed with 4413.
        fragments: most frames of one message; more is closed with 4429.
        burst_bytes: inbound bytes that may come at once (phones, screens).
        bytes_per_s: how fast that allowance fills again.
        burst_frames: inbound frames of any kind that may come at once.
        frames_per_s: how fast that allowance fills again.
        hello_ns: from the handshake to `hello`, else 4400.
        ping_ns: between two keep-alive pings to a silent phone.
        dead_ns: nothing heard for so long: the link is gone, the socket dropped.
        stuck_ns: a phone that takes nothing for so long is closed with 4408.
        close_ns: how long a phone may take to answer our close frame.
        send_buffer_bytes: the kernel's buffer per phone (SO_SNDBUF).
        pause_bytes: our own buffer per phone; above it a phone is paused.
        write_cap_bytes: above it the phone is closed with 4408.
        held_frames: frames kept for a phone whose snapshot is on its way.
        recheck_ns: how often a screen's session or token is looked at again.
        lap_ns: how long the sweep takes to visit every connection once.
    """

    message_bytes: int = MAX_INBOUND
    fragments: int = 3
    burst_bytes: int = 8 * 1024
    bytes_per_s: int = 2 * 1024
    burst_frames: int = 20
    frames_per_s: int = 5
    hello_ns: int = 5 * SECOND
    ping_ns: int = 10 * SECOND
    dead_ns: int = 22 * SECOND
    stuck_ns: int = 15 * SECOND
    close_ns: int = 2 * SECOND
    send_buffer_bytes: int = 64 * 1024
    pause_bytes: int = 64 * 1024
    write_cap_bytes: int = 256 * 1024
    held_frames: int = 32
    recheck_ns: int = 10 * SECOND
    lap_ns: int = 1 * SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """Bounds of one HTTP connection, which every phone's socket is at first.

    Attributes:
        head_ns: from the first moment of a request to the end of its head.
        head_bytes: longest request line with headers; longer is answered 431.
        body_ns: from the head to the end of a short body, else 408.
        body_bytes_per_s: how much longer a long body may take.
        body_bytes: longest body; longer is answered 413.
        large_bodies: longest body by path prefix, for uploads.
        pipelined: most requests waiting behind one that is answered.
        stuck_ns: a reader that takes nothing of a response for so long is cut.
    """

    head_ns: int = 5 * SECOND
    head_bytes: int = 16 * 1024
    body_ns: int = 10 * SECOND
    body_bytes_per_s: int = 32 * 1024
    body_bytes: int = 64 * 1024
    large_bodies: tuple[tuple[bytes, int], ...] = ((b"/api/packs/", 24 * 1024 * 1024),)
    pipelined: int = 16
    stuck_ns: int = 60 * SECOND
