"""Each flag at its threshold, and what an honest audience would set off."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from quizserver.domain.flags import (
    Finding,
    Flag,
    Given,
    answer_flags,
    findings,
    show_findings,
)
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.domain.timing import NS_PER_MS, Measured, Trip, take

T0 = 1_000 * NS_PER_MS
DURATION_MS = 15_000

TRIP = Trip(
    sent_ns=T0,
    sent_rule="live",
    pong_us=30_000,
    rtt_before_us=30_000,
    rtt_after_us=30_000,
    rtt_min_us=28_000,
    ring_us=(30_000, 31_000, 30_500),
    tier="kernel",
)
"""What the socket measures around an honest answer, 30 ms away."""


def flags(
    ms: float = 3_000,
    *,
    rule: str = "fair-1",
    claimed_ms: int | None = None,
    visible: bool = True,
    **trip: Any,
) -> tuple[str, ...]:
    """Return the flags of an answer whose first byte came `ms` after T0."""
    measured = Measured(
        opened_ns=T0,
        received_ns=T0 + int(ms * NS_PER_MS),
        claimed_ms=claimed_ms,
        trip=TRIP._replace(**trip),
        visible=visible,
    )
    return answer_flags(rule, measured, take(rule, measured, DURATION_MS))


# --- one answer -----------------------------------------------------------------


def test_an_honest_answer_has_no_flag() -> None:
    assert flags(claimed_ms=2_940) == ()
    assert flags(rule="received") == ()


@pytest.mark.parametrize(
    ("ms", "expected"),
    [
        (0, ("impossible",)),
        (299.999, ("impossible",)),
        (300, ("fast",)),
        (699.999, ("fast",)),
        (700, ()),
    ],
)
def test_nobody_reads_and_chooses_that_fast(
    ms: float, expected: tuple[str, ...]
) -> None:
    assert flags(ms, rule="received") == expected


def test_speed_is_that_of_the_time_and_not_of_the_arrival() -> None:
    assert flags(340, claimed_ms=290) == ("impossible",)
    assert flags(760, claimed_ms=690) == ("fast",)


def test_under_received_nothing_else_is_looked_at() -> None:
    odd: dict[str, Any] = {"pong_us": 900_000, "sent_rule": "absent"}
    assert flags(rule="received", claimed_ms=9_000, visible=False, **odd) == ()


@pytest.mark.parametrize(
    ("trip", "expected"),
    [
        ({"pong_us": 90_000}, ()),
        ({"pong_us": 90_001}, ("pong_held",)),
        ({"pong_us": 640_000, "retrans": 1}, ()),
        ({"pong_us": 640_000, "rtt_before_us": None}, ()),
        ({"pong_us": 640_000, "rtt_after_us": None}, ()),
        ({"pong_us": 110_000, "rtt_after_us": 36_250}, ()),
        ({"pong_us": 140_001, "rtt_after_us": 36_250}, ("pong_held",)),
    ],
)
def test_a_pong_slower_than_its_acknowledgement_was_held(
    trip: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """K = 8·36.25 − 7·30 = 80 ms."""
    assert flags(**trip) == expected


@pytest.mark.parametrize(
    ("trip", "expected"),
    [
        ({}, ("no_pong",)),
        ({"sent_rule": "capped"}, ("no_pong",)),
        ({"tier": "pong"}, ("no_pong",)),
        ({"sent_rule": "resent"}, ("resent",)),
        ({"sent_rule": "absent"}, ("absent",)),
        ({"tier": "http"}, ()),
    ],
)
def test_no_answer_overtakes_the_pong_of_its_question(
    trip: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert flags(pong_us=None, **trip) == expected


@pytest.mark.parametrize(
    ("trip", "expected"),
    [
        ({"ring_us": (128_001, 128_001, 128_001)}, ("rtt_dip",)),
        ({"ring_us": (128_001, 128_000, 128_001)}, ()),
        ({"ring_us": (500_000, 500_000)}, ()),
        ({"ring_us": (500_000,) * 12, "rtt_min_us": None}, ()),
        ({"ring_us": (500_000,) * 12, "tier": "http"}, ()),
    ],
)
def test_a_round_trip_that_dips_below_all_pongs_betrays_a_delay(
    trip: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert flags(**trip) == expected


def test_a_claim_longer_than_the_whole_way_is_odd() -> None:
    assert flags(3_000, claimed_ms=3_100) == ()
    assert flags(3_000, claimed_ms=3_101) == ("claim_over",)


def test_a_page_nobody_sees_is_remarked() -> None:
    assert flags(visible=False) == ("hidden_page",)


def test_flags_of_one_answer_come_together() -> None:
    all_of_them = flags(
        200, claimed_ms=900, visible=False, sent_rule="resent", pong_us=150_000
    )
    assert all_of_them == (
        "impossible",
        "pong_held",
        "claim_over",
        "resent",
        "hidden_page",
    )


# --- a person's show ------------------------------------------------------------


def given(n: int, ms: int = 3_000, **fields: Any) -> Given:
    """Return an answer to question `n`, 71 ms of credit, claimed as it was."""
    known: dict[str, Any] = {
        "participant": ParticipantId("p1"),
        "question": QuestionId(f"q{n}"),
        "option": OptionId("B"),
        "time_ms": ms,
        "origin": None,
        "e_us": ms * 1_000 + 60_000,
        "a_us": 71_000,
        "m_us": 41_000,
        "claimed_us": ms * 1_000,
    }
    return Given(**known | fields)


def codes(answers: Sequence[Given]) -> list[str]:
    return [finding.flag for finding in show_findings(answers)]


VARIED = (2_100, 3_900, 2_500, 6_300, 1_700, 4_200, 2_900, 3_300, 5_100, 2_300)


def show(hits: int, of: int, **odd: Any) -> list[Given]:
    """Return a show of `of` answers of which the first `hits` are odd."""
    return [
        given(n, ms, **(odd if n < hits else {})) for n, ms in enumerate(VARIED[:of])
    ]


def test_an_honest_show_has_no_finding() -> None:
    assert show_findings(show(0, 10)) == ()
    assert show_findings([]) == ()


@pytest.mark.parametrize(
    ("hits", "of", "is_found"),
    [
        (6, 10, True),
        (5, 10, False),
        (6, 9, True),
        (5, 9, False),
        (6, 7, True),
        (5, 6, False),
        (6, 6, True),
        (5, 5, True),
        (4, 5, False),
        (4, 4, True),
        (3, 3, False),
    ],
)
def test_claims_below_the_window_count_in_six_of_ten(
    hits: int, of: int, is_found: bool
) -> None:
    answers = [
        replace(one, claimed_us=one.e_us - 76_001) if n < hits else one
        for n, one in enumerate(show(0, of))
    ]
    found = show_findings(answers)
    expected = (Finding(flag=Flag.BELOW_WINDOW, hits=hits, of=of),)
    assert found == (expected if is_found else ())


def test_a_longer_show_needs_its_share_and_five_ms_are_slack() -> None:
    at_the_edge = [replace(one, claimed_us=one.e_us - 76_000) for one in show(0, 10)]
    assert show_findings(at_the_edge) == ()
    below = [replace(one, claimed_us=one.e_us - 76_001) for one in show(0, 10)]
    twice = below[:7] + at_the_edge[:3] + at_the_edge[:2]
    assert codes(twice) == []
    assert codes(below[:8] + at_the_edge[:4]) == ["below_window"]


def test_answers_without_a_claim_say_nothing() -> None:
    assert show_findings(show(10, 10, claimed_us=None)) == ()


def test_too_much_between_claim_and_network_is_overhead() -> None:
    """E − c − (A − M): the median of five or more, above 75 ms."""
    rest = [
        replace(one, claimed_us=one.e_us - 105_001, a_us=130_000, m_us=100_000)
        for one in show(0, 5)
    ]
    assert show_findings(rest) == (Finding(flag=Flag.OVERHEAD, hits=5, of=5, ms=75),)
    assert show_findings(rest[:4]) == ()
    edge = [replace(one, claimed_us=one.e_us - 105_000) for one in rest]
    assert show_findings(edge) == ()
    assert show_findings(rest[:2] + edge[2:]) == ()
    assert codes(rest[:3] + edge[3:]) == ["overhead"]


def test_where_the_credit_was_cut_off_the_network_is_not_known() -> None:
    far = [
        replace(one, a_us=500_000, m_us=100_000, claimed_us=one.e_us - 480_000)
        for one in show(0, 10)
    ]
    assert show_findings(far) == ()


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((1_000, 1_160) * 3, []),
        ((1_000, 1_159) * 3, ["metronome"]),
        ((1_500,) * 5, ["metronome"]),
        ((1_500,) * 4, []),
        (VARIED, []),
    ],
)
def test_a_metronome_is_no_person(times: Sequence[int], expected: list[str]) -> None:
    """Of 1000, 1160 … the deviation is 80 ms exactly."""
    assert codes([given(n, ms) for n, ms in enumerate(times)]) == expected


def test_a_finding_says_the_deviation() -> None:
    answers = [given(n, ms) for n, ms in enumerate((1_500, 1_542, 1_458, 1_500, 1_500))]
    assert show_findings(answers) == (
        Finding(flag=Flag.METRONOME, hits=5, of=5, ms=26),
    )


# --- everybody ------------------------------------------------------------------


def test_everybody_is_named_once_with_each_flag() -> None:
    """Seven twins are found in fours, and told as seven."""
    crowd = [
        given(n, 1_000 + (37 * n * who + 911 * who) % 13_000, participant=f"p{who}")
        for n in range(10)
        for who in range(1, 301)
    ]
    twins = [f"x{k}" for k in range(7)]
    same = [
        given(n, VARIED[n] + 100 * k, participant=name, origin="o", option="D")
        for n in range(10)
        for k, name in enumerate(twins)
    ]
    bot = [given(n, 2_000, participant="bot") for n in range(10)]
    pair = [
        given(n, VARIED[9 - n], participant=name, origin="o", option="A")
        for n in range(10)
        for name in ("y1", "y2")
    ]
    found = findings([*crowd, *same, *pair, *bot])
    for name in twins:
        assert found[ParticipantId(name)] == (
            Finding(flag=Flag.TWINS, hits=10, of=10, people=7),
        )
    assert [one.flag for one in found[ParticipantId("bot")]] == ["metronome"]
    assert found[ParticipantId("y1")] == (
        Finding(flag=Flag.TWINS, hits=10, of=10, people=2),
    )
    assert set(found) == {*twins, "y1", "y2", "bot"}
