"""How every command speaks: sentences for people, JSON for scripts.

With `--json` a command prints one object on standard output: `ok`, and either
its fields or `errors`. Without, it prints sentences; those of a failure go to
standard error. It decides nothing.
"""

import json
from collections.abc import Mapping
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


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
    return json.dumps(fields, ensure_ascii=False, indent=2)
