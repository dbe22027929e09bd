"""An empty pack to write in: header, one example and help, in three forms.

The example is a sound pack, so that a writer can check the file before
changing it and sees that it passes. Texts come from the catalogue.
"""

from typing import Final

from quizserver.bank.csv_form import csv_text
from quizserver.bank.sheet_form import REMARK, rows_of
from quizserver.bank.toml_form import toml_text
from quizserver.domain.ids import OPTION_IDS, QuestionId
from quizserver.domain.rundown import Option, Pack, Question
from quizserver.texts.catalogue import text

_HELP_LINES: Final = 12
_OPTIONS: Final = 4


def template(form: str, lang: str) -> bytes:
    """Return a pack to write in, as ".toml", ".csv" or ".xlsx".

    Raises:
        ValueError: for another form.
    """
    pack = _example(lang)
    help_lines = [text(lang, f"bank.help.{n}") for n in range(1, _HELP_LINES + 1)]
    remarks = [f"{REMARK} {line}" for line in help_lines]
    match form:
        case ".toml":
            return ("\n".join(remarks) + "\n\n" + toml_text(pack)).encode()
        case ".csv":
            rows = [*rows_of(pack, lang), *([line] for line in remarks)]
            return csv_text(rows).encode()
        case ".xlsx":
            # As in `load`: it takes long to load and is seldom needed.
            from quizserver.bank.xlsx_form import xlsx_bytes  # noqa: PLC0415

            notes = (text(lang, "bank.help.sheet"), help_lines)
            return xlsx_bytes(rows_of(pack, lang), text(lang, "bank.sheet"), notes)
        case _:
            raise ValueError(f"no such form of a pack: {form}")


def _example(lang: str) -> Pack:
    def says(name: str) -> str:
        return text(lang, f"bank.example.{name}")

    letters = OPTION_IDS[:_OPTIONS]
    question = Question(
        id=QuestionId("c01"),
        text=says("text"),
        options=tuple(
            Option(id=letter, text=says(f"option_{letter.lower()}"))
            for letter in letters
        ),
        key=letters[1],
        explanation=says("explanation"),
        source=says("source"),
        as_of="2023-12-22",
        author=says("author"),
        reviewer=says("reviewer"),
    )
    return Pack(id=says("pack"), title=says("title"), lang=lang, questions=(question,))
