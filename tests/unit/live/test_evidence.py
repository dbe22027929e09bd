"""The text of an answer's evidence: names, order and numbers, as they are hashed."""

import json
import random

import pytest

from quizserver.domain.timing import RULES, Measured, Taken, take
from quizserver.live.evidence import EVIDENCE_KEYS, evidence_text
from tests.chance import measured_by_chance

ROWS = 2_000
DURATION_MS = 15_000


def spelled_out(rule: str, measured: Measured, taken: Taken) -> dict[str, object]:
    """Return what docs/reference/wire.md says of an answer's evidence."""
    trip, is_fair = measured.trip, rule == "fair-1"
    common: dict[str, object] = {
        "T_us": taken.t_us,
        "E_us": taken.e_us,
        "S_ns": taken.sent_ns,
        "R_ns": measured.received_ns,
        "T0_ns": measured.opened_ns,
        "S_rule": trip.sent_rule if is_fair else rule,
        "c_ms": measured.claimed_ms,
        "tier": trip.tier if is_fair else rule,
        "duration_ms": DURATION_MS,
        "worker": 0,
        "origin": measured.origin,
        "visible": measured.visible,
    }
    credit: dict[str, object] = {
        "P_us": taken.p_us,
        "rtt_before_us": trip.rtt_before_us,
        "rtt_after_us": trip.rtt_after_us,
        "rtt_min_us": trip.rtt_min_us,
        "retrans": trip.retrans,
        "ring_us": list(trip.ring_us),
        "M_us": taken.m_us,
        "A_us": taken.a_us,
    }
    return common | credit if is_fair else common


@pytest.mark.parametrize("rule", RULES)
def test_text_is_the_same_to_the_byte_whatever_was_measured(rule: str) -> None:
    """It is hashed into the chain, and a verifier makes it again (R6.1)."""
    chance = random.Random(411)
    for _ in range(ROWS):
        measured = measured_by_chance(chance)._replace(
            origin=chance.choice((None, "2f4d5369f0e5")),
            visible=chance.random() < 0.5,
        )
        taken = take(rule, measured, DURATION_MS)
        expected = spelled_out(rule, measured, taken)
        text = evidence_text(rule, measured, taken, DURATION_MS)
        assert text == json.dumps(expected, separators=(",", ":"))
        assert tuple(expected) == EVIDENCE_KEYS[rule]
