"""Results of a show as data: what `results.json` says.

`reports` makes it from the ledger, `web` and the files show it. Rows hold full
names, for the organiser; a public page masks them first (Source: R2.1).
Source: docs/reference/wire.md §7.
"""

import msgspec

from quizserver.wire.parts import WinnerPart


class Row(msgspec.Struct, frozen=True):
    """Base: every field is written, defaults too, for readers of spreadsheets."""


class RankedAnswer(Row, frozen=True):
    """A right answer's place in its question; `time_ms` whole ms (R5.1)."""

    participant: str
    name: str
    unit: str
    rank: int
    tied: bool
    time_ms: int
    flags: tuple[str, ...] = ()


class QuestionResult(Row, frozen=True):
    """A played question. `correct` is missing until it was revealed (R3.6).

    `number` is its place in the show, `counts` accepted answers by option.
    """

    question: str
    number: int
    text: str
    correct: str | None
    correct_text: str | None
    void: bool
    counts: dict[str, int]
    ranking: tuple[RankedAnswer, ...]
    void_reason: str | None = None
    late: int = 0


class StandingRow(Row, frozen=True):
    """A participant's place in the show (Source: R5.2)."""

    participant: str
    name: str
    unit: str
    rank: int
    tied: bool
    right: int
    total_ms: int
    via: str = ""


class ShowSummary(Row, frozen=True):
    """The show the results are of; `aired_on` is an ISO date, "" before."""

    code: str
    title: str
    lang: str
    epoch: str
    step: int
    phase: str
    timing: str
    duration_ms: int
    participants: int
    aired_on: str = ""
    via: dict[str, int] = {}


class Results(Row, frozen=True):
    """The whole result, question by question and for the show."""

    show: ShowSummary
    questions: tuple[QuestionResult, ...]
    standings: tuple[StandingRow, ...]
    winners: tuple[WinnerPart, ...]
