"""`quizserver loadtest`: how many phones does a server carry, and how well?

Phones by the thousand, in C where there is a compiler, speak the public wire to a
server that runs; without a URL to a server that is started for it on temporary data.
The figures come from the phones, and from /proc where the server is on this machine.
Exit 1 when an answer was lost, refused or not stored.
"""

import asyncio
import json
import signal
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
import typer
import uvloop

from quizserver.cli.loadtable import Bar, table
from quizserver.cli.options import DataDir
from quizserver.cli.output import refuse
from quizserver.cli.throwaway import Place, throwaway
from quizserver.desk.acts import AddToken
from quizserver.desk.line import ask
from quizserver.failures import Failure, cause_of
from quizserver.live.access import Role
from quizserver.rehearsal.compiled import NoProgram, cache_folder, program
from quizserver.rehearsal.few import MOST, few
from quizserver.rehearsal.figures import Report
from quizserver.rehearsal.swarm import Plan, swarm
from quizserver.rehearsal.trial import Phones, Trial
from quizserver.settings import read_settings
from quizserver.texts.catalogue import text

Url = Annotated[
    str,
    typer.Argument(
        metavar="URL", help="A server that runs; unset: one is started for it."
    ),
]
Json = Annotated[
    Path | None,
    typer.Option(
        "--json", metavar="FILE", help="Write all figures; - is standard output."
    ),
]


def command(
    url: Url = "",
    phones: Annotated[
        int, typer.Option(min=1, max=60_000, help="Simulated phones.")
    ] = 1_000,
    questions: Annotated[
        int, typer.Option(min=1, help="Questions to play, at most as the show has.")
    ] = 10,
    duration: Annotated[
        float | None,
        typer.Option(
            min=5, max=120, help="Seconds to answer, 5 if unset; only without a URL."
        ),
    ] = None,
    answer_within: Annotated[
        float | None,
        typer.Option(
            min=0.1, help="Everybody answers within so many seconds; unset: as people."
        ),
    ] = None,
    show: Annotated[
        str, typer.Option("--show", metavar="CODE", help="Its show to play.")
    ] = "",
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="File with a host's token for it; unset: from the server of the "
            "data folder, and without one somebody in the panel plays."
        ),
    ] = None,
    data_dir: DataDir = None,
    json_file: Json = None,
) -> None:
    """Measure a server with simulated phones that speak only the public wire."""
    within_ms = int((answer_within or 0) * 1000)
    # SIGTERM ends as Ctrl-C does: nothing that was started here is left running.
    # A shell's background job ignores SIGINT, so that is set anew too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if url:
            if duration is not None:
                said = text(read_settings().lang, "load.refused.own_duration")
                raise typer.BadParameter(said)
            place = _named(url, show, token_file, data_dir)
            report = runner.run(_measured(place, phones, questions, within_ms))
        else:
            report = runner.run(_by_itself(phones, questions, duration or 5, within_ms))
    if json_file is not None and str(json_file) == "-":
        _print(report)
        raise typer.Exit(1 if report.problems else 0)
    if json_file is not None:
        _write(report, json_file)
    table(read_settings().lang, report)
    if report.problems:
        raise typer.Exit(refuse("\n".join(_problems(report)), as_json=False))


def _named(url: str, show: str, token_file: Path | None, folder: Path | None) -> Place:
    """Return the place that the options name. Raises Failure."""
    parts = urlsplit(url if "//" in url else f"http://{url}")
    code = (show or parts.path.strip("/")).upper()
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Failure("load.refused.no_address", url=url)
    if not code:
        raise Failure("load.refused.which_show", url=url)
    address = f"{parts.scheme}://{parts.netloc}"
    if token_file is not None:
        return Place(address=address, show=code, token=_read_token(token_file))
    settings = read_settings(data_dir=folder)
    act = AddToken(role=Role.OWNER, show=code, label="loadtest", days=1)
    told = ask(settings.data_dir, act) if _is_here(parts.hostname) else None
    return Place(address=address, show=code, token=str(told["token"]) if told else "")


def _is_here(host: str) -> bool:
    return host in {"127.0.0.1", "localhost", "::1"}


def _read_token(file: Path) -> str:
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise Failure(
            "failure.unreadable", file=str(file), cause=cause_of(error)
        ) from None
    if not token or token.split() != [token]:
        raise Failure("load.refused.no_token", file=str(file))
    return token


async def _by_itself(
    phones: int, questions: int, duration_s: float, within_ms: int
) -> Report:
    async with throwaway(int(duration_s * 1000), phones) as place:
        return await _measured(place, phones, questions, within_ms)


async def _measured(
    place: Place, phones: int, questions: int, within_ms: int
) -> Report:
    plan = Plan(
        address=place.address, show=place.show, phones=phones, within_ms=within_ms
    )
    made_by, crowd = _phones(plan)
    trial = Trial(plan, token=place.token, questions=questions, made_by=made_by)
    await trial.check()
    if not place.token:
        _note("no_token", show=place.show)
    async with crowd as connected:
        with Bar(read_settings().lang, phones) as bar:
            connected.on_progress = bar.moved
            return await trial.run(connected)


def _phones(plan: Plan) -> tuple[str, AbstractAsyncContextManager[Phones]]:
    """Return who plays: the phones in C, or the few in Python. Raises Failure."""
    try:
        if urlsplit(plan.address).scheme == "https":
            raise NoProgram("load.refused.no_tls")
        return "compiled", swarm(program(cache_folder()), plan)
    except NoProgram as missing:
        if plan.phones > MOST:
            raise Failure("load.refused.too_many", cause=missing, most=MOST) from None
        reason = missing.in_words(read_settings().lang)
        _note("in_python", reason=reason, most=MOST)
        return "python", few(plan)


def _note(key: str, **values: str | int) -> None:
    typer.echo(text(read_settings().lang, f"load.note.{key}", **values), err=True)


def _print(report: Report) -> None:
    """Print one object for scripts, as every command does with `--json`."""
    errors = [{"message": problem} for problem in _problems(report)]
    told = {"ok": not errors, "errors": errors, "report": msgspec.to_builtins(report)}
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _write(report: Report, file: Path) -> None:
    """Write the figures. Raises Failure."""
    try:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    except OSError as error:
        raise Failure(
            "failure.unwritable", file=str(file), cause=cause_of(error)
        ) from None


def _problems(report: Report) -> list[str]:
    """Return a sentence for each thing that is not as it must be."""
    lang, answers = read_settings().lang, report.answers
    values: dict[str, str | int] = {
        "lost": answers.lost,
        "refused": answers.refused,
        "stored": report.stored or 0,
        "receipts": answers.accepted + answers.late,
        "gone": report.gone,
        "errors": ", ".join(f"{code} {n}" for code, n in report.errors.items()),
    }
    return [text(lang, f"load.problem.{code}", **values) for code in report.problems]
