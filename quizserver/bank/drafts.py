"""A pack as it was written: values not yet judged, each with its line.

The three readers (`toml_form`, `csv_form`, `xlsx_form`) make drafts and
`validate` makes packs of them, so that every rule is written once. A draft
never leaves the bank.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizserver.bank.flaws import Flaw


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value as its form gave it; `line` from 1, None where unknown."""

    value: object
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt:
    """What stands in a cell that cannot be taken as it is; `code` says why."""

    code: str
    found: str

    def __str__(self) -> str:
        """Return what stood there, shortened."""
        return self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """One question; `number` is its place in the file, from 1."""

    number: int
    line: int | None
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDraft:
    """A whole file; `flaws` are those its reader already found."""

    file: str
    line: int | None
    cells: Mapping[str, Cell]
    questions: tuple[QuestionDraft, ...]
    flaws: list[Flaw] = field(default_factory=list)
