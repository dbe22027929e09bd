"""Results as data: every field is there, for readers of spreadsheets."""

import msgspec

from quizserver.wire.results import (
    QuestionResult,
    RankedAnswer,
    Results,
    ShowSummary,
    StandingRow,
)


def test_defaults_are_written_too() -> None:
    results = Results(
        show=ShowSummary(
            code="CCHC1",
            title="Số 1",
            lang="vi",
            epoch="e1",
            step=9,
            phase="ended",
            timing="received",
            duration_ms=15_000,
            participants=2,
        ),
        questions=(
            QuestionResult(
                question="q1",
                number=1,
                text="Câu hỏi?",
                correct=None,
                correct_text=None,
                void=False,
                counts={},
                ranking=(
                    RankedAnswer(
                        participant="p1",
                        name="An",
                        unit="",
                        rank=1,
                        tied=False,
                        time_ms=2_910,
                    ),
                ),
            ),
        ),
        standings=(
            StandingRow(
                participant="p1",
                name="An",
                unit="",
                rank=1,
                tied=False,
                right=1,
                total_ms=2_910,
            ),
        ),
        winners=(),
    )
    told = msgspec.json.decode(msgspec.json.encode(results))
    assert told["show"]["aired_on"] == ""
    assert told["show"]["via"] == {}
    assert told["questions"][0]["correct"] is None
    assert told["questions"][0]["late"] == 0
    assert told["questions"][0]["ranking"][0]["flags"] == []
    assert told["standings"][0]["via"] == ""
    assert msgspec.json.decode(msgspec.json.encode(results), type=Results) == results
