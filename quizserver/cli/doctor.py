"""`quizserver doctor`: is this machine fit for a show?

Each check is a function that returns findings; a finding is good, a warning, or
bad, with a number where there is one. Exit 1 when one is bad. It changes
nothing but a probe file that it removes, and prints no secret.
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

import typer

from quizserver import premises, shipped
from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, tell
from quizserver.failures import Failure
from quizserver.live.clock import BOOT_ID
from quizserver.live.disk import LEAST_BYTES, LOW_BYTES
from quizserver.settings import Settings, read_settings, table
from quizserver.store.ledger import home, on_postgres
from quizserver.texts.formats import size

Verdict = Literal["good", "warning", "bad"]

SAFE_SQLITE: Final = (3, 51, 3)
"""Older ones can corrupt a log that two connections write and checkpoint."""

_FAULTY_FROM: Final = (3, 7, 0)
_BACKPORTS: Final = ((3, 44, 6), (3, 50, 7))

_LIBRARIES: Final = ("starlette", "uvicorn", "uvloop", "websockets", "msgspec")
_SLOW_FSYNC_MS: Final = 20.0
_UNSYNCHRONIZED: Final = 5
"""TIME_ERROR of adjtimex(2): nothing has set the clock right lately."""

_TIMEX_BYTES: Final = 512
"""More than the kernel's record takes; all zero, it asks and changes nothing."""

_FILES_BESIDE_PHONES: Final = 200
_FEW_PHONES: Final = 1_000
_MARKS: Final = {"good": "ok  ", "warning": "note", "bad": "BAD "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found: a verdict and one sentence."""

    check: str
    verdict: Verdict
    text: str


def command(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Check versions, disk, clock, limits, secret, settings and port."""
    settings = read_settings(data_dir=data_dir)
    findings = [finding for check in CHECKS for finding in check(settings)]
    fit = all(finding.verdict != "bad" for finding in findings)
    lines = [f"{_MARKS[f.verdict]} {f.check}: {f.text}" for f in findings]
    rows = [{"check": f.check, "verdict": f.verdict, "text": f.text} for f in findings]
    tell("\n".join(lines), {"fit": fit, "findings": rows}, as_json=as_json)
    raise typer.Exit(0 if fit else 1)


def check_versions(settings: Settings) -> Iterator[Finding]:
    """Tell what runs here, for a report of a fault."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    text = f"quizserver {shipped.version()}, Python {python}, {libraries}"
    yield Finding(check="versions", verdict="good", text=text)


def check_database(settings: Settings) -> Iterator[Finding]:
    """Look at the database that keeps the ledger: SQLite, unless one is named."""
    if on_postgres(settings.database):
        yield _postgres(settings.database)
    else:
        yield from check_sqlite(settings)


def _postgres(url: str) -> Finding:
    """Look at a PostgreSQL server, and measure a commit: receipts wait for it."""
    from quizserver.store.postgres_ledger import examined

    try:
        seen = examined(url)
    except Failure as failure:
        return Finding(check="postgresql", verdict="bad", text=str(failure))
    slow = seen.median_ms > _SLOW_FSYNC_MS
    cure = "; a receipt waits for it, bring the server nearer" if slow else ""
    found = (
        f"{seen.about.shown} at {seen.target.shown}, a commit takes "
        f"{seen.median_ms:.1f} ms, at worst {seen.worst_ms:.1f} ms{cure}"
    )
    flaw = seen.about.flaw()
    verdict: Verdict = "bad" if flaw else "warning" if slow else "good"
    return Finding(check="postgresql", verdict=verdict, text=flaw or found)


def check_sqlite(settings: Settings) -> Iterator[Finding]:
    """Warn of the write-ahead log's fault in older SQLites."""
    version = sqlite3.sqlite_version
    if _resets_safely(sqlite3.sqlite_version_info):
        yield Finding(check="sqlite", verdict="good", text=version)
        return
    text = (
        f"{version} is one of 3.7.0 to 3.51.2, where a checkpoint beside another "
        "program's write can damage the database; the server keeps to one writer, so "
        "open its database read-only (sqlite3 -readonly), or use 3.51.3 or newer"
    )
    yield Finding(check="sqlite", verdict="warning", text=text)


def _resets_safely(version: tuple[int, ...]) -> bool:
    """Tell whether a version lacks the WAL-reset fault (sqlite.org/wal.html)."""
    if version >= SAFE_SQLITE or version < _FAULTY_FROM:
        return True
    return any(version[:2] == fix[:2] and version >= fix for fix in _BACKPORTS)


def check_folder(settings: Settings) -> Iterator[Finding]:
    """Measure an fsync where answers are kept: receipts wait for it (R3.4)."""
    try:
        premises.prepare_folder(settings.data_dir)
        worst, median = _fsync_ms(_home(settings))
    except (Failure, OSError) as error:
        yield Finding(check="data folder", verdict="bad", text=str(error))
        return
    slow = median > _SLOW_FSYNC_MS
    cure = "; a receipt waits for it, use a faster disk" if slow else ""
    yield Finding(
        check="data folder",
        verdict="warning" if slow else "good",
        text=f"{_home(settings)}, fsync takes {median:.1f} ms, "
        f"at worst {worst:.1f} ms{cure}",
    )


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Look whether there is room for answers: about 1 KB each with its index."""
    folder = _home(settings)
    here = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(here).free
    verdict: Verdict = "good"
    cure = ""
    if free < LEAST_BYTES:
        verdict, cure = "bad", "; no show can be opened, free some space"
    elif free < LOW_BYTES:
        verdict, cure = "warning", "; free some space"
    millions = free / 10**9
    text = f"{size('en', free)} free, room for about {millions:.1f} million answers"
    yield Finding(check="disk", verdict=verdict, text=text + cure)


def _home(settings: Settings) -> Path:
    """Return the folder of the database, where answers are written."""
    return home(settings.database, settings.data_dir).absolute()


def check_clock(settings: Settings) -> Iterator[Finding]:
    """Look at both clocks; ranks use only the monotonic one (R4)."""
    grain_ns = time.get_clock_info("monotonic").resolution * 1e9
    now = datetime.now(UTC)
    believable = now.year >= 2026  # the year of this program
    text = f"{now:%Y-%m-%d %H:%M:%S} UTC, monotonic in steps of {grain_ns:.0f} ns"
    cure = "" if believable else "; set the time, minutes and exports carry it"
    yield Finding(
        check="clock",
        verdict="good" if believable else "bad",
        text=text + cure,
    )
    yield _boot_id()
    yield from _time_service(kernel_clock_state())


def _boot_id() -> Finding:
    """Tell whether a restart can know that the machine was not booted since."""
    if BOOT_ID.exists():
        return Finding(
            check="boot id",
            verdict="good",
            text="known; after a restart an open question keeps its deadline",
        )
    text = (
        "unknown; after a restart an open question's deadline is counted in UTC, so "
        "do not set the clock during a show"
    )
    return Finding(check="boot id", verdict="warning", text=text)


def _time_service(state: int) -> Iterator[Finding]:
    """Tell whether the kernel says that something keeps UTC right; ask no network."""
    if state < 0:
        text = "unknown; this system does not tell whether its clock is kept right"
        yield Finding(check="time service", verdict="good", text=text)
    elif state == _UNSYNCHRONIZED:
        text = (
            "the clock is not kept right; turn a time service on: "
            "timedatectl set-ntp true. Ranks do not depend on it, times in exports do"
        )
        yield Finding(check="time service", verdict="warning", text=text)
    else:
        yield Finding(check="time service", verdict="good", text="keeps the clock")


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
    cure = "; raise it: LimitNOFILE of the service, ulimit -Hn as root" if few else ""
    yield Finding(
        check="open files",
        verdict="warning" if few else "good",
        text=f"{hard} allowed, enough for {phones} phones{cure}",
    )


def check_secret(settings: Settings) -> Iterator[Finding]:
    """Look whether the secret is there and for nobody else to read."""
    if not settings.secret.exists():
        text = f"unset; {settings.secret} is made at the first start"
        yield Finding(check="secret", verdict="good", text=text)
        return
    try:
        premises.read_secret(settings.secret)
    except Failure as failure:
        yield Finding(check="secret", verdict="bad", text=str(failure))
    else:
        yield Finding(check="secret", verdict="good", text="set")


def check_address(settings: Settings) -> Iterator[Finding]:
    """Look whether the port is free; port 0 always finds one."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    place = f"{settings.host} port {settings.port}"
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            text = f"{place} cannot be had ({reason}); does a server run already?"
            yield Finding(check="address", verdict="warning", text=text)
        else:
            yield Finding(check="address", verdict="good", text=f"{place} is free")


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Name the settings that are set, never their values: some are secret."""
    chosen = sorted(settings.model_fields_set)
    names = [row.name for row in table() if row.name[5:].lower() in chosen]
    text = ", ".join(names) or "all as shipped"
    yield Finding(check="settings", verdict="good", text=text)


def check_shipped(settings: Settings) -> Iterator[Finding]:
    """Look whether overlays and sample questions came along."""
    try:
        places = f"{shipped.overlays()}, {shipped.questions()}"
    except Failure as failure:
        yield Finding(check="shipped", verdict="bad", text=str(failure))
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
