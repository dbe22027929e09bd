"""How long a participant took: the rules of R4 as integer arithmetic.

All durations of one question are counted from T0, its opening. A rule answers
two questions. *Until when* may answers come (`window_ms`): the reveal waits for
that moment. *How long* did this answer take (`take`): T, from what the socket
layer measured. Stamps are integer nanoseconds of one monotonic clock, spans are
microseconds; no clock of a phone is ever compared with ours.

Rule `received` ranks by the server's receive stamp since T0. It is what
organisers choose whose published rules say "server time"; a slow network
costs its owner the whole round trip.

Rule `fair-1` gives that round trip back, as far as the server itself can prove
it, and no further. The phone reports `c`, painted question to tap: honest phones
tell the truth to a few milliseconds, but a page can be edited, so the claim is
believed only inside the window that the server proved. Three facts bound it:

- `E = R − S`, sent to received, on our own clock. Nobody took longer than E.
- `P*`, the round trip of this very question. A ping rides in the same segment
  as the question, so its pong has felt the same radio and the same queue. A
  client that holds its pongs back to look slow is caught by the kernel's own
  sample K of the acknowledgements, which no page can delay: P* is the smaller of
  the two. After a retransmission the kernel's sample means nothing and the pong
  is believed.
- `M`, a margin for what a round trip cannot show (painting, one late packet on
  the way back): 40 ms and the spread this connection has shown, 100 ms at most.

So `A = min(P* + M, 500 ms)` is all that can be credited, and
`T = clamp(c, E − A, E)`. A phone far away loses nothing; a liar gains at most A,
which stands in the export for everybody to see (Source: R4.3 to R4.6).

Where the phone's own clock cannot be believed (it reloaded, came in late, or
answered over HTTP) `c` is replaced by what its network explains,
`E − min(P*, 400 ms)`; believing it would pay for reloading the page.

Everything is whole numbers, so that `results verify` and a spreadsheet come to
the same microsecond (Source: R4.9).
"""

from statistics import median_low
from typing import Final, Literal, NamedTuple

NS_PER_MS: Final = 1_000_000
NS_PER_US: Final = 1_000
US_PER_MS: Final = 1_000

RULES: Final = ("fair-1", "received")
"""The timing rules a show may name, the default first (R4)."""

LATEST_SENT_MS: Final = 300
"""S is at most T0 + 300 ms, however long the fan-out took (R4.1)."""
_LATEST_SENT_NS: Final = LATEST_SENT_MS * NS_PER_MS

MARGIN_LEAST_US: Final = 40_000
MARGIN_MOST_US: Final = 100_000
CREDIT_MOST_US: Final = 500_000
"""Most that is ever credited: A (R4.6)."""

UNCLAIMED_MOST_US: Final = 400_000
"""Most that is credited where no claim counts (R4.3)."""

KERNEL_SLACK_US: Final = 10_000
"""How much a pong may take longer than its acknowledgement (R4.4)."""

RING: Final = 12
"""Round-trip samples kept of a connection (R4.5)."""

SPLIT_MS: Final = 50
"""Longest between the first and the last byte of a message that counts from its
first (R4.2)."""

GRACE_MS: Final = 300
"""How much later than the latest honest answer one may still arrive (R4.7)."""

SentRule = Literal["live", "capped", "resent", "absent"]
"""How the question reached the socket that answered: in the fan-out; in it, but
after T0 + 300 ms; there or elsewhere a second time; or not in the fan-out."""

Tier = Literal["kernel", "pong", "http"]
"""What proves the round trip: TCP_INFO, the pong alone, or nothing (HTTP)."""


# Named tuples: one of each is made for every answer, and a frozen dataclass costs
# five times as much to make. Where it is for every answer they are made by position,
# which takes half the time: 0.4 µs. For the same reason bounds are conditions here:
# with `min` and `max`, which are calls, `take` takes 2.6 µs and not 1.6.


class Trip(NamedTuple):
    """What the socket layer measured around one answer (Source: R4.9).

    `sent_ns` is the stamp just before the first write of the question to this
    participant, None when no socket ever carried it. `pong_us` is P, the
    `rtt_*_us` are TCP_INFO's smoothed round trip before the question and at the
    first bytes after it, `retrans` what the kernel sent again in between,
    `rtt_min_us` the lowest round trip it saw in the last minutes, `ring_us` the
    connection's last samples, newest last. `network` is where the socket leads:
    /24 or /48 of the address, empty behind a proxy (R2.4).
    """

    sent_ns: int | None = None
    sent_rule: SentRule = "absent"
    pong_us: int | None = None
    rtt_before_us: int | None = None
    rtt_after_us: int | None = None
    rtt_min_us: int | None = None
    retrans: int = 0
    ring_us: tuple[int, ...] = ()
    tier: Tier = "http"
    network: bytes = b""


NO_TRIP: Final = Trip()
"""An answer over HTTP from somebody whom no socket ever sent the question."""


class Measured(NamedTuple):
    """What is known of one answer when it arrives.

    `opened_ns` is T0, `received_ns` R, the stamp at the first byte of the
    answer before parsing (R4.2); `claimed_ms` is c, None when missing. For
    review only (R4.11): `origin` is a keyed hash of the network, `visible` what
    the phone says of its page.
    """

    opened_ns: int
    received_ns: int
    claimed_ms: int | None = None
    trip: Trip = NO_TRIP
    origin: str | None = None
    visible: bool = True


class Taken(NamedTuple):
    """T, and every number on the way to it, in microseconds; `sent_ns` is S."""

    t_us: int
    e_us: int
    sent_ns: int
    p_us: int = 0
    m_us: int = 0
    a_us: int = 0
    in_time: bool = True

    @property
    def time_ms(self) -> int:
        """T in whole milliseconds: what is ranked and shown."""
        return self.t_us // US_PER_MS


def sent_rule(first: int | None, here: int | None, opened_ns: int) -> SentRule:
    """Return how the question reached the socket of an answer (R4.1, R4.3).

    `first` is the participant's first S, `here` that of the socket which the
    answer came over, if it was shown the question there, and once.
    """
    if first is None:
        return "absent"
    if here != first:
        return "resent"
    return "capped" if first - opened_ns > _LATEST_SENT_NS else "live"


def window_ms(rule: str, duration_ms: int) -> int:
    """Return how long after T0 an answer may be received (Source: R4.7)."""
    if rule == "received":
        return duration_ms
    return LATEST_SENT_MS + duration_ms + CREDIT_MOST_US // US_PER_MS + GRACE_MS


def arrived_ms(rule: str, duration_ms: int) -> int:
    """Return how long after T0 the last byte of an answer that counts can come.

    An answer that the network cut in two counts from its first byte (R4.2). Under
    `fair-1` whatever counts comes `GRACE_MS` before the window's end in any case.
    """
    return window_ms(rule, duration_ms) + (SPLIT_MS if rule == "received" else 0)


def take(rule: str, measured: Measured, duration_ms: int) -> Taken:
    """Return how long the answer took under `rule`.

    Half-open: T = duration is too late. What arrives after the window is late
    whatever its T, since the reveal may have been seen (Source: R4.7).
    """
    taken = _received(measured) if rule == "received" else _fair(measured)
    waited_ns = measured.received_ns - measured.opened_ns
    is_late = (
        taken.t_us >= duration_ms * US_PER_MS
        or waited_ns > window_ms(rule, duration_ms) * NS_PER_MS
    )
    return taken._replace(in_time=False) if is_late else taken


def _received(measured: Measured) -> Taken:
    """Return the time since T0; a stamp before it is counted as 0."""
    e_us = max(0, measured.received_ns - measured.opened_ns) // NS_PER_US
    return Taken(t_us=e_us, e_us=e_us, sent_ns=measured.opened_ns)


def _fair(measured: Measured) -> Taken:
    """Return T = clamp(c, E − A, E) and what led to it (R4.1 to R4.6)."""
    trip = measured.trip
    sent_ns = _sent_ns(measured)
    waited_ns = measured.received_ns - sent_ns
    e_us = waited_ns // NS_PER_US if waited_ns > 0 else 0
    pong_us = _pong_us(trip)
    trusted_us = proven_us(trip, pong_us)
    m_us = _margin_us(trip.ring_us)
    credit_us = trusted_us + m_us
    a_us = credit_us if credit_us < CREDIT_MOST_US else CREDIT_MOST_US
    t_us = _claim_us(measured)
    if t_us is None:
        t_us = e_us - min(trusted_us, UNCLAIMED_MOST_US)
    least_us = e_us - a_us if a_us < e_us else 0
    if t_us < least_us:
        t_us = least_us
    elif t_us > e_us:
        t_us = e_us
    return Taken(t_us, e_us, sent_ns, pong_us, m_us, a_us)


def _sent_ns(measured: Measured) -> int:
    """Return S, between T0 and T0 + 300 ms (R4.1)."""
    opened_ns, sent_ns = measured.opened_ns, measured.trip.sent_ns
    if sent_ns is None or sent_ns < opened_ns:
        return opened_ns
    latest_ns = opened_ns + _LATEST_SENT_NS
    return sent_ns if sent_ns < latest_ns else latest_ns


def _claim_us(measured: Measured) -> int | None:
    """Return c where it counts: over the one socket that showed it once (R4.3)."""
    claimed_ms, trip = measured.claimed_ms, measured.trip
    is_first = trip.sent_rule in {"live", "capped"} and trip.tier != "http"
    if not is_first or claimed_ms is None or claimed_ms < 0:
        return None
    return claimed_ms * US_PER_MS


def _pong_us(trip: Trip) -> int:
    """Return P; none came back yet: the connection's usual round trip (R4.4)."""
    if trip.pong_us is not None:
        return trip.pong_us
    return median_low(trip.ring_us) if trip.ring_us else 0


def proven_us(trip: Trip, pong_us: int) -> int:
    """Return P*, as long a round trip as the server can vouch for (R4.4).

    TCP_INFO's round trip is an average that each sample moves by an eighth, so
    two readings around one sample give that sample back.
    """
    before_us, after_us = trip.rtt_before_us, trip.rtt_after_us
    if before_us is None or after_us is None or trip.retrans > 0:
        return pong_us
    most_us = 8 * after_us - 7 * before_us + KERNEL_SLACK_US
    if pong_us < most_us:
        return pong_us
    return most_us if most_us > 0 else 0


def _margin_us(ring_us: tuple[int, ...]) -> int:
    """Return M, with the upper quartile by nearest rank (R4.5)."""
    if not ring_us:
        return MARGIN_LEAST_US
    ordered = sorted(ring_us)
    p75_us = ordered[-(-3 * len(ordered) // 4) - 1]
    m_us = MARGIN_LEAST_US + p75_us - ordered[0]
    return m_us if m_us < MARGIN_MOST_US else MARGIN_MOST_US
