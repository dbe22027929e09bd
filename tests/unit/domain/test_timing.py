"""T of an answer: rule `received` at its edges, rule `fair-1` in each branch.

Figures of R4 are written out in full, so that a reader can check them by hand.
"""

import random

import pytest

from quizserver.domain.timing import (
    NO_TRIP,
    RULES,
    Measured,
    SentRule,
    Taken,
    Trip,
    arrived_ms,
    take,
    window_ms,
)
from tests.chance import measured_by_chance

MS = 1_000_000
T0 = 77 * MS
ROWS = 100_000

NEAR = Trip(
    sent_ns=T0,
    sent_rule="live",
    pong_us=30_000,
    rtt_before_us=30_000,
    rtt_after_us=30_000,
    ring_us=(30_000, 30_000, 30_000),
    tier="kernel",
)
"""A phone whose round trip is 30 ms, always; so A = 30 + 40 = 70 ms."""


def received(after_ns: int) -> Taken:
    return take("received", Measured(opened_ns=T0, received_ns=T0 + after_ns), 15_000)


def fair(after_ms: float, claimed_ms: int | None, trip: Trip = NEAR) -> Taken:
    measured = Measured(
        opened_ns=T0,
        received_ns=T0 + int(after_ms * MS),
        claimed_ms=claimed_ms,
        trip=trip,
    )
    return take("fair-1", measured, 15_000)


@pytest.mark.parametrize(
    ("after_ns", "time_ms", "in_time"),
    [
        (0, 0, True),
        (999_999, 0, True),
        (14_999 * MS, 14_999, True),
        (15_000 * MS - 1, 14_999, True),
        (15_000 * MS, 15_000, False),
        (16_000 * MS, 16_000, False),
        (-5 * MS, 0, True),
    ],
)
def test_the_window_is_half_open(after_ns: int, time_ms: int, in_time: bool) -> None:
    """A3: 14 999 ms counts, 15 000 ms is too late."""
    taken = received(after_ns)
    assert (taken.time_ms, taken.in_time) == (time_ms, in_time)


def test_answers_may_come_until_nobody_can_be_in_time() -> None:
    """R4.7: T0 + 300 + duration + 500 + 300."""
    assert window_ms("received", 15_000) == 15_000
    assert window_ms("fair-1", 15_000) == 16_100


def test_the_last_byte_of_what_counts_comes_no_later() -> None:
    """R4.2: a message cut in two; fair-1's grace is longer than that (R4.7)."""
    assert arrived_ms("received", 15_000) == 15_050
    assert arrived_ms("fair-1", 15_000) == 16_100


def test_an_honest_claim_is_believed() -> None:
    """E = 2 000, A = 70: the claim of 1 965 lies inside and is T."""
    taken = fair(2_000, 1_965)
    assert (taken.t_us, taken.e_us, taken.a_us) == (1_965_000, 2_000_000, 70_000)


def test_an_edited_claim_gains_at_most_a() -> None:
    assert fair(2_000, 0).t_us == 1_930_000


def test_a_claim_beyond_what_passed_is_cut_to_it() -> None:
    assert fair(2_000, 9_999).t_us == 2_000_000


@pytest.mark.parametrize("claimed_ms", [None, -1])
def test_without_a_good_claim_the_round_trip_is_credited(
    claimed_ms: int | None,
) -> None:
    """R4.3: c = E − min(P*, 400)."""
    assert fair(2_000, claimed_ms).t_us == 1_970_000


def test_without_a_claim_at_most_400_ms_are_credited() -> None:
    slow = NEAR._replace(pong_us=450_000, rtt_before_us=None, tier="pong")
    assert fair(2_000, None, slow).t_us == 1_600_000


@pytest.mark.parametrize("rule", ["resent", "absent"])
def test_a_claim_counts_only_where_the_question_was_shown_once(
    rule: SentRule,
) -> None:
    """R4.3: reloading the page does not pay."""
    assert fair(2_000, 1_935, NEAR._replace(sent_rule=rule)).t_us == 1_970_000


def test_a_claim_over_http_does_not_count() -> None:
    over_http = Trip(sent_ns=T0 + 20 * MS, sent_rule="live", tier="http")
    assert fair(2_000, 1_000, over_http).t_us == 1_980_000
    assert fair(2_000, 1_000, NO_TRIP).t_us == 2_000_000


def test_sent_is_never_before_the_opening_nor_300_ms_after_it() -> None:
    """R4.1: a slow fan-out is paid back for 300 ms, no more."""
    early, late = NEAR._replace(sent_ns=T0 - 1), NEAR._replace(sent_ns=T0 + 900 * MS)
    assert fair(2_000, 0, early).sent_ns == T0
    assert fair(2_000, 0, late).sent_ns == T0 + 300 * MS
    assert fair(2_000, 9_999, late._replace(sent_rule="capped")).t_us == 1_700_000


def test_an_answer_before_the_question_took_no_time() -> None:
    assert fair(-3, 5).t_us == 0


def test_without_a_pong_the_median_of_the_ring_stands_for_it() -> None:
    trip = NEAR._replace(pong_us=None, rtt_after_us=None, ring_us=(80, 20, 60, 40))
    assert fair(2_000, 0, trip).p_us == 40
    assert fair(2_000, 0, trip._replace(ring_us=())).p_us == 0


def test_a_pong_held_back_is_caught_by_the_kernel() -> None:
    """R4.4: P = 600 and K = 8·31 − 7·30 = 38, so P* = 48 and A = 88."""
    held = NEAR._replace(pong_us=600_000, rtt_after_us=31_000)
    assert fair(2_000, 0, held).a_us == 88_000


def test_after_a_retransmission_the_pong_is_believed() -> None:
    lost = NEAR._replace(pong_us=300_000, retrans=1)
    assert fair(2_000, 0, lost).a_us == 340_000


def test_a_kernel_sample_below_nothing_is_nothing() -> None:
    dip = NEAR._replace(rtt_before_us=90_000, rtt_after_us=30_000)
    assert fair(2_000, 0, dip).a_us == 40_000


@pytest.mark.parametrize(
    ("ring_us", "m_us"),
    [
        ((), 40_000),
        ((7_000,), 40_000),
        ((30_000, 45_000, 31_000, 90_000), 55_000),
        ((30_000, 500_000, 500_000), 100_000),
        (tuple(range(10_000, 22_000, 1_000)), 48_000),
    ],
)
def test_the_margin_grows_with_the_spread(ring_us: tuple[int, ...], m_us: int) -> None:
    """R4.5: 40 ms + p75 − min, at most 100; twelve samples: p75 is the ninth."""
    assert fair(2_000, 0, NEAR._replace(ring_us=ring_us)).m_us == m_us


def test_never_more_than_half_a_second_is_credited() -> None:
    far = NEAR._replace(pong_us=3_000_000, rtt_before_us=None)
    assert fair(5_000, 0, far).t_us == 4_500_000


def test_everybody_has_the_whole_duration_for_themselves() -> None:
    """R4.7: a tap after 14.99 s counts though it came at 15.06 s."""
    assert fair(15_060, 14_990).in_time
    assert not fair(15_060, 15_000).in_time


def test_what_comes_after_the_window_is_late_whatever_it_says() -> None:
    slow = NEAR._replace(sent_ns=T0 + 300 * MS, pong_us=3_000_000, rtt_before_us=None)
    ends = slow._replace(ring_us=())
    assert fair(15_799, 0, ends).in_time
    assert not fair(16_100.5, 0, ends).in_time
    forever = Measured(
        opened_ns=T0, received_ns=T0 + 16_101 * MS, claimed_ms=0, trip=slow
    )
    assert not take("fair-1", forever, 15_000).in_time


def test_the_laws_hold_for_every_row() -> None:
    """E − A ≤ T ≤ E, A ≤ 500 ms, and never less for a larger claim."""
    chance = random.Random(4)
    for _ in range(ROWS):
        measured = measured_by_chance(chance)
        taken = take(chance.choice(RULES), measured, 15_000)
        assert max(0, taken.e_us - taken.a_us) <= taken.t_us <= taken.e_us
        assert 0 <= taken.a_us <= 500_000
        more = measured._replace(claimed_ms=(measured.claimed_ms or 0) + 7)
        if measured.claimed_ms is not None and measured.claimed_ms >= 0:
            assert take("fair-1", more, 15_000).t_us >= (
                take("fair-1", measured, 15_000).t_us
            )
