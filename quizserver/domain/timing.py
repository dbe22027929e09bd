"""How long a participant took: the rules of R4 as integer arithmetic.

All durations of one question are counted from T0, its opening. A rule answers
two questions. *Until when* may answers come (`window_ms`): the reveal waits for
that moment. *How long* did this answer take (`take`): T, from what the socket
layer measured. Stamps are integer nanoseconds of one monotonic clock, T is
whole milliseconds; no clock of a phone is ever compared with ours.

Rule `received` ranks by the server's receive stamp since T0. It is what
organisers choose whose published rules say "server time"; a slow network
costs its owner the whole round trip.
"""

from dataclasses import dataclass
from typing import Final

NS_PER_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is known of one answer when it arrives.

    `opened_ns` is T0 and `received_ns` is R, the stamp at the first byte of
    the answer, before parsing (Source: R4.2), both on the monotonic clock of
    the process that holds the socket.
    """

    opened_ns: int
    received_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The answer's time: T in milliseconds, and whether it still counts."""

    time_ms: int
    in_time: bool


RULES: Final = ("received",)
"""The timing rules a show may name."""


def window_ms(duration_ms: int) -> int:
    """Return how long after T0 an answer may be received, in milliseconds."""
    return duration_ms


def take(measured: Measured, duration_ms: int) -> Taken:
    """Return how long the answer took; half-open: T = duration is too late.

    A stamp before T0 cannot carry a valid nonce; it is counted as 0.
    Source: R4 preamble, R4.7.
    """
    elapsed_ns = max(0, measured.received_ns - measured.opened_ns)
    return Taken(
        time_ms=elapsed_ns // NS_PER_MS,
        in_time=elapsed_ns < duration_ms * NS_PER_MS,
    )
