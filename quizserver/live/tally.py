"""How many answered the current question, and what (`live.intake` counts)."""

from dataclasses import dataclass

from quizserver.domain.ids import OptionId


@dataclass(slots=True)
class Tally:
    """Durable answers to the current question, and what was turned away."""

    counts: dict[OptionId, int]
    accepted: int = 0
    late: int = 0
    rejected: int = 0
