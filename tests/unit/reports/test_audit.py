"""The audit export says everything about ranks and nothing about people."""

import msgspec

from quizserver.domain import events as e
from quizserver.domain.board import Leaderboard
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.reports.audit import (
    answer_line,
    event_line,
    header,
    instant,
    question_lines,
)
from tests.unit.reports.played import Played


def test_header_has_the_keys_of_revealed_questions_only() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 900)})
    played.play("q2", {"An": ("A", 900)}, reveal=False)
    line = header(played.record, [])
    assert (line["kind"], line["rule"], line["keys"]) == (
        "header",
        "received",
        {"q1": "C"},
    )


def test_first_event_hides_keys_and_salt() -> None:
    """R3.6: what is chained, and exported, depends on no key."""
    played = Played()
    data = event_line(played.rows[0])["data"]
    assert isinstance(data, msgspec.Raw)
    said = msgspec.json.decode(data)
    assert [set(q) for q in said["questions"]] == [
        {"id", "options", "duration_ms", "reserve"}
    ] * 4
    assert "salt" not in said


def test_question_is_opened_with_its_reveal_and_not_before() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 900)})
    played.play("q2", {"An": ("A", 900)}, reveal=False)
    lines = {line["question"]: line for line in question_lines(played.record)}
    assert list(lines) == ["q1", "q2", "q3", "r1"]
    assert [q for q, line in lines.items() if "salt" in line] == ["q1"]
    assert [q for q, line in lines.items() if "authored" in line] == ["q1"]


def test_question_is_opened_as_it_was_authored() -> None:
    """A corrected key is in an event; what was published is the first one."""
    played = Played()
    played.play("q1", {"An": ("C", 900)})
    board = Leaderboard(top=(), participants=0)
    played.then(
        e.KeyCorrected(
            question=QuestionId("q1"),
            key=OptionId("A"),
            reason="Nhầm",
            board=played.board(QuestionId("q1")),
            leaderboard=board,
        )
    )
    line = next(iter(question_lines(played.record)))
    authored = line["authored"]
    assert isinstance(authored, msgspec.Raw)
    assert msgspec.json.decode(authored)["key"] == "C"
    assert header(played.record, [])["keys"] == {"q1": "A"}


def test_no_line_has_a_name_or_a_phone() -> None:
    played = Played()
    played.play("q1", {"Nguyễn Văn Mật": ("C", 900)}, reveal=False)
    # Ids are random in a real show; here they hold the name.
    secret = [ParticipantId("p-x")]
    played.then(
        e.NameHidden(participant=secret[0], hidden=True, alias="Nguyễn Văn Mật")
    )
    lines = [
        header(played.record, []),
        *question_lines(played.record),
        *(event_line(row) for row in played.rows),
    ]
    text = msgspec.json.encode(lines).decode().replace("p-Nguyễn Văn Mật", "")
    for canary in ("Mật", "0912345678", "Sở Nội vụ", "Tác giả", "Người Duyệt"):
        assert canary not in text


def test_answer_carries_its_evidence_and_whether_it_was_right() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 900)})
    row = next(iter(played.answers.values()))[0]
    line = answer_line(played.show, row)
    assert line["right"] is True
    assert (line["T0_ns"], line["R_ns"]) == (0, 900_000_000)
    assert (line["status"], line["time_ms"], line["receipt"]) == (
        "accepted",
        900,
        "R900",
    )


def test_answer_does_not_say_whether_it_is_right_before_the_reveal() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 900)}, reveal=False)
    row = next(iter(played.answers.values()))[0]
    assert answer_line(played.show, row)["right"] is None


def test_moments_are_utc_with_milliseconds() -> None:
    assert instant(1_697_724_000_007) == "2023-10-19T14:00:00.007Z"
