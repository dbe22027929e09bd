"""The audit export says everything about ranks and nothing about people."""

import json

from quizserver.domain import events as e
from quizserver.domain.ids import ParticipantId
from quizserver.reports.audit import answer_line, event_line, header, instant
from tests.unit.reports.played import Played


def test_header_has_the_keys_of_revealed_questions_only() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 900)})
    played.play("q2", {"An": ("A", 900)}, reveal=False)
    line = header(played.record)
    assert (line["kind"], line["rule"], line["keys"]) == (
        "header",
        "received",
        {"q1": "C"},
    )


def test_first_event_hides_keys_that_are_not_out() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 900)})
    data = event_line(played.show, played.rows[0])["data"]
    assert isinstance(data, dict)
    keys = {q["id"]: q.get("key") for q in data["questions"]}
    assert keys == {"q1": "C", "q2": None, "q3": None, "r1": None}


def test_no_line_has_a_name_or_a_phone() -> None:
    played = Played()
    played.play("q1", {"Nguyễn Văn Mật": ("C", 900)})
    # Ids are random in a real show; here they hold the name.
    secret = [ParticipantId("p-x")]
    played.then(
        e.NameHidden(participant=secret[0], hidden=True, alias="Nguyễn Văn Mật")
    )
    text = json.dumps(
        [
            header(played.record),
            *(event_line(played.show, row) for row in played.rows),
        ],
        ensure_ascii=False,
    ).replace("p-Nguyễn Văn Mật", "")
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
