"""Results as rows: what each table of an export says, in the show's language.

Rows hold plain values; `formats` writes them into files and makes texts safe
there. Pure: results in, rows out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from quizserver.domain.flags import Flag
from quizserver.reports.winners import day
from quizserver.texts.catalogue import text
from quizserver.wire.results import QuestionResult, Results

Cell = str | int | None
Row = Sequence[Cell]

LONG: Final = (
    "part", "rank", "tied", "name", "unit", "right", "time_ms", "note", "consent",
    "participant", "flags",
)  # fmt: skip
SHOW: Final = (
    "rank", "tied", "name", "unit", "right", "time_ms", "note", "consent", "flags",
)  # fmt: skip
QUESTION: Final = (
    "rank",
    "tied",
    "name",
    "unit",
    "time_ms",
    "note",
    "consent",
    "flags",
)

_KNOWN: Final = frozenset(str(flag) for flag in Flag)
"""A ledger may hold flags of another version; those stay codes."""


def sayer(results: Results) -> Callable[..., str]:
    """Return the texts of the exports in the show's language."""
    lang = results.show.lang
    return lambda key, **values: text(lang, f"results.{key}", **values)


def long_table(results: Results) -> Iterable[Row]:
    """Return one table with the show's and every question's order, header first."""
    say = sayer(results)
    yield [say(f"col_{column}") for column in LONG]
    for row in results.standings:
        tied = say("tied") if row.tied else ""
        note = _prize_note(results, "show", row.participant)
        yield (
            say("part_show"), row.rank, tied, row.name, row.unit, row.right,
            row.total_ms, note, _consent(results, row.consent), row.participant,
            _flags(results, row.flags),
        )  # fmt: skip
    agreed = _agreed(results)
    for question in results.questions:
        yield from _long_question(results, question, agreed)


def _agreed(results: Results) -> Mapping[str, str]:
    """Return by participant what they agreed to: whoever is ranked stands in it."""
    return {
        row.participant: _consent(results, row.consent) for row in results.standings
    }


def _consent(results: Results, purposes: Iterable[str]) -> str:
    """Return the purposes that somebody agreed to, in words (Source: R2.1)."""
    say = sayer(results)
    return "; ".join(say(f"consent.{purpose}") for purpose in purposes)


def _long_question(
    results: Results, question: QuestionResult, agreed: Mapping[str, str]
) -> Iterable[Row]:
    say = sayer(results)
    part = say("part_question", number=question.number)
    if not question.ranking:
        note = _empty_note(results, question)
        yield (part, None, "", "", "", None, None, note, "", "", "")
    for row in question.ranking:
        tied = say("tied") if row.tied else ""
        note = _prize_note(results, question.question, row.participant)
        yield (
            part, row.rank, tied, row.name, row.unit, None, row.time_ms, note,
            agreed.get(row.participant, ""), row.participant,
            _flags(results, row.flags),
        )  # fmt: skip


def _flags(results: Results, flags: Iterable[str]) -> str:
    """Return each remark as its code, for whoever looks it up, and in words (R4.11)."""
    say = sayer(results)
    return "; ".join(
        f"{flag}: {say(f'flag.{flag}')}" if flag in _KNOWN else flag for flag in flags
    )


def _empty_note(results: Results, question: QuestionResult) -> str:
    say = sayer(results)
    if question.void:
        return say("void", reason=question.void_reason or "")
    return say("nobody") if question.correct else say("not_revealed")


def _prize_note(results: Results, prize: str, participant: str) -> str:
    for winner in results.winners:
        if winner.prize == prize and winner.participant == participant:
            status = text(results.show.lang, f"results.status.{winner.status}")
            return f"{status}: {winner.reason}" if winner.reason else status
    return ""


def show_table(results: Results) -> list[Row]:
    """Return the show's sheet: title, air date, participants by page, standings."""
    say = sayer(results)
    show = results.show
    head: list[Row] = [
        [show.title],
        [say("aired", day=day(show.aired_on)), None, show.code],
        [say("participants"), show.participants],
        *[_via(say, via, joined) for via, joined in show.via.items()],
        [],
        [say(f"col_{column}") for column in SHOW],
    ]
    rows: list[Row] = [
        [
            row.rank,
            say("tied") if row.tied else "",
            row.name,
            row.unit,
            row.right,
            row.total_ms,
            _prize_note(results, "show", row.participant),
            _consent(results, row.consent),
            _flags(results, row.flags),
        ]
        for row in results.standings
    ]
    return [*head, *rows]


def _via(say: Callable[..., str], via: str, joined: int) -> Row:
    return [say("via", via=via or say("via_direct")), joined]


def question_table(results: Results, question: QuestionResult) -> list[Row]:
    """Return a question's sheet: text, key, counts, then the right answers."""
    say = sayer(results)
    key = f"{question.correct}. {question.correct_text}" if question.correct else ""
    counts = ", ".join(f"{option}: {n}" for option, n in question.counts.items())
    agreed = _agreed(results)
    head: list[Row] = [
        [question.text],
        [say("key"), key],
        [say("counts"), counts],
        [say("late"), question.late],
        [] if question.ranking else [_empty_note(results, question)],
        [say(f"col_{column}") for column in QUESTION],
    ]
    rows: list[Row] = [
        [
            row.rank,
            say("tied") if row.tied else "",
            row.name,
            row.unit,
            row.time_ms,
            _prize_note(results, question.question, row.participant),
            agreed.get(row.participant, ""),
            _flags(results, row.flags),
        ]
        for row in question.ranking
    ]
    return [*head, *rows]


def seal_table(results: Results) -> list[Row]:
    """Return the sheet of the seals: the pack's hash, then each question's code."""
    say = sayer(results)
    head: list[Row] = [
        [say("pack_hash"), results.show.pack_hash],
        [],
        [say("col_part"), say("col_seal"), say("col_key_was")],
    ]
    rows: list[Row] = [
        [say("part_question", number=row.number), row.seal or "", row.key_was or ""]
        for row in results.questions
    ]
    return [*head, *rows]
