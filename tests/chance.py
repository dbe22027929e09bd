"""Answers by chance, for properties of the timing rules: near, far and absurd."""

import random

from quizserver.domain.timing import NS_PER_MS, Measured, SentRule, Tier, Trip

_SENT: tuple[SentRule, ...] = ("live", "live", "live", "capped", "resent", "absent")
_TIERS: tuple[Tier, ...] = ("kernel", "pong", "http")


def measured_by_chance(chance: random.Random) -> Measured:
    """Return one answer to a question of 15 s; about one in ten is late."""
    opened_ns = chance.randrange(10**15)
    e_ms = chance.choice((chance.randrange(16_500), chance.randrange(3_000)))
    claimed = chance.choice((None, -1, 0, e_ms, e_ms - 60, e_ms - 200, 10**6))
    return Measured(
        opened_ns=opened_ns,
        received_ns=opened_ns + e_ms * NS_PER_MS + chance.randrange(NS_PER_MS),
        claimed_ms=claimed,
        trip=trip_by_chance(chance, opened_ns),
    )


def trip_by_chance(chance: random.Random, opened_ns: int) -> Trip:
    """Return what a socket layer might have measured."""
    usual_us = chance.choice((300, 28_000, 62_000, 190_000, 700_000))
    count = chance.choice((0, 1, 3, 12))
    ring = tuple(usual_us + chance.randrange(40_000) for _ in range(count))
    rule = chance.choice(_SENT)
    tier = chance.choice(_TIERS)
    by_kernel = tier == "kernel"
    return Trip(
        sent_ns=opened_ns + chance.randrange(-1, 400 * NS_PER_MS)
        if rule != "absent"
        else None,
        sent_rule=rule,
        pong_us=chance.choice((None, usual_us, usual_us + 500_000)),
        rtt_before_us=usual_us if by_kernel else None,
        rtt_after_us=usual_us + chance.randrange(-9_000, 9_000) if by_kernel else None,
        retrans=chance.choice((0, 0, 0, 1)) if by_kernel else 0,
        ring_us=ring,
        tier=tier,
    )
