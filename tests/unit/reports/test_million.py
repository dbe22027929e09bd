"""A million answers by chance: the server's T and the verifier's are the same.

Two processes share the rows; each part has its own seed, so a difference can be made
again from what the failure says. One network by chance serves several answers, which
differ in what the phone says it took: T must grow with it.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import msgspec
import pytest

from quizserver.domain.timing import (
    CREDIT_MOST_US,
    NS_PER_MS,
    RULES,
    Measured,
    Taken,
    take,
)
from quizserver.live.evidence import evidence_text
from quizserver.reports.verify.times import times
from tests.chance import measured_by_chance

ROWS = 1_000_000
PARTS = 20


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "parts", [1, pytest.param(PARTS, marks=pytest.mark.long)], ids=["short", "whole"]
)
def test_a_million_rows_come_to_the_same_time(parts: int) -> None:
    """R4.9: what the server stored is what anybody recomputes; R4.6 holds.

    The short form takes a twentieth of them.
    """
    # A fork would copy the threads' locks of this process.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(differences, range(parts)))
    assert [wrong for problems, _ in found for wrong in problems] == []
    assert sum(rows for _, rows in found) >= ROWS // PARTS * parts


def differences(seed: int) -> tuple[list[str], int]:
    """Return what differs in this seed's part, and how many rows it has."""
    chance = random.Random(seed)
    problems: list[str] = []
    rows = 0
    while rows < ROWS // PARTS:
        # Seldom the plain rule: it has little to go wrong.
        rule = RULES[chance.randrange(8) == 0]
        duration_ms = chance.choice((15_000, 15_000, 2_345))
        least_us = -1
        for at, measured in enumerate(answers_over_one_network(chance)):
            taken = take(rule, measured, duration_ms)
            said = difference(rule, measured, taken, duration_ms)
            if rule == "fair-1" and not is_bounded(taken, least_us):
                said = f"out of bounds: {taken}"
            if at > 0:
                least_us = taken.t_us  # c grows from here on, so T may not shrink
            rows += 1
            if said:
                problems.append(f"seed {seed}, row {rows}: {rule} {measured}: {said}")
    return problems, rows


def answers_over_one_network(chance: random.Random) -> Iterator[Measured]:
    """Yield an answer by chance, then the same with c from small to large."""
    first = measured_by_chance(chance)
    yield first
    e_ms = (first.received_ns - first.opened_ns) // NS_PER_MS
    claims = (0, max(0, e_ms - 200), max(0, e_ms - 60), e_ms, chance.randrange(17_000))
    for claimed_ms in sorted(claims):
        yield Measured(
            opened_ns=first.opened_ns,
            received_ns=first.received_ns,
            claimed_ms=claimed_ms,
            trip=first.trip,
        )


def difference(rule: str, measured: Measured, taken: Taken, duration_ms: int) -> str:
    """Return how the verifier's numbers differ from those that are stored."""
    row = _DECODE(evidence_text(rule, measured, taken, duration_ms))
    row["time_ms"] = taken.time_ms
    row["status"] = "accepted" if taken.in_time else "late"
    expected = times(rule, row)
    return "" if expected.items() <= row.items() else f"{row}, not {expected}"


_DECODE = msgspec.json.Decoder().decode


def is_bounded(taken: Taken, least_us: int) -> bool:
    """Tell whether E − A ≤ T ≤ E, A ≤ 500 ms, and T grows with c (R4.6)."""
    within = taken.e_us - taken.a_us <= taken.t_us <= taken.e_us
    return within and 0 <= taken.a_us <= CREDIT_MOST_US and taken.t_us >= least_us


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
