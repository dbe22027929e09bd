"""A million answers by chance: the server's T and the verifier's are the same.

Two processes share the rows; each has its own seed, so a difference can be made
again from what the failure says.
"""

import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import msgspec
import pytest

from quizserver.domain.timing import CREDIT_MOST_US, RULES, Measured, Taken, take
from quizserver.live.evidence import evidence_text
from quizserver.reports.verify.times import times
from tests.chance import measured_by_chance

ROWS = 1_000_000
PARTS = 20
LONGER_MS = 37
"""How much later the same phone says it was tapped, to see that T only grows."""


@pytest.mark.timeout(300)
def test_a_million_rows_come_to_the_same_time() -> None:
    """R4.9: what the server stored is what anybody recomputes; R4.6 holds."""
    # A fork would copy the threads' locks of this process.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        problems = [
            wrong for part in pool.map(differences, range(PARTS)) for wrong in part
        ]
    assert problems == []


def differences(seed: int) -> list[str]:
    """Return what differs in this seed's part of the rows."""
    chance = random.Random(seed)
    decode, problems = msgspec.json.Decoder().decode, []
    for at in range(ROWS // PARTS):
        rule = RULES[at % 8 == 0]
        measured = measured_by_chance(chance)
        duration_ms = chance.choice((15_000, 15_000, 2_345))
        taken = take(rule, measured, duration_ms)
        row = decode(evidence_text(rule, measured, taken, duration_ms))
        row["time_ms"] = taken.time_ms
        row["status"] = "accepted" if taken.in_time else "late"
        expected = times(rule, row)
        if not expected.items() <= row.items():
            problems.append(f"seed {seed}, row {at}: {rule} {row}, not {expected}")
        if rule == "fair-1" and not is_bounded(measured, taken, duration_ms):
            problems.append(f"seed {seed}, row {at}: out of bounds: {measured}")
    return problems


def is_bounded(measured: Measured, taken: Taken, duration_ms: int) -> bool:
    """Tell whether E − A ≤ T ≤ E, A ≤ 500 ms, and T grows with c (R4.6)."""
    within = taken.e_us - taken.a_us <= taken.t_us <= taken.e_us
    if not within or not 0 <= taken.a_us <= CREDIT_MOST_US:
        return False
    c = measured.claimed_ms
    if c is None or c < 0:
        return True
    later = replace(measured, claimed_ms=c + LONGER_MS)
    return take("fair-1", later, duration_ms).t_us >= taken.t_us


def test_rows_of_every_kind_are_among_them() -> None:
    """A chance that never makes a case would prove nothing about it."""
    chance = random.Random(0)
    rows = [measured_by_chance(chance) for _ in range(20_000)]
    kinds = {(r.trip.tier, r.trip.sent_rule) for r in rows}
    assert len(kinds) == 12
    assert {r.trip.retrans > 0 for r in rows} == {True, False}
    assert {len(r.trip.ring_us) for r in rows} >= {0, 1, 3, 12}
    assert {r.claimed_ms is None for r in rows} == {True, False}
    takens = [take("fair-1", r, 15_000) for r in rows]
    assert {taken.in_time for taken in takens} == {True, False}
    assert any(taken.a_us == CREDIT_MOST_US for taken in takens)
    assert any(taken.t_us == 0 for taken in takens)
