"""How a load test is shown: a bar while it runs, a table of figures at its end."""

from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from quizserver.rehearsal.figures import FanOut, Machine, Report, Spread
from quizserver.rehearsal.figures import Progress as Moved
from quizserver.texts.catalogue import text
from quizserver.texts.formats import decimal, integer

_CUES: Final = ("roll", "open", "revealed", "standings")
"""The fan-outs in the table; all are in the JSON."""

_KIB_PER_MIB: Final = 1024


class Bar:
    """A progress bar on standard error; silent where that is no terminal."""

    def __init__(self, lang: str, phones: int) -> None:
        self._lang = lang
        self._phones = phones
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[said]}"),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task: TaskID = self._progress.add_task("", total=phones, said="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def moved(self, progress: Moved) -> None:
        """Show how far the phones are."""
        done = progress.joined if progress.stage == "joining" else progress.here
        values = {
            "phones": integer(self._lang, self._phones),
            "done": integer(self._lang, done),
            "taps": integer(self._lang, progress.taps),
            "receipts": integer(self._lang, progress.receipts),
        }
        self._progress.update(
            self._task,
            completed=done,
            description=text(self._lang, f"load.stage.{progress.stage}"),
            said=text(self._lang, f"load.said.{progress.stage}", **values),
        )


def table(lang: str, report: Report) -> None:
    """Print the figures."""
    shown = Table(text(lang, "load.col.what"), text(lang, "load.col.figure"))
    shown.columns[1].justify = "right"
    for name, figure in _rows(lang, report):
        shown.add_row(text(lang, f"load.row.{name}"), figure)
    Console().print(shown)


def _rows(lang: str, report: Report) -> Iterator[tuple[str, str]]:
    yield "phones", integer(lang, report.phones)
    yield "joins", _per_s(lang, report.joins_per_s)
    if report.join.count:
        yield "join", _spread(lang, report.join)
    yield "connects", _per_s(lang, report.connects_per_s)
    yield "connect", _spread(lang, report.connect)
    for fan_out in report.fan_outs:
        if fan_out.cue in _CUES:
            yield fan_out.cue, _fan_out(lang, fan_out)
    if report.reveal_to_own.count:
        yield "own", _ms(lang, report.reveal_to_own.max_ms)
    yield from _answers(lang, report)
    yield from _faults(lang, report)
    if report.machine is not None:
        yield from _machine(lang, report.machine)
    yield "own_cpu", text(lang, "load.figure.s", s=_one(lang, report.phones_cpu_s))


def _answers(lang: str, report: Report) -> Iterator[tuple[str, str]]:
    answers = report.answers
    yield "receipt", _spread(lang, answers.receipt)
    yield "taps", integer(lang, answers.taps)
    yield "missed", integer(lang, answers.missed)
    yield "receipts", integer(lang, answers.receipts)
    if report.stored is not None:
        yield "stored", integer(lang, report.stored)
    yield "lost", integer(lang, answers.lost)
    yield "late", integer(lang, answers.late)
    yield "refused", integer(lang, answers.refused)


def _faults(lang: str, report: Report) -> Iterator[tuple[str, str]]:
    yield "errors", integer(lang, sum(report.errors.values()))
    yield "reconnects", integer(lang, report.reconnects)
    for outage in report.outages:
        values = {
            "lost": integer(lang, outage.lost),
            "p95": _one(lang, outage.back.p95_ms / 1000),
            "max": _one(lang, outage.over_ms / 1000),
        }
        yield "outage", text(lang, "load.figure.outage", **values)


def _machine(lang: str, machine: Machine) -> Iterator[tuple[str, str]]:
    yield (
        "memory",
        text(
            lang,
            "load.figure.memory",
            before=integer(lang, machine.before_kib // _KIB_PER_MIB),
            joined=integer(lang, machine.joined_kib // _KIB_PER_MIB),
            peak=integer(lang, machine.peak_kib // _KIB_PER_MIB),
        ),
    )
    each = _one(lang, machine.per_phone_kib)
    yield "per_phone", text(lang, "load.figure.kib", kib=each)
    yield "cpu", text(lang, "load.figure.s", s=_one(lang, machine.cpu_s))


def _one(lang: str, value: float) -> str:
    return decimal(lang, value, 1)


def _per_s(lang: str, value: float) -> str:
    return text(lang, "load.figure.per_s", count=integer(lang, round(value)))


def _ms(lang: str, value: float) -> str:
    return text(lang, "load.figure.ms", ms=_one(lang, value))


def _spread(lang: str, found: Spread) -> str:
    return text(
        lang,
        "load.figure.spread",
        p50=_one(lang, found.p50_ms),
        p99=_one(lang, found.p99_ms),
        max=_one(lang, found.max_ms),
    )


def _fan_out(lang: str, found: FanOut) -> str:
    key = "fan_out" if found.stamp_to_last_ms is None else "fan_out_stamp"
    return text(
        lang,
        f"load.figure.{key}",
        span=_one(lang, found.first_to_last_ms),
        worst=_one(lang, found.worst_ms),
        stamp=_one(lang, found.stamp_to_last_ms or 0),
    )
