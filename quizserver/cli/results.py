"""`quizserver results`: take results out of the data folder, check and recount them.

`export` and the preview of `recount` read the database beside a running server or
after it; all that `export` writes is who took names out, into the log (`errand`).
`recount --apply` is an act of the server too.
`verify` needs no database, only an audit export.
Exit 0: written, or all is right; 1: a plain sentence says why not.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import msgspec
import typer

from quizserver import premises
from quizserver.cli.errand import carry_out
from quizserver.cli.options import DataDir, ShowCodeArgument
from quizserver.cli.output import Json, refuse, speaker, tell
from quizserver.cli.recounted import print_recount
from quizserver.desk.acts import NoteExport, RecountShow
from quizserver.domain.commands import CorrectKey, VoidQuestion
from quizserver.domain.ids import OptionId, QuestionId, ShowCode
from quizserver.domain.rejections import Rejected
from quizserver.failures import Failure, cause_of
from quizserver.reports.audit import audit_of
from quizserver.reports.formats import FORMATS
from quizserver.reports.recount import Change, recount_of
from quizserver.reports.results import NoSuchShow, Reading, results_of
from quizserver.reports.verify import Finding, Found, Unreadable, examine
from quizserver.reports.verify.strict import parsed
from quizserver.reports.wording import in_words
from quizserver.settings import Settings, read_settings
from quizserver.store.archive import open_archive
from quizserver.wire.results import Recount

app = typer.Typer(
    no_args_is_help=True, help="Results of shows: export, verify, recount."
)


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
ResultsFile = Annotated[
    Path | None,
    typer.Option("--results", metavar="FILE", help="Check its results.json too."),
]
Seals = Annotated[
    list[str] | None,
    typer.Option("--seal", metavar="CODE", help="A seal code read off a screen."),
]
Void = Annotated[
    str | None, typer.Option("--void", metavar="QUESTION", help="Make it void.")
]
Correct = Annotated[
    str | None,
    typer.Option("--correct", metavar="QUESTION=OPTION", help="Correct its key: q7=B."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the log.")]
Apply = Annotated[
    bool, typer.Option("--apply", help="Do it, as one act in the show's log.")
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
    if out is None and form is Form.XLSX and sys.stdout.isatty():
        raise Failure("cli.results.no_text")  # before the log is told of a file
    settings = read_settings(data_dir=data_dir)
    show = ShowCode(code.upper())
    body, people = asyncio.run(_exported(settings, show, form))
    if people is not None:
        _note(NoteExport(code=show, form=form.value, people=people), settings)
    if out is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        try:
            out.write_bytes(body)
        except OSError as error:
            raise _refused("not_written", out, error) from None
        told = {"show": show, "format": form.value, "file": str(out)}
        said = speaker()("results.written", show=show, file=str(out))
        tell(said, told | {"bytes": len(body)}, as_json=as_json)


@app.command("verify")
def check(
    file: AuditFile,
    results: ResultsFile = None,
    seal: Seals = None,
    as_json: Json = False,
) -> None:
    """Recompute every time, rank, prize and link of an audit export from it alone."""
    codes = seal or []
    told = _told_results(results) if results else None
    with _opened(file) as lines:
        found = examine(lines, results=told, codes=codes)
    if found.problems:
        wrong = _what_is_wrong(file, found.problems)
        raise typer.Exit(refuse(wrong, as_json=as_json))
    right = speaker()("verify.right", file=str(file))
    told_all = {"file": str(file), "pack_hash": found.pack_hash, **found.counts}
    tell(f"{right}\n{_what_was_checked(found)}", told_all, as_json=as_json)


def _what_was_checked(found: Found) -> str:
    """Return a sentence for each thing that was recomputed, with its count."""
    say, n = speaker(), found.counts
    told: list[tuple[str, dict[str, str | int]]] = [
        ("answers", {"answers": n["answer"]}),
        ("boards", {"boards": n["boards"], "standings": n["standings"]}),
        ("lines", {"lines": n["lines"], "decisions": n["decisions"]}),
        ("chain", {"links": n["batch"], "events": n["event"], "flags": n["flag"]}),
        ("seals", {"seals": n["seal"]}),
        ("questions", {"questions": n["question"], "hash": found.pack_hash}),
    ]
    if n["ranks"]:
        told.append(("ranks", {"ranks": n["ranks"]}))
    if n["codes"]:
        told.append(("codes", {"codes": n["codes"]}))
    return "\n".join(f"- {say(f'verify.{key}', **values)}" for key, values in told)


def _what_is_wrong(file: Path, problems: list[Finding]) -> str:
    """Return the first problems, a sentence each."""
    say, lang = speaker(), read_settings().lang
    told = [say("verify.wrong", file=str(file), count=len(problems))]
    told += [in_words(problem, lang) for problem in problems[:_MOST_TOLD]]
    if len(problems) > _MOST_TOLD:
        told.append(say("verify.more", count=len(problems) - _MOST_TOLD))
    return "\n".join(told)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        with file.open("rb") as lines:
            yield lines
    except OSError as error:
        raise _refused("not_read", file, error) from None


def _refused(key: str, file: Path, error: Exception) -> Failure:
    """Return what could not be done with a file, and why."""
    cause: str | Failure = cause_of(error)
    if isinstance(error, Unreadable):
        cause = in_words(error.why, read_settings().lang)
    return Failure(f"cli.results.{key}", file=str(file), cause=cause)


def _told_results(file: Path) -> dict[str, Any]:
    """Return a results.json. Raises Failure."""
    with _opened(file) as body:
        try:
            told: dict[str, Any] = parsed(body.read())
        except (ValueError, RecursionError) as error:
            raise _refused("no_results", file, error) from None
    return told


@app.command()
def recount(
    code: ShowCodeArgument,
    void: Void = None,
    correct: Correct = None,
    reason: Reason = "",
    apply: Apply = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Preview what voiding a question, or another key, would change; or apply it."""
    show = ShowCode(code.upper())
    question, option = _asked(void, correct)
    if apply and not reason.strip():
        raise Failure("cli.recount.no_reason")
    settings = read_settings(data_dir=data_dir)
    found = asyncio.run(_previewed(settings, show, question, option))
    fields = {"recount": msgspec.to_builtins(found), "applied": apply}
    if not as_json:
        print_recount(found)
    if apply:
        act = RecountShow(
            code=show,
            question=question,
            option=option,
            reason=reason,
            step=found.step,
            ref=secrets.token_hex(8),
        )
        fields |= carry_out(act, data_dir)
    done = speaker()("recount.done" if apply else "recount.nothing")
    tell(done, fields, as_json=as_json)


def _asked(void: str | None, correct: str | None) -> tuple[str, str | None]:
    """Return the question, and the option that is to be its key."""
    if (void is None) == (correct is None):
        raise Failure("cli.recount.which")
    if void is not None:
        return void, None
    question, _, option = (correct or "").partition("=")
    if not question or not option:
        raise Failure("cli.recount.no_option", said=correct or "")
    return question, option.upper()


async def _previewed(
    settings: Settings, show: ShowCode, question: str, option: str | None
) -> Recount:
    id_ = QuestionId(question)
    change: Change = VoidQuestion(question=id_, reason="-")
    if option is not None:
        change = CorrectKey(question=id_, key=OptionId(option), reason="-")
    async with _archive(settings, show) as archive:
        found = await recount_of(archive, show, change)
    if isinstance(found, Rejected):
        raise Failure(f"live.rejected.{found.reason.value}")
    return found


def _note(act: NoteExport, settings: Settings) -> None:
    """Tell the log first: no line, no file (R6.3). Raises Failure."""
    try:
        carry_out(act, settings.data_dir)
    except Failure as failure:
        raise Failure("cli.results.not_noted", why=failure) from None


async def _exported(
    settings: Settings, show: ShowCode, form: Form
) -> tuple[bytes, int | None]:
    """Return the file, and how many people's names are in it; None: in no case any."""
    async with _archive(settings, show) as archive:
        return await _made(archive, show, form)


@asynccontextmanager
async def _archive(settings: Settings, show: ShowCode) -> AsyncIterator[Reading]:
    """Open the database for reading. Raises Failure: it has no such show."""
    secret = partial(premises.read_secret, settings.secret)
    with open_archive(settings.database, secret) as archive:
        try:
            yield archive
        except NoSuchShow:
            codes = ", ".join(row.code for row in await archive.shows())
            raise Failure("desk.no_show", code=show, there=codes) from None


async def _made(
    archive: Reading, show: ShowCode, form: Form
) -> tuple[bytes, int | None]:
    if form is Form.AUDIT:
        return await _joined(audit_of(archive, show)), None
    results = await results_of(archive, show)
    return FORMATS[form](results), len(results.standings)


async def _joined(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])
