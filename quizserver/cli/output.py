"""How every command speaks: sentences for people, JSON for scripts.

With `--json` a command prints one object on standard output: `ok`, and either
its fields or `errors`. Without, it prints sentences; those of a failure go to
standard error. They are in the language of the setting `QUIZ_LANG`, which is
Vietnamese when nothing is set. It decides nothing.
"""

import json
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from quizserver.settings import read_settings
from quizserver.texts.catalogue import text
from quizserver.texts.formats import integer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def speaker() -> Callable[..., str]:
    """Return what makes the sentences of `texts/cli`, in the setting's language.

    Whole numbers are written as people read them. Raises Failure: a setting is bad.
    """
    lang = read_settings().lang

    def say(key: str, **values: str | int) -> str:
        shown = {
            name: integer(lang, value) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return text(lang, f"cli.{key}", **shown)

    return say


def tell(sentence: str, fields: Mapping[str, object], *, as_json: bool) -> None:
    """Print what was done: `sentence`, or `fields` as JSON."""
    typer.echo(_object(ok=True, **fields) if as_json else sentence)


def refuse(sentence: str, *, as_json: bool) -> int:
    """Print why it failed; return the exit code for that."""
    if as_json:
        typer.echo(_object(ok=False, errors=[{"message": sentence}]))
    else:
        typer.echo(sentence, err=True)
    return 1


def _object(**fields: object) -> str:
    told = json.dumps(fields, ensure_ascii=False, indent=2)
    # Half a surrogate pair, from somebody's file: as UTF-8 it cannot be, as an escape
    # it can, and JSON writes it as Python does.
    return told.encode("utf-8", "backslashreplace").decode("utf-8")
