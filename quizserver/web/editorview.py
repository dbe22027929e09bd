"""What the question editor is told of a pack: questions, versions, what is missing.

Plain values for JSON. It holds the keys of questions that were not yet asked, so only
who may conduct gets it (`routes`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quizserver.bank import editing
from quizserver.bank.flaws import Flaw, cure, what
from quizserver.bank.shelf import PackSummary
from quizserver.bank.validate import Demands
from quizserver.domain.ids import QuestionId, ShowCode
from quizserver.domain.phases import QuestionState
from quizserver.domain.rundown import Pack, Question
from quizserver.domain.show import Show

_EYES: Final = frozenset({"missing_author", "missing_reviewer", "own_reviewer"})
"""Flaws that another pair of eyes cures; any other means unfinished."""

_PACK_FLAWS: Final = frozenset({"no_questions", "only_reserves"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A show that plays a question, and whether it was asked there already."""

    show: ShowCode
    asked: bool


Uses = Mapping[QuestionId, Sequence[Use]]


def uses_of(pack: Pack, shows: Iterable[Show]) -> Uses:
    """Return where the questions are played, as they stand now.

    A show keeps the questions it was made with: one that was changed since is
    another question.
    """
    uses: defaultdict[QuestionId, list[Use]] = defaultdict(list)
    for show in shows:
        for question in pack.questions:
            there = show.questions.get(question.id)
            if there is not None and there.text == question.text:
                state = show.plays[question.id].state
                asked = state is not QuestionState.WAITING
                uses[question.id].append(Use(show=show.code, asked=asked))
    return uses


def pack_row(summary: PackSummary, lacks: Mapping[str, int], lang: str) -> object:
    """Return a pack for the list; `lacks` counts its questions by state."""
    return {
        "id": summary.id,
        "title": summary.title,
        "lang": summary.lang,
        "questions": summary.questions,
        "reserves": summary.reserves,
        "states": lacks,
        "flaws": [_flaw(flaw, lang) for flaw in summary.flaws],
    }


def whole_pack(pack: Pack, folder: Path, uses: Uses, lang: str) -> dict[str, object]:
    """Return everything the editor shows of a pack."""
    flaws = editing.flaws_of(pack, folder, Demands())
    by_number: defaultdict[int | None, list[Flaw]] = defaultdict(list)
    for flaw in flaws:
        by_number[flaw.number].append(flaw)
    return {
        "id": pack.id,
        "title": pack.title,
        "lang": pack.lang,
        "version": editing.frame_version(pack),
        "lacks": [_flaw(f, lang) for f in by_number[None] if f.code in _PACK_FLAWS],
        "questions": [
            one_question(question, by_number[number], uses.get(question.id, ()), lang)
            for number, question in enumerate(pack.questions, start=1)
        ],
    }


def one_question(
    question: Question, flaws: Sequence[Flaw], uses: Sequence[Use], lang: str
) -> dict[str, object]:
    """Return a question with its version, its state and what it lacks."""
    return editing.fields_of(question) | {
        "version": editing.question_version(question),
        "state": state_of(flaws),
        "flaws": [_flaw(flaw, lang) for flaw in flaws if flaw.code not in _EYES],
        "shows": [{"code": use.show, "asked": use.asked} for use in uses],
    }


def state_of(flaws: Iterable[Flaw]) -> str:
    """Return "unfinished", "written" (nobody else has read it) or "reviewed"."""
    codes = {flaw.code for flaw in flaws}
    if codes - _EYES:
        return "unfinished"
    return "written" if codes else "reviewed"


def states(pack: Pack, folder: Path) -> dict[str, int]:
    """Return how many questions are in each state."""
    flaws = editing.flaws_of(pack, folder, Demands())
    counts = {"unfinished": 0, "written": 0, "reviewed": 0}
    for number in range(1, len(pack.questions) + 1):
        counts[state_of(flaw for flaw in flaws if flaw.number == number)] += 1
    return counts


def flaw_rows(flaws: Iterable[Flaw], lang: str) -> list[dict[str, object]]:
    """Return flaws as the editor lists them: where, what, cure."""
    return [_flaw(flaw, lang) for flaw in flaws]


def _flaw(flaw: Flaw, lang: str) -> dict[str, object]:
    return {
        "code": flaw.code,
        "field": flaw.field,
        "file": flaw.file if flaw.line is not None or flaw.file else "",
        "line": flaw.line,
        "number": flaw.number,
        "question": flaw.question,
        "what": what(flaw, lang),
        "cure": cure(flaw, lang),
    }
