"""`quizserver results`: take results out of the data folder.

Reads the database beside a running server or after it, and changes nothing.
`verify` needs no database, only an audit export.
Exit 0: written, or all is right; 1: a plain sentence says why not.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from quizserver import premises
from quizserver.cli.options import DataDir, ShowCodeArgument
from quizserver.cli.output import Json, tell
from quizserver.domain.ids import ShowCode
from quizserver.failures import Failure
from quizserver.reports.audit import audit_of
from quizserver.reports.formats import FORMATS
from quizserver.reports.results import NoSuchShow, Reading, results_of
from quizserver.reports.verify import verify
from quizserver.settings import Settings, read_settings
from quizserver.store.archive import open_archive

app = typer.Typer(no_args_is_help=True, help="Results of shows: export, verify.")


_MOST_TOLD: Final = 20


class Form(StrEnum):
    """What an export can look like."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    AUDIT = "audit"


Format = Annotated[
    Form, typer.Option("--format", help="audit: JSON Lines without names.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Unset: standard output."),
]


AuditFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="An audit.jsonl of a show.")
]


@app.callback()
def results() -> None:
    """Results of shows."""


@app.command()
def export(
    code: ShowCodeArgument,
    form: Format = Form.JSON,
    out: Out = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Write a show's results: every question, the standings, the winners."""
    settings = read_settings(data_dir=data_dir)
    show = ShowCode(code.upper())
    body = asyncio.run(_exported(settings, show, form))
    if out is None:
        _to_stdout(body, form)
        return
    try:
        out.write_bytes(body)
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise Failure(f"cannot write {out} ({cause})") from None
    told = {"show": show, "format": form.value, "file": str(out), "bytes": len(body)}
    tell(f"The results of {show} are in {out}.", told, as_json=as_json)


@app.command("verify")
def check(file: AuditFile, as_json: Json = False) -> None:
    """Recompute every time, status and rank of an audit export from it alone."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise Failure(f"cannot read {file} ({cause})") from None
    try:
        problems = verify(lines)
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"{file} is no whole audit export ({error!r})") from None
    if problems:
        told = "\n".join(problems[:_MOST_TOLD])
        raise Failure(f"{file} does not add up, {len(problems)} times:\n{told}")
    answers = sum(b'"kind":"answer"' in line for line in lines)
    sentence = f"All is right in {file}: {answers} answers recomputed."
    tell(sentence, {"file": str(file), "answers": answers}, as_json=as_json)


async def _exported(settings: Settings, show: ShowCode, form: Form) -> bytes:
    secret = partial(premises.read_secret, settings.secret)
    with open_archive(settings.database, secret) as archive:
        try:
            return await _made(archive, show, form)
        except NoSuchShow:
            codes = ", ".join(row.code for row in await archive.shows())
            raise Failure(
                f"there is no show {show}; there are: {codes or 'none yet'}"
            ) from None


async def _made(archive: Reading, show: ShowCode, form: Form) -> bytes:
    if form is Form.AUDIT:
        return await _joined(audit_of(archive, show))
    return FORMATS[form](await results_of(archive, show))


async def _joined(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def _to_stdout(body: bytes, form: Form) -> None:
    if form is Form.XLSX and sys.stdout.isatty():
        raise Failure("a workbook is no text; name a file with --out")
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()
