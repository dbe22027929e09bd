"""`quizserver doctor`: is this machine fit for a show?

Each check is a function that returns findings; a finding is good, a warning, or
bad, with a number where there is one. Exit 1 when one is bad. It changes
nothing but a probe file that it removes, and prints no secret. Its sentences are in
`texts/doctor`, `doctor.<check>.…`.
"""

import ctypes
import os
import resource
import shutil
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final, Literal, get_args

import typer

from quizserver import premises, shipped
from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, tell
from quizserver.failures import Failure, cause_of
from quizserver.live.clock import BOOT_ID
from quizserver.live.disk import LEAST_BYTES, LOW_BYTES
from quizserver.settings import Settings, read_settings, table
from quizserver.store.ledger import home, on_postgres
from quizserver.texts.catalogue import text
from quizserver.texts.formats import decimal, integer, size

Verdict = Literal["good", "warning", "bad"]

SAFE_SQLITE: Final = (3, 51, 3)
"""Older ones can corrupt a log that two connections write and checkpoint."""

_FAULTY_FROM: Final = (3, 7, 0)
_BACKPORTS: Final = ((3, 44, 6), (3, 50, 7))

_LIBRARIES: Final = ("starlette", "uvicorn", "uvloop", "websockets", "msgspec")
_SLOW_FSYNC_MS: Final = 20.0
_UNSYNCHRONIZED: Final = 5
"""TIME_ERROR of adjtimex(2): nothing has set the clock right lately."""

_TOLD_BY_KERNEL: Final[Mapping[int, tuple[str, Verdict]]] = {
    -1: ("unknown", "good"),
    _UNSYNCHRONIZED: ("none", "warning"),
}

_TIMEX_BYTES: Final = 512
"""More than the kernel's record takes; all zero, it asks and changes nothing."""

_FILES_BESIDE_PHONES: Final = 200
_FEW_PHONES: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found: a verdict and one sentence in the setting's language."""

    check: str
    verdict: Verdict
    text: str


def command(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Check versions, disk, clock, limits, secret, settings and port."""
    settings = read_settings(data_dir=data_dir)
    findings = [finding for check in CHECKS for finding in check(settings)]
    fit = all(finding.verdict != "bad" for finding in findings)
    lines = [_line(settings.lang, finding) for finding in findings]
    rows = [{"check": f.check, "verdict": f.verdict, "text": f.text} for f in findings]
    tell("\n".join(lines), {"fit": fit, "findings": rows}, as_json=as_json)
    raise typer.Exit(0 if fit else 1)


def _line(lang: str, finding: Finding) -> str:
    """Return a finding as people read it: verdict, what was looked at, sentence."""
    marks = {one: text(lang, f"doctor.{one}") for one in get_args(Verdict)}
    mark = marks[finding.verdict].ljust(max(map(len, marks.values())))
    return f"{mark} {text(lang, f'doctor.{finding.check}')}: {finding.text}"


def check_versions(settings: Settings) -> Iterator[Finding]:
    """Tell what runs here, for a report of a fault."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    found = f"quizserver {shipped.version()}, Python {python}, {libraries}"
    yield Finding(check="versions", verdict="good", text=found)


def check_database(settings: Settings) -> Iterator[Finding]:
    """Look at the database that keeps the ledger: SQLite, unless one is named."""
    if on_postgres(settings.database):
        yield _postgres(settings.database, settings.lang)
    else:
        yield from check_sqlite(settings)


def _postgres(url: str, lang: str) -> Finding:
    """Look at a PostgreSQL server, and measure a commit: receipts wait for it."""
    from quizserver.store.postgres_ledger import examined

    try:
        seen = examined(url)
    except Failure as failure:
        found = failure.in_words(lang)
        return Finding(check="postgresql", verdict="bad", text=found)
    flaw = seen.about.flaw()
    if flaw is not None:
        return Finding(check="postgresql", verdict="bad", text=flaw.in_words(lang))
    slow = seen.median_ms > _SLOW_FSYNC_MS
    found = text(
        lang,
        f"doctor.postgresql.{'slow' if slow else 'fast'}",
        version=seen.about.shown,
        database=seen.target.shown,
        median=decimal(lang, seen.median_ms, 1),
        worst=decimal(lang, seen.worst_ms, 1),
    )
    verdict: Verdict = "warning" if slow else "good"
    return Finding(check="postgresql", verdict=verdict, text=found)


def check_sqlite(settings: Settings) -> Iterator[Finding]:
    """Warn of the write-ahead log's fault in older SQLites."""
    version = sqlite3.sqlite_version
    if _resets_safely(sqlite3.sqlite_version_info):
        yield Finding(check="sqlite", verdict="good", text=version)
        return
    found = text(settings.lang, "doctor.sqlite.faulty", version=version)
    yield Finding(check="sqlite", verdict="warning", text=found)


def _resets_safely(version: tuple[int, ...]) -> bool:
    """Tell whether a version lacks the WAL-reset fault (sqlite.org/wal.html)."""
    if version >= SAFE_SQLITE or version < _FAULTY_FROM:
        return True
    return any(version[:2] == fix[:2] and version >= fix for fix in _BACKPORTS)


def check_folder(settings: Settings) -> Iterator[Finding]:
    """Measure an fsync where answers are kept: receipts wait for it (R3.4)."""
    lang, folder = settings.lang, _home(settings)
    try:
        premises.prepare_folder(settings.data_dir)
        worst, median = _fsync_ms(folder)
    except Failure as failure:
        yield Finding(check="data_folder", verdict="bad", text=failure.in_words(lang))
        return
    except OSError as error:
        unwritable = Failure(
            "failure.folder_unwritable", folder=str(folder), cause=cause_of(error)
        )
        found = unwritable.in_words(lang)
        yield Finding(check="data_folder", verdict="bad", text=found)
        return
    slow = median > _SLOW_FSYNC_MS
    found = text(
        lang,
        f"doctor.data_folder.{'slow' if slow else 'fast'}",
        folder=str(folder),
        median=decimal(lang, median, 1),
        worst=decimal(lang, worst, 1),
    )
    verdict: Verdict = "warning" if slow else "good"
    yield Finding(check="data_folder", verdict=verdict, text=found)


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Look whether there is room for answers: about 1 KB each with its index."""
    folder = _home(settings)
    here = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(here).free
    verdict: Verdict = "good"
    if free < LEAST_BYTES:
        verdict = "bad"
    elif free < LOW_BYTES:
        verdict = "warning"
    lang = settings.lang
    millions = decimal(lang, free / 10**9, 1)
    key = f"doctor.disk.{verdict}"
    found = text(lang, key, free=size(lang, free), millions=millions)
    yield Finding(check="disk", verdict=verdict, text=found)


def _home(settings: Settings) -> Path:
    """Return the folder of the database, where answers are written."""
    return home(settings.database, settings.data_dir).absolute()


def check_clock(settings: Settings) -> Iterator[Finding]:
    """Look at both clocks; ranks use only the monotonic one (R4)."""
    grain_ns = time.get_clock_info("monotonic").resolution * 1e9
    now = datetime.now(UTC)
    believable = now.year >= 2026  # the year of this program
    found = text(
        settings.lang,
        f"doctor.clock.{'believable' if believable else 'wrong'}",
        time=f"{now:%H:%M:%S}",
        day=f"{now:%d/%m/%Y}" if settings.lang == "vi" else f"{now:%Y-%m-%d}",
        grain=round(grain_ns),
    )
    verdict: Verdict = "good" if believable else "bad"
    yield Finding(check="clock", verdict=verdict, text=found)
    yield _boot_id(settings.lang)
    yield _time_service(kernel_clock_state(), settings.lang)


def _boot_id(lang: str) -> Finding:
    """Tell whether a restart can know that the machine was not booted since."""
    known = BOOT_ID.exists()
    found = text(lang, f"doctor.boot_id.{'known' if known else 'unknown'}")
    verdict: Verdict = "good" if known else "warning"
    return Finding(check="boot_id", verdict=verdict, text=found)


def _time_service(state: int, lang: str) -> Finding:
    """Tell whether the kernel says that something keeps UTC right; ask no network."""
    key, verdict = _TOLD_BY_KERNEL.get(state, ("keeps", "good"))
    found = text(lang, f"doctor.time_service.{key}")
    return Finding(check="time_service", verdict=verdict, text=found)


def kernel_clock_state() -> int:
    """Return adjtimex(2)'s clock state without changing it; -1 where there is none."""
    try:
        adjust = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return -1
    return int(adjust(ctypes.create_string_buffer(_TIMEX_BYTES)))


def check_limits(settings: Settings) -> Iterator[Finding]:
    """Tell how many phones the limit of open files allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)  # serve raises the soft one
    phones = max(0, hard - _FILES_BESIDE_PHONES)
    few = phones < _FEW_PHONES
    found = text(
        settings.lang,
        f"doctor.open_files.{'few' if few else 'enough'}",
        allowed=integer(settings.lang, hard),
        phones=integer(settings.lang, phones),
    )
    verdict: Verdict = "warning" if few else "good"
    yield Finding(check="open_files", verdict=verdict, text=found)


def check_secret(settings: Settings) -> Iterator[Finding]:
    """Look whether the secret is there and for nobody else to read."""
    lang = settings.lang
    if not settings.secret.exists():
        found = text(lang, "doctor.secret.unset", file=str(settings.secret))
        yield Finding(check="secret", verdict="good", text=found)
        return
    try:
        premises.read_secret(settings.secret)
    except Failure as failure:
        yield Finding(check="secret", verdict="bad", text=failure.in_words(lang))
    else:
        found = text(lang, "doctor.secret.set")
        yield Finding(check="secret", verdict="good", text=found)


def check_address(settings: Settings) -> Iterator[Finding]:
    """Look whether the port is free; port 0 always finds one."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    lang, values = settings.lang, {"host": settings.host, "port": str(settings.port)}
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            taken = Failure("doctor.address.taken", **values, cause=cause_of(error))
            found = taken.in_words(lang)
            yield Finding(check="address", verdict="warning", text=found)
        else:
            found = text(lang, "doctor.address.free", **values)
            yield Finding(check="address", verdict="good", text=found)


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Name the settings that are set, never their values: some are secret."""
    chosen = sorted(settings.model_fields_set)
    names = [row.name for row in table() if row.name[5:].lower() in chosen]
    found = ", ".join(names) or text(settings.lang, "doctor.settings.none")
    yield Finding(check="settings", verdict="good", text=found)


def check_shipped(settings: Settings) -> Iterator[Finding]:
    """Look whether overlays and sample questions came along."""
    try:
        places = f"{shipped.overlays()}, {shipped.questions()}"
    except Failure as failure:
        found = failure.in_words(settings.lang)
        yield Finding(check="shipped", verdict="bad", text=found)
    else:
        yield Finding(check="shipped", verdict="good", text=places)


CHECKS: Final[tuple[Callable[[Settings], Iterator[Finding]], ...]] = (
    check_versions,
    check_settings,
    check_shipped,
    check_folder,
    check_disk,
    check_database,
    check_secret,
    check_clock,
    check_limits,
    check_address,
)


def _fsync_ms(folder: Path) -> tuple[float, float]:
    """Return the worst and the median time of 20 small durable writes."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(20):
            begun = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - begun) * 1000)
    return max(times), statistics.median(times)
