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
    """A right answer's place in its question; `time_ms` whole ms (R5.1).

    `flags` are the remarks on the answer, those that came after it too (R4.11).
    """

    participant: str
    name: str
    unit: str
    rank: int
    tied: bool
    time_ms: int
    flags: tuple[str, ...] = ()


class QuestionResult(Row, frozen=True):
    """A played question. `correct` is missing until it was revealed (R3.6).

    `number` is its place in the show, `counts` accepted answers by option, `seal`
    the code that screens could show at its close (R6.1), `key_was` the first key
    of a question whose key was corrected.
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
    seal: str | None = None
    key_was: str | None = None


class StandingRow(Row, frozen=True):
    """A participant's place in the show (Source: R5.2).

    `flags` are all remarks on them, in any question or of the show (R4.11),
    `consent` what they agreed to beside taking part (R2.1): "show_name", "contact".
    """

    participant: str
    name: str
    unit: str
    rank: int
    tied: bool
    right: int
    total_ms: int
    via: str = ""
    flags: tuple[str, ...] = ()
    consent: tuple[str, ...] = ()


class ShowSummary(Row, frozen=True):
    """The show the results are of; `aired_on` is an ISO date, "" before.

    `pack_hash` is what was published of the questions before the show (R6.2).
    """

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
    pack_hash: str = ""


class Results(Row, frozen=True):
    """The whole result, question by question and for the show."""

    show: ShowSummary
    questions: tuple[QuestionResult, ...]
    standings: tuple[StandingRow, ...]
    winners: tuple[WinnerPart, ...]


class MovedRow(Row, frozen=True):
    """Somebody whom a recount moves; ranks are missing without a right answer.

    `place` is the rank in the question, the others are of the show.
    """

    participant: str
    name: str
    rank_was: int | None
    rank: int | None
    right_was: int
    right: int
    total_ms_was: int
    total_ms: int
    place_was: int | None
    place: int | None


class PrizeChange(Row, frozen=True):
    """A prize that changes hands; `number` is its question's, None: the show's."""

    prize: str
    number: int | None
    was: tuple[str, ...]
    now: tuple[str, ...]


class Recount(Row, frozen=True):
    """What a recount would do, before it is done (Source: R1.6).

    `action` is the command that does it, `void` or `correct_key`; the keys are
    missing where the question does not count. `fastest` are the question's first,
    `moved` the best of those who move, `participants` how many these are in all.
    `step` is that of the show it was made from.
    """

    question: str
    number: int
    action: str
    step: int
    key_was: str | None
    key: str | None
    fastest_was: tuple[RankedAnswer, ...]
    fastest: tuple[RankedAnswer, ...]
    moved: tuple[MovedRow, ...]
    participants: int
    prizes: tuple[PrizeChange, ...]
