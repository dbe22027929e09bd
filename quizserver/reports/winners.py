"""Winner lists with the four columns of the official appendix.

`TT | Họ và tên | Địa chỉ, nơi công tác | Ghi chú`, word for word as provincial
reports print them. Only confirmed awards are on a list: a provisional name on
paper cannot be taken back (Source: R5.4).
"""

import re
from collections.abc import Sequence
from datetime import date

from quizserver.domain.phases import Phase
from quizserver.domain.prizes import SHOW_PRIZE
from quizserver.texts.catalogue import text
from quizserver.wire.parts import WinnerPart
from quizserver.wire.results import QuestionResult, Results

Row = list[str | int | None]


def show_prizes(shows: Sequence[Results]) -> list[Row]:
    """Return the list of the shows' winners, header first.

    The prize's number is the show's: the digits its code ends with ("CCHC3"),
    else its place among `shows`. Winners who share a prize share its number.
    """
    lang = shows[0].show.lang if shows else "vi"
    rows: list[Row] = []
    for place, results in enumerate(shows, start=1):
        note = text(
            lang,
            "results.note_show",
            number=show_number(results.show.code, place),
            day=day(results.show.aired_on),
        )
        rows += _listed(results, SHOW_PRIZE, note, len(rows))
    return [_columns(lang), *rows]


def question_prizes(results: Results) -> list[Row]:
    """Return the list of the questions' winners, header first.

    A question that nobody won says so instead of a name.
    """
    lang = results.show.lang
    rows: list[Row] = []
    for question in results.questions:
        note = text(
            lang,
            "results.note_question",
            number=question.number,
            day=day(results.show.aired_on),
        )
        rows += _listed(results, question.question, note, len(rows))
        if _nobody_won(results, question):
            rows.append([len(rows) + 1, text(lang, "results.nobody"), "", note])
    return [_columns(lang), *rows]


def show_number(code: str, place: int) -> int:
    """Return the number of a show: the digits at the end of its code, if any."""
    digits = re.search(r"\d+$", code)
    return int(digits.group()) if digits else place


def day(iso: str) -> str:
    """Return dd/mm/yyyy for an ISO date, as every list prints it; "" for ""."""
    return date.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""


def _columns(lang: str) -> Row:
    return [text(lang, f"results.list_{c}") for c in ("tt", "name", "unit", "note")]


def _listed(results: Results, prize: str, note: str, before: int) -> list[Row]:
    """Return the rows of a prize's winners; a dead heat is said (R5.5)."""
    tied = text(results.show.lang, "results.tied")
    return [
        [at, row.name, row.unit or "", f"{note}, {tied}" if row.tied else note]
        for at, row in enumerate(_confirmed(results, prize), before + 1)
    ]


def _confirmed(results: Results, prize: str) -> list[WinnerPart]:
    return [
        winner
        for winner in results.winners
        if winner.prize == prize and winner.status == "confirmed"
    ]


def _nobody_won(results: Results, question: QuestionResult) -> bool:
    """Tell whether nobody was right, or everybody was passed over for good (R5.4)."""
    if question.correct is None or question.void:
        return False
    is_final = results.show.phase in (Phase.CONFIRMED, Phase.PUBLISHED)
    return not question.ranking or (
        is_final and not _confirmed(results, question.question)
    )
