"""Winner lists read word for word as in the official appendix (A18)."""

from quizserver.domain import events as e
from quizserver.reports.results import compute
from quizserver.reports.winners import question_prizes, show_number, show_prizes
from quizserver.wire.results import Results
from tests.unit.reports.played import Played

DAY = 86_400_000
AIRED = 1_697_691_600_000  # 19/10/2023 12:00 in Vietnam


def a_show(number: int, aired_ms: int, winner: str) -> Results:
    played = Played(code=f"CCHC{number}", aired_ms=aired_ms)
    played.join(winner, unit=f"Đơn vị {number}")
    played.play("q1", {winner: ("C", 2_000)})
    played.end()
    played.confirm("show", winner)
    return compute(played.record)


def test_four_confirmed_shows_make_the_list_of_the_report() -> None:
    aired = [AIRED, AIRED + DAY, AIRED + 8 * DAY, AIRED + 9 * DAY]
    shows = [a_show(n, ms, f"Người {n}") for n, ms in enumerate(aired, 1)]
    assert show_prizes(shows) == [
        ["TT", "Họ và tên", "Địa chỉ, nơi công tác", "Ghi chú"],
        [
            1,
            "Người 1",
            "Đơn vị 1",
            "Đạt giải thưởng số 1 (số phát sóng ngày 19/10/2023)",
        ],
        [
            2,
            "Người 2",
            "Đơn vị 2",
            "Đạt giải thưởng số 2 (số phát sóng ngày 20/10/2023)",
        ],
        [
            3,
            "Người 3",
            "Đơn vị 3",
            "Đạt giải thưởng số 3 (số phát sóng ngày 27/10/2023)",
        ],
        [
            4,
            "Người 4",
            "Đơn vị 4",
            "Đạt giải thưởng số 4 (số phát sóng ngày 28/10/2023)",
        ],
    ]


def test_provisional_winner_is_on_no_list() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 2_000)})
    played.end()
    assert len(show_prizes([compute(played.record)])) == 1


def test_question_without_a_right_answer_says_so() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 2_000)})
    played.play("q2", {"An": ("C", 2_000)})
    played.end()
    played.confirm("q1", "An")
    rows = question_prizes(compute(played.record))[1:]
    assert [row[1] for row in rows] == ["An", "không có người đạt giải"]
    assert (
        rows[0][3] == "Trả lời đúng và nhanh nhất câu 1 (số phát sóng ngày 19/10/2023)"
    )


def test_question_that_everybody_was_passed_over_for_says_so_once_it_is_final() -> None:
    """R5.4: the official list has a line for every question that was played."""
    played = Played()
    played.play("q1", {"An": ("C", 250)})  # faster than anybody reads (R4.11)
    played.end()
    assert question_prizes(compute(played.record))[1:] == []
    played.then(e.ResultsConfirmed())
    (row,) = question_prizes(compute(played.record))[1:]
    assert row[:2] == [1, "không có người đạt giải"]


def test_number_of_a_show_is_its_codes_or_its_place() -> None:
    assert show_number("CCHC3", 1) == 3
    assert show_number("TET", 2) == 2
