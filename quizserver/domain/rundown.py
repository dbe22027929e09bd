"""What is authored before a show: questions, packs and the show's settings.

Pure values. The bank makes them from files, the first event of a show freezes
them (`ShowCreated`), and nothing changes them afterwards.
"""

from dataclasses import dataclass, field

from quizserver.domain.ids import OptionId, QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the texts a participant may choose."""

    id: OptionId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One authored question with exactly one right option.

    `as_of` is an ISO date (`2023-12-22`) up to which the fact was checked;
    `duration_ms` replaces the show's duration when it is set; a `reserve`
    question is played only when the host takes it (Source: R1.6).
    """

    id: QuestionId
    text: str
    options: tuple[Option, ...]
    key: OptionId
    source: str
    explanation: str = ""
    as_of: str = ""
    author: str = ""
    reviewer: str = ""
    image: str | None = None
    duration_ms: int | None = None
    reserve: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A titled, ordered set of questions in one language (`vi` or `en`)."""

    id: str
    title: str
    lang: str
    questions: tuple[Question, ...]

    @property
    def planned(self) -> int:
        """How many questions there are to play, reserves not counted."""
        return sum(not question.reserve for question in self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings of a show that decide who wins; frozen when it is created.

    Durations are milliseconds. `timing` names a rule of `domain.timing`
    (Source: R4); `ask_first` shows the text before the options (R1.3);
    `roll_ms` is the warning before a question opens (R4.10);
    `prize_min_right` and `max_prizes_per_person` are R5.4, 0 = off; `domain.prizes`
    says what they do. What each may be is in `domain.bounds`.
    """

    timing: str = "fair-1"
    ask_first: bool = True
    duration_ms: int = 15_000
    roll_ms: int = 3_000
    prize_min_right: int = 0
    max_prizes_per_person: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """The ordered plan of one show: its pack, its title and its rules."""

    title: str
    lang: str
    pack: Pack
    rules: Rules = field(default_factory=Rules)
