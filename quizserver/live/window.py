"""The current question as the door for answers sees it (`live.intake`)."""

from dataclasses import dataclass

from quizserver.domain.ids import OptionId, QuestionId


@dataclass(slots=True, kw_only=True)
class Window:
    """The current question as the door sees it; `opened_ns` is T0."""

    question: QuestionId
    options: frozenset[OptionId]
    opened_ns: int
    duration_ms: int
    void: bool = False


@dataclass(slots=True)
class Tally:
    """Durable answers to the current question, and what was turned away."""

    counts: dict[OptionId, int]
    accepted: int = 0
    late: int = 0
    rejected: int = 0
