"""The server's arithmetic and `verify`'s agree, and tampering is found."""

import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from quizserver.domain.timing import RULES, take
from quizserver.live.evidence import evidence_text
from quizserver.reports.audit import answer_line, event_line, header
from quizserver.reports.verify import answer_problems, times, verify
from tests.chance import measured_by_chance
from tests.unit.reports.played import Played

ROWS = 100_000


def test_both_arithmetics_agree_on_every_row() -> None:
    """R4.9: what the server stored is what anybody recomputes."""
    chance = random.Random(7)
    decode = msgspec.json.decode
    for at in range(ROWS):
        rule = RULES[at % len(RULES)]
        measured = measured_by_chance(chance)
        duration_ms = chance.choice((15_000, 15_000, 2_345))
        taken = take(rule, measured, duration_ms)
        row = decode(evidence_text(rule, measured, taken, duration_ms))
        row["time_ms"] = taken.time_ms
        row["status"] = "accepted" if taken.in_time else "late"
        expected = times(rule, row)
        assert expected.items() <= row.items(), (rule, row, expected)


def played_export() -> list[dict[str, Any]]:
    """Return the audit export of two questions, one of them with a dead heat."""
    played = Played()
    played.play("q1", {"An": ("C", 901), "Bo": ("C", 905), "Cu": ("A", 800)})
    played.play("q2", {"An": ("A", 2_000), "Bo": ("A", 1_500), "Cu": ("A", 15_000)})
    played.end()
    lines = [header(played.record)]
    lines += [event_line(played.show, row) for row in played.rows]
    for rows in played.answers.values():
        lines += [answer_line(played.show, row) for row in rows]
    return [json.loads(msgspec.json.encode(line)) for line in lines]


def found(rows: list[dict[str, Any]]) -> list[str]:
    return verify(json.dumps(row) for row in rows)


def test_a_whole_export_adds_up() -> None:
    assert found(played_export()) == []


def answer_of(rows: list[dict[str, Any]], who: str) -> dict[str, Any]:
    return next(row for row in rows if row.get("participant") == who)


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda row: row.update(T_us=800_000), "T_us is 800000"),
        (lambda row: row.update(time_ms=800), "time_ms is 800"),
        (lambda row: row.update(status="late"), "status is late"),
        (lambda row: row.update(R_ns=900_000_000), "T_us is 901000"),
        (lambda row: row.update(option="A"), "right is True"),
        (lambda row: row.update(duration_ms=99_000), "never open for 99000"),
    ],
)
def test_a_number_that_was_changed_is_named(
    tamper: Callable[[dict[str, Any]], None], said: str
) -> None:
    rows = played_export()
    tamper(answer_of(rows, "p-An"))
    problems = found(rows)
    assert any("p-An" in problem and said in problem for problem in problems), problems


def test_a_row_that_was_changed_as_a_whole_shows_in_the_ranks() -> None:
    """Numbers that agree with each other do not agree with the board."""
    rows = played_export()
    row = answer_of(rows, "p-An")
    row.update(R_ns=800_000_000, T_us=800_000, E_us=800_000, time_ms=800)
    assert [problem.split(" are ")[0] for problem in found(rows)] == [
        "ranks of question q1",
        "ranks of the show",
    ]


def test_an_answer_that_was_taken_out_shows_in_the_ranks() -> None:
    rows = played_export()
    rows.remove(answer_of(rows, "p-Bo"))
    assert len(found(rows)) == 2


def test_what_is_no_export_is_told_so() -> None:
    assert len(verify([])) == len(verify([b'{"kind":"event"}'])) == 1


def test_a_show_that_has_not_ended_has_no_standings_to_check() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 901)}, reveal=False)
    lines = [header(played.record)]
    lines += [event_line(played.show, row) for row in played.rows]
    assert verify(msgspec.json.encode(line) for line in lines) == []


def test_right_is_not_told_before_the_reveal() -> None:
    row = answer_of(played_export(), "p-An")
    unrevealed = {"rule": "received", "keys": {}}
    assert list(answer_problems(unrevealed, row, {15_000})) == [
        "right is True, recomputed None"
    ]
