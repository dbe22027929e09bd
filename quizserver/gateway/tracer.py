"""The measurements of one connection, from which R4 judges an answer.

A connection gets a tracer with its first ping or its first timed question, so that
a phone which has just come costs nothing more. The tracer is told what is written
and what comes in; it reads the kernel's counters (`kernel`) and knows no frame, no
question and no clock. What it found leaves as a `Trip`.

Whoever holds its pongs back to look slow is caught by the kernel; whoever sends
something at T0, so that "the first bytes after the question" come too early,
gets the average of its own connection instead of this question's sample.
"""

from array import array
from typing import Final

from quizserver.domain.timing import NS_PER_US, RING, Trip, proven_us
from quizserver.gateway.kernel import Sample, Socket, read_sample
from quizserver.gateway.limits import SECOND

WARM_NS: Final = (7 * SECOND // 2, 7 * SECOND, 21 * SECOND // 2)
"""When a phone that has not answered is pinged again, after its S (R4.10)."""

_MOST_US: Final = 0xFFFF_FFFF


class Tracer:
    """One connection's samples and the question on its way.

    `sock` is None where the kernel sees no phone but a proxy: tier `pong`.
    `network` is where the phone is (`live.origins`), empty behind a proxy.
    """

    __slots__ = (
        "_after",
        "_before",
        "_eve",
        "_network",
        "_ping",
        "_pong_us",
        "_ring",
        "_sent_ns",
        "_sock",
        "_warmed",
        "_written_ns",
        "awaits_bytes",
    )

    def __init__(self, sock: Socket | None, network: bytes = b"") -> None:
        self._sock = sock
        self._network = network
        self._ring = array("I")
        self._sent_ns: int | None = None
        self._written_ns = 0
        self._ping = b""
        self._pong_us: int | None = None
        self._eve: Sample | None = None
        self._before: Sample | None = None
        self._after: Sample | None = None
        self._warmed = len(WARM_NS)
        self.awaits_bytes = False

    def pings(self) -> None:
        """Read the kernel: a ping is about to be written (R4.5)."""
        self._eve = self._read()

    def opens(self) -> None:
        """Read the kernel: a question is about to be written, with a ping (R4.4)."""
        self._before = self._eve = self._read()
        self._after = None

    def opened(self, sent_ns: int, ping: bytes) -> None:
        """Note S and the ping that went with the question."""
        self._sent_ns = self._written_ns = sent_ns
        self._ping, self._pong_us = ping, None
        self._warmed = 0
        self.awaits_bytes = True

    def shown_again(self) -> None:
        """Note that the question comes a second time here, or untimed (R4.3)."""
        self._sent_ns = None

    def first_bytes(self) -> None:
        """Read the kernel again: the first bytes after the question came."""
        self.awaits_bytes = False
        self._after = self._read()

    def sampled(self, rtt_ns: int) -> None:
        """Add the last ping's round trip to the ring; the oldest goes (R4.5).

        The kernel's sample bounds it as it bounds P: who holds some pongs back
        would otherwise pass for an unsteady network and get its margin.
        """
        pong_us = min(rtt_ns // NS_PER_US, _MOST_US)
        eve, now = self._eve, self._read()
        if eve is not None and now is not None:
            seen = Trip(
                rtt_before_us=eve.rtt_us,
                rtt_after_us=now.rtt_us,
                retrans=now.retrans - eve.retrans,
            )
            pong_us = proven_us(seen, pong_us)
        if len(self._ring) == RING:
            self._ring.pop(0)
        self._ring.append(pong_us)

    def ponged(self, payload: bytes, received_ns: int) -> None:
        """Take P, if this is the pong of the question's ping (R4.4).

        Its payload cannot be guessed, and a keep-warm ping sent meanwhile does
        not take its place.
        """
        if self._ping and payload == self._ping:
            self._pong_us = (received_ns - self._written_ns) // NS_PER_US
            self._ping = b""

    def wants_ping(self, now_ns: int) -> bool:
        """Tell whether a keep-warm ping is due, and take it as sent (R4.10)."""
        if self._warmed == len(WARM_NS) or self._sent_ns is None:
            return False
        if now_ns - self._sent_ns < WARM_NS[self._warmed]:
            return False
        self._warmed += 1
        return True

    def trip(self) -> Trip:
        """Return what was measured around the answer that came just now.

        On a socket that never carried the question there is no sample of that
        question: the kernel's average then stands on both sides, K is that
        average, and holding pongs back gains as little as elsewhere.
        """
        self._warmed = len(WARM_NS)
        before, after = self._before, self._after
        if self._sent_ns is None:
            before = after = self._read()
        pong_us = self._pong_us if self._sent_ns is not None else None
        ring_us = tuple(self._ring)
        if before is None or after is None:
            return Trip(
                sent_ns=self._sent_ns,
                pong_us=pong_us,
                ring_us=ring_us,
                tier="pong",
                network=self._network,
            )
        return Trip(
            self._sent_ns,
            "absent",  # how it was sent says who knows the first S
            pong_us,
            before.rtt_us,
            after.rtt_us,
            after.rtt_min_us,
            after.retrans - before.retrans,
            ring_us,
            "kernel",
            self._network,
        )

    def _read(self) -> Sample | None:
        return read_sample(self._sock) if self._sock is not None else None
