"""What is wrong with a pack, where, and how to cure it.

A `Flaw` is found by readers and validators and turned into a sentence of the
reader's language only when it is shown; texts are in the catalogue, area
"bank": `bank.<code>` says what is wrong, `bank.<code>.cure` how to cure it.
This module reads no file and judges nothing.
"""

import dataclasses
from collections.abc import Mapping

from quizserver.failures import Failure
from quizserver.texts.catalogue import text

Shown = str | int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong.

    `line` is the line of the text file or the row of the sheet, from 1;
    `number` is the question's place in the file, from 1, and `question` its
    id; each is None or "" where it does not apply. `field` is the field's
    name as in the TOML form; `values` fill the sentence.
    """

    code: str
    file: str
    line: int | None = None
    number: int | None = None
    question: str = ""
    field: str = ""
    values: Mapping[str, Shown] = dataclasses.field(default_factory=dict)


class PackRefused(Failure):
    """A pack has flaws: nothing of it may be used."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        """Take all flaws that were found, in the order of the file."""
        super().__init__()
        self.flaws = flaws

    def in_words(self, lang: str) -> str:
        """Return every flaw as a line."""
        return "\n".join(sentence(flaw, lang) for flaw in self.flaws)


def what(flaw: Flaw, lang: str) -> str:
    """Return what is wrong, without place and cure."""
    return text(lang, f"bank.{flaw.code}", **_shown(flaw, lang))


def cure(flaw: Flaw, lang: str) -> str:
    """Return how to cure it, one imperative sentence."""
    return text(lang, f"bank.{flaw.code}.cure", **_shown(flaw, lang))


def sentence(flaw: Flaw, lang: str) -> str:
    """Return "file:line: question: what. Cure" as one line."""
    place = flaw.file if flaw.line is None else f"{flaw.file}:{flaw.line}"
    named = _question(flaw, lang)
    says = text(lang, "bank.says", what=what(flaw, lang), cure=cure(flaw, lang))
    return ": ".join(part for part in (place, named, says) if part)


def as_row(flaw: Flaw, lang: str) -> dict[str, Shown | None]:
    """Return the flaw as a flat JSON object for `--json`."""
    return {
        "file": flaw.file,
        "line": flaw.line,
        "question": flaw.question or None,
        "number": flaw.number,
        "field": flaw.field or None,
        "code": flaw.code,
        "what": what(flaw, lang),
        "cure": cure(flaw, lang),
        "message": sentence(flaw, lang),
    }


def in_file_order(flaws: list[Flaw]) -> tuple[Flaw, ...]:
    """Return the flaws from the top of the file to its end."""
    return tuple(sorted(flaws, key=lambda flaw: flaw.line or 0))


def _question(flaw: Flaw, lang: str) -> str:
    if flaw.number is None:
        return ""
    if not flaw.question:
        return text(lang, "bank.question_number", number=flaw.number)
    return text(lang, "bank.question_named", number=flaw.number, question=flaw.question)


def _shown(flaw: Flaw, lang: str) -> dict[str, Shown]:
    values = dict(flaw.values)
    if flaw.field:
        values["field"] = text(lang, f"bank.field.{flaw.field}")
    return values
