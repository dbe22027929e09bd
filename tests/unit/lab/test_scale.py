"""The plan for a size nobody can try out is arithmetic over what was measured."""

from pathlib import Path

import pytest

from tests.load.scale import MEASURED, Costs, needs, table

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "scale.md"

ROUND = Costs(
    cue_us=10,
    question_us=30,
    answer_us=140,
    own_us=50,
    return_us=500,
    idle_us=1,
    memory_kib=4,
    kernel_kib=4,
    tls_us=1_000,
    tls_kib=40,
    row_us=10,
    commit_ms=2,
)


def test_the_largest_need_decides() -> None:
    found = needs(100_000, 10, ROUND)
    assert found.by == {
        "sending the question": 10,  # 100,000 × 30 µs in 0.3 s
        "answers": 2,  # 100,000 × 140 µs in 10 s on 70 % of a core
        "everybody back": 10,  # 100,000 × 500 µs in 5 s
        "open files": 2,
    }
    assert (found.processes, found.first) == (10, "sending the question")
    assert found.memory_gib == pytest.approx(0.763, abs=0.001)
    assert found.rows_per_s == 10_000
    assert found.tls_cores == 20
    assert found.receipt_wait_ms == 20


def test_twice_the_viewers_need_about_twice_of_everything() -> None:
    one, two = needs(500_000, 10), needs(1_000_000, 10)
    assert two.question_gbit == pytest.approx(2 * one.question_gbit)
    assert abs(two.processes - 2 * one.processes) <= 1


def test_quicker_answers_need_more_for_answers_alone() -> None:
    slow, quick = needs(100_000, 10), needs(100_000, 2)
    assert quick.by["answers"] > slow.by["answers"]
    assert quick.by["everybody back"] == slow.by["everybody back"]


def test_the_page_shows_what_the_script_computes() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for viewers in (10_000, 100_000, 1_000_000):
        found = needs(viewers, 10)
        assert f"| {viewers:,} | {found.processes:,} |" in text
    for cost in (MEASURED.question_us, MEASURED.answer_us, MEASURED.return_us):
        assert f"| {cost:g} µs |" in text
    assert len(table([10_000], 10).rows) == 13
