"""What a connection's tracer makes of what it is told."""

import struct

from quizserver.gateway.tracer import Tracer

SECOND = 1_000_000_000
T0 = 50 * SECOND


class Kernel:
    """A socket whose TCP_INFO a test writes."""

    def __init__(self) -> None:
        self.rtt_us, self.retrans, self.rtt_min_us = 30_000, 2, 25_000

    def getsockopt(self, level: int, option: int, size: int, /) -> bytes:
        """Return a struct tcp_info."""
        facts = bytearray(152)
        for at, value in ((68, self.rtt_us), (100, self.retrans)):
            struct.pack_into("=I", facts, at, value)
        struct.pack_into("=I", facts, 148, self.rtt_min_us)
        return bytes(facts)


def asked(kernel: Kernel | None, ping: bytes = b"ping") -> Tracer:
    tracer = Tracer(kernel)
    tracer.opens()
    tracer.opened(T0, ping)
    return tracer


def test_kernel_is_read_before_the_question_and_at_the_first_bytes_after() -> None:
    kernel = Kernel()
    tracer = asked(kernel)
    kernel.rtt_us, kernel.retrans, kernel.rtt_min_us = 34_000, 3, 24_000
    assert tracer.awaits_bytes
    tracer.first_bytes()
    kernel.rtt_us, kernel.retrans, kernel.rtt_min_us = 90_000, 9, 1_000
    trip = tracer.trip()
    assert not tracer.awaits_bytes
    assert (trip.rtt_before_us, trip.rtt_after_us, trip.retrans) == (30_000, 34_000, 1)
    assert (trip.tier, trip.sent_ns, trip.rtt_min_us) == ("kernel", T0, 24_000)


def test_only_the_questions_own_pong_is_its_round_trip() -> None:
    tracer = asked(None)
    tracer.ponged(b"other", T0 + 10_000)
    assert tracer.trip().pong_us is None
    tracer.ponged(b"ping", T0 + 80_000_000)
    tracer.ponged(b"ping", T0 + 900_000_000)
    trip = tracer.trip()
    assert (trip.pong_us, trip.tier) == (80_000, "pong")
    assert (trip.rtt_before_us, trip.rtt_after_us, trip.retrans) == (None, None, 0)
    assert trip.rtt_min_us is None


def test_a_question_shown_again_has_lost_its_stamp_and_its_samples() -> None:
    """R4.3: reloading does not pay; the connection's average is what is proven."""
    kernel = Kernel()
    tracer = asked(kernel)
    tracer.ponged(b"ping", T0 + 500_000_000)
    kernel.rtt_us = 33_000
    tracer.first_bytes()
    tracer.shown_again()
    trip = tracer.trip()
    assert (trip.sent_ns, trip.pong_us) == (None, None)
    assert (trip.rtt_before_us, trip.rtt_after_us) == (33_000, 33_000)


def test_the_next_question_begins_anew() -> None:
    tracer = asked(Kernel())
    tracer.ponged(b"ping", T0 + 500_000_000)
    tracer.opens()
    tracer.opened(T0 + SECOND, b"next")
    tracer.ponged(b"ping", T0 + 2 * SECOND)
    trip = tracer.trip()
    assert (trip.sent_ns, trip.pong_us) == (T0 + SECOND, None)


def test_ring_holds_microseconds_whatever_a_pong_took() -> None:
    tracer = Tracer(None)
    tracer.sampled(1_500)
    tracer.sampled(10**16)
    assert tracer.trip().ring_us == (1, 0xFFFF_FFFF)


def test_ring_believes_a_pong_no_longer_than_the_kernel_does() -> None:
    """R4.5: who holds pongs back now and then gets no margin for it."""
    kernel = Kernel()
    tracer = Tracer(kernel)
    tracer.pings()
    kernel.rtt_us = 32_000
    tracer.sampled(600_000_000)
    tracer.opens()
    tracer.sampled(20_000_000)
    assert tracer.trip().ring_us == (8 * 32_000 - 7 * 30_000 + 10_000, 20_000)


def test_ring_believes_the_pong_after_something_was_sent_again() -> None:
    kernel = Kernel()
    tracer = Tracer(kernel)
    tracer.pings()
    kernel.retrans += 1
    tracer.sampled(600_000_000)
    assert tracer.trip().ring_us == (600_000,)


def test_network_of_the_phone_goes_with_every_answer() -> None:
    assert Tracer(None, b"net").trip().network == b"net"
    assert asked(None).trip().network == b""


def test_pings_keep_warm_who_was_asked_and_is_silent() -> None:
    """R4.10: after 3.5, 7 and 10.5 s, until the answer."""
    idle, tracer = Tracer(None), asked(None)
    assert not idle.wants_ping(T0 + 60 * SECOND)
    due = [at for at in range(0, 150) if tracer.wants_ping(T0 + at * SECOND // 10)]
    assert due == [35, 70, 105]
    answered = asked(None)
    answered.trip()
    assert not answered.wants_ping(T0 + 4 * SECOND)
    again = asked(None)
    again.shown_again()
    assert not again.wants_ping(T0 + 4 * SECOND)
