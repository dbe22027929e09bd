"""Writes a pack in any of its forms, so that `load` reads back the same pack.

Returns bytes and touches no file; headings of sheets follow the language.
"""

from quizserver.bank.csv_form import csv_text
from quizserver.bank.sheet_form import rows_of
from quizserver.bank.toml_form import toml_text
from quizserver.domain.rundown import Pack
from quizserver.texts.catalogue import text


def export(pack: Pack, form: str, lang: str) -> bytes:
    """Return `pack` as ".toml", ".csv" or ".xlsx"; `lang` of the headings.

    Raises:
        ValueError: for another form.
    """
    match form:
        case ".toml":
            return toml_text(pack).encode()
        case ".csv":
            return csv_text(rows_of(pack, lang)).encode()
        case ".xlsx":
            # As in `load`: it takes long to load and is seldom needed.
            from quizserver.bank.xlsx_form import xlsx_bytes  # noqa: PLC0415

            return xlsx_bytes(rows_of(pack, lang), text(lang, "bank.sheet"), None)
        case _:
            raise ValueError(f"no such form of a pack: {form}")
